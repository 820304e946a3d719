"""The files that a repository of models offers, and which of them is meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from bot.domain.errors import ConfigInvalid
from bot.domain.sentence import say
from bot.llm.files import PART


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A file of a repository.

    Attributes:
        name: With folders, as the hub knows it.
        sha256: Hexadecimal; empty where the hub does not say.
    """

    name: str
    size: int
    sha256: str


def choose(offers: Sequence[Offer], choice: str, *, repository: str) -> list[Offer]:
    """Return the files of the model that is meant, all its parts in order.

    Args:
        choice: A file name, or a quantisation such as `q4_k_m`; empty where only one model is offered.

    Raises:
        ConfigInvalid: None or several fit; the sentence lists them.
    """
    models: dict[str, list[Offer]] = {}
    for offer in sorted(offers, key=lambda offer: offer.name):
        if "mmproj" not in offer.name.lower():  # the eyes of a model, no model
            models.setdefault(PART.sub(".gguf", offer.name), []).append(offer)
    fitting = [name for name in models if _fits(name, choice)]
    if len(fitting) == 1:
        files = models[fitting[0]]
        # Some repositories have a model both whole and in parts.
        return [file for file in files if file.name == fitting[0]] or files
    if not models:
        raise ConfigInvalid(
            say(
                "{repository} holds no GGUF file; look for a repository whose name ends in -GGUF.",
                repository=repository,
            )
        )
    raise ConfigInvalid(
        say(
            "{repository} holds several models; write {repository}:NAME with a part of one of these names: {names}.",
            repository=repository,
            names=", ".join(PurePosixPath(name).name for name in fitting or models),
        )
    )


def _fits(name: str, choice: str) -> bool:
    """Tell whether *choice* is the file's name or its end: `Q4_K` is not `Q4_K_M`."""
    file, wanted = PurePosixPath(name).name.lower(), choice.lower()
    ends = (f"{separator}{wanted}.gguf" for separator in ".-_")
    return not wanted or file == wanted or any(file.endswith(end) for end in ends)

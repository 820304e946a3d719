"""Models from a hub, such as Hugging Face's, into a folder of this machine.

`HF_ENDPOINT` names another hub and `HF_TOKEN` lets gated models in, as with every tool for that hub. The hub's own
client throws a half finished file away when it is interrupted, so the files are kept here and only its parts used.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.domain.errors import BotError, ConfigInvalid, PermanentError, TransientError
from bot.domain.sentence import say
from bot.llm.shelf import Offer, choose

if TYPE_CHECKING:
    from huggingface_hub.hf_api import RepoSibling

HUB = "https://huggingface.co"

_SLICE = 4 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to fetch.

    Attributes:
        repository: Such as `bartowski/SmolLM2-135M-Instruct-GGUF`.
        choice: A quantisation such as `Q4_K_M`, or a file name; empty where the repository has only one.
    """

    repository: str
    choice: str = ""


def parse_wanted(text: str) -> Wanted:
    """Read `owner/repository` or `owner/repository:Q4_K_M`.

    Raises:
        ConfigInvalid: It is neither.
    """
    repository, _, choice = text.removeprefix(f"{HUB}/").partition(":")
    owner, _, name = repository.partition("/")
    if not owner or not name or "/" in name:
        raise ConfigInvalid(
            say("{text} is no repository of a model hub; write owner/repository or owner/repository:Q4_K_M.", text=text)
        )
    return Wanted(repository=repository, choice=choice)


def pull(wanted: Wanted, folder: Path) -> Path:
    """Fetch a model and return its file, the first one where it has several parts.

    What is there already is not fetched again, an interrupted download goes on where it stopped, and every file is
    checked against the hub's checksum. Shows a bar on standard error.

    Raises:
        ConfigInvalid: The hub has no such model, or it has several and none was chosen.
        TransientError: The hub does not answer.
        PermanentError: The hub refuses, the disk is full, or what arrived is damaged.
    """
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    target = folder / wanted.repository
    with _translated(wanted):
        parts = choose(_offers(wanted), wanted.choice, repository=wanted.repository)
        target.mkdir(parents=True, exist_ok=True)
        _check_room(parts, target)
        files = [_fetch(wanted, part, target) for part in parts]
        return files[0]


def _offers(wanted: Wanted) -> list[Offer]:
    from huggingface_hub import HfApi

    info = HfApi(endpoint=_endpoint()).model_info(wanted.repository, files_metadata=True, timeout=20)
    return [_offer(file) for file in info.siblings or () if file.rfilename.endswith(".gguf")]


def _offer(file: RepoSibling) -> Offer:
    checksum = file.lfs.sha256 if file.lfs else ""
    return Offer(name=file.rfilename, size=file.size or 0, sha256=checksum)


def _fetch(wanted: Wanted, offer: Offer, folder: Path) -> Path:
    file = folder / Path(offer.name).name
    if file.is_file() and file.stat().st_size == offer.size:
        return file
    partial = file.with_name(f"{file.name}.part")
    _download(wanted, offer, partial)
    _check(offer, partial)
    return partial.replace(file)


def _download(wanted: Wanted, offer: Offer, partial: Path) -> None:
    from huggingface_hub import hf_hub_url
    from huggingface_hub.file_download import http_get
    from huggingface_hub.utils._headers import build_hf_headers

    headers = {**build_hf_headers(library_name="parley"), "Accept-Encoding": "identity"}
    with partial.open("ab") as file:
        if file.tell() > offer.size:
            file.truncate(0)
        http_get(
            hf_hub_url(wanted.repository, offer.name, endpoint=_endpoint()),
            file,
            resume_size=file.tell(),
            headers=headers,
            expected_size=offer.size,
            displayed_filename=Path(offer.name).name,
        )


def _check(offer: Offer, partial: Path) -> None:
    digest = hashlib.sha256()
    with partial.open("rb") as file:
        while piece := file.read(_SLICE):
            digest.update(piece)
    if offer.sha256 and digest.hexdigest() != offer.sha256:
        partial.unlink()
        raise PermanentError(
            say("{file} arrived damaged: its checksum is not the hub's. Fetch it again.", file=offer.name)
        )


def _check_room(parts: Sequence[Offer], folder: Path) -> None:
    need = sum(part.size for part in parts) - sum(file.stat().st_size for file in folder.iterdir() if file.is_file())
    free = shutil.disk_usage(folder).free
    if need > free:
        raise _disk_full(folder, need - free)


def _disk_full(folder: Path, lacking: int) -> PermanentError:
    return PermanentError(
        say(
            "The disk of {folder} has no room for the model: {lacking} MiB are missing.",
            folder=str(folder),
            lacking=max(1, lacking // 2**20),
        )
    )


def _endpoint() -> str:
    return os.environ.get("HF_ENDPOINT", HUB).rstrip("/")


@contextmanager
def _translated(wanted: Wanted) -> Iterator[None]:
    """Turn what the hub's client raises into sentences."""
    from huggingface_hub import errors

    # The base of the client's own HTTP library, whichever it uses: connections fail with its exceptions.
    http_error: type[BaseException] = errors.HfHubHTTPError.__bases__[0]
    try:
        yield
    except BotError:
        raise
    except errors.HFValidationError as error:
        raise ConfigInvalid(
            say("{repository} is no name of a repository on the hub.", repository=wanted.repository)
        ) from error
    except errors.GatedRepoError as error:
        raise PermanentError(
            say(
                "{repository} asks for consent: accept its terms at {url} and set HF_TOKEN to a token of your account.",
                repository=wanted.repository,
                url=f"{_endpoint()}/{wanted.repository}",
            )
        ) from error
    except (errors.RepositoryNotFoundError, errors.EntryNotFoundError) as error:
        raise ConfigInvalid(
            say(
                "The hub has no repository {repository}, or it is private; check the name, or set HF_TOKEN.",
                repository=wanted.repository,
            )
        ) from error
    except errors.HfHubHTTPError as error:
        raise TransientError(
            say(
                "The hub at {url} answers with an error ({status}); try again later.",
                url=_endpoint(),
                status=error.response.status_code,
            )
        ) from error
    except (http_error, errors.OfflineModeIsEnabled) as error:
        raise TransientError(
            say(
                "The hub at {url} cannot be reached ({reason}); check the network and run the command again:"
                " it goes on where it stopped.",
                url=_endpoint(),
                reason=str(error) or type(error).__name__,
            )
        ) from error
    except OSError as error:
        raise PermanentError(
            say("The model cannot be stored ({reason}); check the folder and the disk.", reason=str(error))
        ) from error

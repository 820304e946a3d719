"""What a GGUF file says of itself, read without loading it.

The layout is <https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>. Long lists, such as the vocabulary, are
passed over.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

Value: TypeAlias = "str | int | float | bool | tuple[int | float | bool, ...]"

MAGIC = b"GGUF"
VERSIONS = (2, 3)

_NUMBERS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9
_LONG = 4096


class NotGguf(Exception):
    """The file begins with something else."""


class CutOff(Exception):
    """The file ends, or stops making sense, before its description does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The description at the beginning of a model file.

    Attributes:
        values: Keys such as `general.architecture`.
    """

    values: Mapping[str, Value]

    @property
    def architecture(self) -> str:
        """Return the kind of model, which is also how the keys of its sizes begin."""
        return self.text("general.architecture")

    def text(self, key: str) -> str:
        """Return a string, empty where there is none."""
        value = self.values.get(key)
        return value if isinstance(value, str) else ""

    def number(self, key: str, default: int = 0) -> int:
        """Return a whole number; a `.` in front stands for the architecture."""
        value = self.values.get(self._full(key))
        return int(value) if isinstance(value, int | float) else default

    def numbers(self, key: str, count: int) -> tuple[int, ...]:
        """Return one number for each of *count* layers, where the file may have one for all of them."""
        value = self.values.get(self._full(key))
        return tuple(int(n) for n in value) if isinstance(value, tuple) else (self.number(key),) * count

    def _full(self, key: str) -> str:
        return f"{self.architecture}{key}" if key.startswith(".") else key


def read_header(path: Path) -> Header:
    """Read the description of a model file.

    Raises:
        NotGguf: It is another kind of file, or of a version nobody writes.
        CutOff: It is incomplete or damaged.
        OSError: It cannot be read.
    """
    with path.open("rb") as file:
        start = file.read(8)
        if start[:4] != MAGIC:
            raise NotGguf
        if len(start) < 8:
            raise CutOff
        if struct.unpack("<I", start[4:])[0] not in VERSIONS:
            raise NotGguf
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return Header(values=_Reader(content).values())


class _Reader:
    """A place in the file that moves forward."""

    def __init__(self, content: mmap.mmap) -> None:
        self._content = content
        self._at = 8

    def values(self) -> dict[str, Value]:
        try:
            self._number("Q")  # how many tensors
            return dict(self._entry() for _ in range(self._number("Q")))
        except (struct.error, UnicodeDecodeError, KeyError, OverflowError) as error:
            raise CutOff from error

    def _entry(self) -> tuple[str, Value]:
        return self._string(), self._value(self._number("I"))

    def _value(self, kind: int) -> Value:
        if kind == _STRING:
            return self._string()
        if kind == _ARRAY:
            return self._array(self._number("I"), self._number("Q"))
        return self._number(_NUMBERS[kind])

    def _array(self, kind: int, count: int) -> Value:
        if kind == _STRING:
            for _ in range(count):
                self._skip(self._number("Q"))
            return ()
        if count > _LONG:
            self._skip(count * struct.calcsize(_NUMBERS[kind]))
            return ()
        return tuple(self._number(_NUMBERS[kind]) for _ in range(count))

    def _number(self, code: str) -> int:
        (value,) = struct.unpack_from(f"<{code}", self._content, self._at)
        self._at += struct.calcsize(code)
        number: int = value
        return number

    def _string(self) -> str:
        begin = self._at + 8
        self._skip(self._number("Q"))
        return self._content[begin : self._at].decode("utf-8")

    def _skip(self, size: int) -> None:
        self._at += size
        if self._at > len(self._content):
            raise CutOff

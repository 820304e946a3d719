"""Writes small GGUF headers, whole and broken."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from pathlib import Path


def write_header(path: Path, values: Mapping[str, object], *, version: int = 3, tensors: int = 0) -> Path:
    body = b"".join(_string(key) + _value(value) for key, value in values.items())
    path.write_bytes(b"GGUF" + struct.pack("<IQQ", version, tensors, len(values)) + body)
    return path


def _string(text: str) -> bytes:
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def _value(value: object) -> bytes:
    match value:
        case str():
            return struct.pack("<I", 8) + _string(value)
        case int():
            return struct.pack("<Ii", 5, value)
        case float():
            return struct.pack("<If", 6, value)
        case list() if isinstance(value[0], str):
            return struct.pack("<IIQ", 9, 8, len(value)) + b"".join(_string(str(item)) for item in value)
        case list():
            return struct.pack("<IIQ", 9, 5, len(value)) + struct.pack(f"<{len(value)}i", *value)
        case _:
            raise TypeError(value)

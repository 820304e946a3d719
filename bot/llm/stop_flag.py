"""A flag that Python sets and native code reads without Python."""

from __future__ import annotations

import ctypes
import sys


class StopFlag:
    """Tells a native call that runs on another thread to give up.

    llama.cpp asks its abort callback before each of the hundreds of operations of a token. A callback in Python
    would wait for the interpreter lock each time, up to 5 ms while the event loop computes, and would kill the
    process when it comes while the interpreter ends. So C's `strlen` is the callback and a string the flag: its
    length, 1 or 0, arrives where the caller looks for a `bool`, in the low byte of the result.
    """

    def __init__(self) -> None:
        self._text = ctypes.create_string_buffer(2)

    def set(self) -> None:
        """Ask for the end."""
        self._text[0] = b"x"

    def clear(self) -> None:
        """Take the request back."""
        self._text[0] = b"\0"

    def is_set(self) -> bool:
        """Tell whether the end was asked for."""
        return bool(self._text.value)

    @property
    def address(self) -> int:
        """Return where native code finds the flag: the data of its callback."""
        return ctypes.addressof(self._text)

    @staticmethod
    def reader() -> int:
        """Return the address of the native function that reads a flag."""
        c = ctypes.CDLL("msvcrt" if sys.platform == "win32" else None)
        return ctypes.cast(c.strlen, ctypes.c_void_p).value or 0

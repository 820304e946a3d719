"""File names as diffs write them: quoted, prefixed, and on one line with each other.

The rules are those of git's `quote.c` and `apply.c`; names are data here and nothing is ever opened.
"""

from __future__ import annotations

import re
from heapq import nsmallest

DEV_NULL = "/dev/null"

_ESCAPE = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_CONTROL = {b"a": b"\a", b"b": b"\b", b"t": b"\t", b"n": b"\n", b"v": b"\v", b"f": b"\f", b"r": b"\r"}
# git's own `a/ b/`, those of `diff.mnemonicPrefix`, and the ones of `--no-index`
_PREFIX = re.compile(r"[abciow12]/(?=.)")
_NEAR = 32  # spaces around the middle of a pair that are tried: prefixes of different length move it a little


def decode(raw: bytes) -> str:
    """Read UTF-8, or Latin-1 where the bytes are none: every byte stays visible and nothing fails."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def unquote(name: str) -> str:
    r"""Undo git's C-style quoting (`"caf\303\251"`); a name without quotes is returned as it is."""
    if len(name) < 2 or not _QUOTED.fullmatch(name):
        return name
    return decode(_ESCAPE.sub(_unescape, name[1:-1].encode("utf-8", "surrogatepass")))


def _unescape(match: re.Match[bytes]) -> bytes:
    code = match[1]
    if len(code) == 3:
        return bytes([int(code, 8) & 0xFF])
    return _CONTROL.get(code, code)


def marked(field: str) -> str:
    """Read the name behind `---` or `+++`, which ends at a tab: there a date may follow."""
    quoted = _QUOTED.match(field)
    return unquote(quoted[0] if quoted else field.partition("\t")[0])


def pair(field: str) -> tuple[str, str]:
    """Split what stands behind `diff --git` into the two names, prefixes included.

    Names with spaces are not quoted there, so the place is found by the two names being the same but for their
    prefixes. Where they are not, a rename, other header lines give the names, and a guess does no harm.
    """
    if field.startswith('"') and (first := _QUOTED.match(field)):
        return unquote(first[0]), unquote(field[first.end() + 1 :])
    if field.endswith('"') and ' "' in field:
        old, _, new = field.partition(' "')
        return old, unquote(f'"{new}')
    middle = len(field) // 2
    spaces = (at for at, character in enumerate(field) if character == " ")
    for at in nsmallest(_NEAR, spaces, key=lambda at: abs(at - middle)):
        old, new = field[:at], field[at + 1 :]
        if old == new or _same_below(old, new):
            return old, new
    old, _, new = field.partition(" ")
    return old, new


def _same_below(old: str, new: str) -> bool:
    """Tell whether the names differ in their first folder only, as `a/x` and `b/x` do."""
    old_top, _, old_rest = old.partition("/")
    new_top, _, new_rest = new.partition("/")
    return old_top != new_top and old_rest == new_rest != ""


def without_prefixes(old: str, new: str) -> tuple[str, str]:
    """Take the prefixes off a pair of names, and nothing off one that `--no-prefix` wrote.

    A prefix is a first folder that is all the two names differ in, or a usual letter that differs between them.
    """
    if _same_below(old, new):
        rest = old.partition("/")[2]
        return rest, rest
    if old[:1] != new[:1] and _PREFIX.match(old) and _PREFIX.match(new):
        return old[2:], new[2:]
    return old, new


def without_prefix(name: str) -> str:
    """Take a usual prefix off a name that has no partner, because the other side is `/dev/null`."""
    return name[2:] if _PREFIX.match(name) else name

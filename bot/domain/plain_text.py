"""Text of strangers made harmless to look at: nothing in it steers a terminal or hides from a reader.

What a model, a diff or a pull request says goes through here before it is shown. Markup is not looked at: whoever
renders knows what its own target takes for markup.
"""

from __future__ import annotations

import re

_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor movements
    # OSC, DCS, SOS, PM, APC: titles, links, clipboard. One without an end is no command; its text stays visible.
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x00-\x1f\x7f-\x9f]*(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]*[0-~]"  # everything else that starts with ESC
)  # ECMA-48, sections 5.3 to 5.6

_LINE_ENDS = re.compile("\r\n|[\u2028\u2029]")

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 and C1 without tab and line feed
    "\u00ad\u034f\u180e\u200b-\u200f\u2060-\u2065\ufeff"  # without width
    "\u061c\u202a-\u202e\u2066-\u206f"  # the direction of writing: https://trojansource.codes
    "\ufff9-\ufffb\U000e0000-\U000e007f]"  # annotations and tags, which can carry a whole hidden text
)

_SURROGATES = re.compile("[\ud800-\udfff]")


def plain(text: str) -> str:
    """Remove what does not show: terminal escapes, control, bidirectional and zero-width characters.

    Tabs and line feeds stay, other line ends become line feeds. The result can be encoded in UTF-8.
    """
    without_escapes = _ESCAPES.sub("", text)
    return encodable(_INVISIBLE.sub("", _LINE_ENDS.sub("\n", without_escapes)))


def one_line(text: str) -> str:
    """Make *text* plain and put it on one line, with single spaces."""
    return " ".join(plain(text).split())


def encodable(text: str) -> str:
    """Put U+FFFD in place of lone surrogates, which stand for bytes that were no text and break every encoder."""
    return _SURROGATES.sub("\ufffd", text)

"""A font that has every letter of the labels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from matplotlib.font_manager import FontProperties, fontManager, get_font

OWN = "DejaVu Sans"
"""Comes with matplotlib: Latin, Greek, Cyrillic and more, but no Chinese, Japanese or Korean."""

ALWAYS = "0123456789–-<+.lp"
"""What stands beside the labels; `lp` is what matplotlib measures the height of a line with."""

_REGULAR = (400, "normal", "regular")

WIDE = (
    "Noto Sans CJK",
    "Noto Sans SC",
    "Source Han Sans",
    "WenQuanYi",
    "Droid Sans Fallback",
    "PingFang",
    "Hiragino Sans GB",
    "Heiti SC",
    "Arial Unicode",
    "Microsoft YaHei",
    "SimHei",
)
"""Beginnings of the names of what systems have for Chinese, the better ones first."""


def font_for(texts: Iterable[str]) -> FontProperties | None:
    """Return a font of this machine that shows all of *texts*, None where a letter would be an empty box."""
    letters = {ord(letter) for text in (ALWAYS, *texts) for letter in text}
    for file in _candidates():
        if letters <= get_font(file).get_charmap().keys():
            return FontProperties(fname=file)
    return None


def _candidates() -> Iterator[str]:
    yield fontManager.findfont(OWN)
    for name in WIDE:
        for entry in fontManager.ttflist:
            if entry.name.startswith(name) and entry.style == "normal" and entry.weight in _REGULAR:
                yield entry.fname

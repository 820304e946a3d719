"""A font that has every letter of the labels."""

from __future__ import annotations

from collections.abc import Iterable

from matplotlib.font_manager import FontProperties, fontManager, get_font

OWN = "DejaVu Sans"
"""Comes with matplotlib: Latin, Greek, Cyrillic and more, but no Chinese, Japanese or Korean."""

WIDE = (
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Droid Sans Fallback",
    "PingFang SC",
    "Heiti SC",
    "Hiragino Sans GB",
    "Arial Unicode MS",
    "Microsoft YaHei",
    "SimHei",
)
"""What systems have for Chinese."""


def font_for(texts: Iterable[str]) -> FontProperties | None:
    """Return a font of this machine that shows all of *texts*, None where a letter would be an empty box."""
    letters = {ord(letter) for text in texts for letter in text}
    for family in (OWN, *WIDE):
        for entry in fontManager.ttflist:
            if entry.name == family and entry.weight in (400, "normal", "regular") and entry.style == "normal":
                known = get_font(entry.fname).get_charmap()
                if letters <= known.keys():
                    return FontProperties(fname=entry.fname)
    return None

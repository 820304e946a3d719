"""The colours can be read on their ground, on which they stand in light and dark chats, and told apart by everybody."""

from __future__ import annotations

import itertools

import pytest

from bot.charts import palette

GROUNDS = (palette.GROUND, palette.RUNNING)
SERIES = (palette.OPENED, palette.MERGED, palette.CLOSED)

SIGHTS = {
    "full": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
"""What becomes of linear red, green and blue: Machado, Oliveira and Fernandes 2009, https://doi.org/10.1109/TVCG.2009.113."""

Triple = tuple[float, float, float]


def linear(colour: str) -> Triple:
    """Return red, green and blue as amounts of light: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance."""
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return _light(red), _light(green), _light(blue)


def _light(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def contrast(one: str, other: str) -> float:
    """Return the ratio of https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio."""
    dark, light = sorted(sum(map(_product, linear(colour), (0.2126, 0.7152, 0.0722))) for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


def _product(one: float, other: float) -> float:
    return one * other


def lab(light: Triple) -> Triple:
    """Return lightness and two hues in which distances are what eyes take them for: CIE 1976."""
    rows = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    white = (0.95047, 1.0, 1.08883)
    x, y, z = (_bent(sum(map(_product, row, light)) / most) for row, most in zip(rows, white, strict=True))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _bent(value: float) -> float:
    return float(value ** (1 / 3)) if value > 0.008856 else 7.787 * value + 16 / 116


def distance(one: str, other: str, sight: str) -> float:
    seen = []
    for colour in (one, other):
        red, green, blue = (min(1.0, max(0.0, sum(map(_product, row, linear(colour))))) for row in SIGHTS[sight])
        seen.append(lab((red, green, blue)))
    return float(sum((here - there) ** 2 for here, there in zip(*seen, strict=True)) ** 0.5)


def test_the_formula_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize(("ink", "least"), [(palette.INK, 7), (palette.FAINT_INK, 4.5)])
def test_words_have_the_contrast_of_words(ink: str, ground: str, least: float) -> None:
    assert contrast(ink, ground) >= least


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("colour", [*SERIES, palette.READY, palette.DRAFTS, palette.HALF, palette.MOST])
def test_what_is_drawn_has_the_contrast_of_graphics(colour: str, ground: str) -> None:
    assert contrast(colour, ground) >= 3


@pytest.mark.parametrize("around", ["#ffffff", "#1a1d21", "#313338"], ids=["light", "slack dark", "discord dark"])
def test_the_ground_does_not_need_what_is_around_it(around: str) -> None:
    """Nothing is transparent: where the chat is dark the ground stands out, where it is light it goes on."""
    assert contrast(palette.GROUND, around) >= 10 or contrast(palette.GROUND, around) <= 1.1


@pytest.mark.parametrize("sight", SIGHTS)
def test_what_stands_side_by_side_is_told_apart(sight: str) -> None:
    pairs = [*itertools.combinations(SERIES, 2), (palette.READY, palette.DRAFTS), (palette.HALF, palette.MOST)]

    assert min(distance(one, other, sight) for one, other in pairs) >= 25

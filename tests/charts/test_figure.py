"""The chart, for no pull request and for thousands, for one week and for a year: every label where it can be read."""

from __future__ import annotations

import io
import itertools
import struct
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from PIL import Image

from bot.charts import fonts, palette
from bot.charts.figure import HEIGHT, WIDTH, compose, draw
from bot.charts.order import Order, order
from bot.domain.stats import MOST_WEEKS, Stats
from bot.language.catalogue import Catalogue
from tests.charts.figures import LONG_NAME, some_stats

SIZES = {
    "empty": some_stats(most=0),
    "one week": some_stats(1),
    "two small weeks": some_stats(2, most=1),
    "usual": some_stats(),
    "bars": some_stats(20),
    "lines": some_stats(21),
    "thousands": some_stats(MOST_WEEKS, most=9999),
    "long name": some_stats(repository=LONG_NAME),
}


@cache
def drawn(size: str) -> Figure:
    """Lay out a chart with everything in its place, once for all tests that look at it."""
    figure = compose(ordered(SIZES[size]))
    figure.canvas.draw()
    return figure


@pytest.fixture(params=list(SIZES))
def figure(request: pytest.FixtureRequest) -> Figure:
    return drawn(str(request.param))


@pytest.fixture
def no_wide_font(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a machine with the fonts of matplotlib alone."""
    monkeypatch.setattr(fontManager, "ttflist", [one for one in fontManager.ttflist if "DejaVu" in one.name])


def ordered(stats: Stats, language: str = "en") -> Order:
    return order(stats, Catalogue.load(language).speak)


def colours(png: bytes) -> Counter[str]:
    """Count the pixels of each colour."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    counted = image.getcolors(maxcolors=WIDTH * HEIGHT) or []
    return Counter({"#{:02x}{:02x}{:02x}".format(*colour): count for count, colour in counted})  # type: ignore[misc]  # RGB


@pytest.mark.parametrize("weeks", [1, 8, MOST_WEEKS])
def test_it_is_a_png_of_its_size(weeks: int) -> None:
    png = draw(ordered(some_stats(weeks)))

    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", png[16:24]) == (WIDTH, HEIGHT)
    assert len(png) < 1_000_000


def test_it_brings_its_ground_along_to_every_corner() -> None:
    image = Image.open(io.BytesIO(draw(ordered(some_stats(most=0))))).convert("RGBA")
    corners = [image.getpixel((x, y)) for x in (0, WIDTH - 1) for y in (0, HEIGHT - 1)]

    assert set(corners) == {(0xFB, 0xFB, 0xFC, 255)}


@pytest.mark.parametrize("weeks", [1, 8, MOST_WEEKS])
def test_what_there_is_is_drawn_in_every_colour(weeks: int) -> None:
    nothing, something = colours(draw(ordered(some_stats(weeks, most=0)))), colours(draw(ordered(some_stats(weeks))))

    for colour in (palette.OPENED, palette.MERGED, palette.CLOSED, palette.DRAFTS):
        assert something[colour] > nothing[colour] + 100, colour


def shown(figure: Figure) -> list[Text]:
    """Return every text that is to be seen, in its place."""
    axes = [text for one in figure.axes for text in _texts(one)]
    return [text for text in (*figure.texts, *axes) if text.get_visible() and text.get_text()]


def _texts(axes: Axes) -> Iterator[Text]:
    yield axes.xaxis.label
    yield axes.yaxis.label
    yield from axes.texts
    yield from (axes.title, axes._left_title)  # type: ignore[attr-defined]  # the title on the left has no public name
    yield from axes.get_xticklabels()
    low, high = axes.get_ylim()
    yield from (
        label for tick, label in zip(axes.get_yticks(), axes.get_yticklabels(), strict=True) if low <= tick <= high
    )
    legend = axes.get_legend()
    yield from legend.get_texts() if legend else ()


def test_no_two_labels_touch_and_none_is_cut(figure: Figure) -> None:
    boxes = [(text.get_text(), text.get_window_extent()) for text in shown(figure)]

    touching = [(a, b) for (a, here), (b, there) in itertools.combinations(boxes, 2) if here.overlaps(there)]
    assert touching == []
    assert [name for name, box in boxes if not _inside(box)] == []


def _inside(box: Bbox) -> bool:
    return bool(box.x0 >= 0 and box.y0 >= 0 and box.x1 <= WIDTH and box.y1 <= HEIGHT)


def test_nothing_that_is_drawn_is_below_a_legend(figure: Figure) -> None:
    for axes in figure.axes:
        legend = axes.get_legend()
        assert legend is not None
        assert legend.get_window_extent().y0 >= axes.bbox.y1 - 6


def test_every_axis_says_what_it_counts() -> None:
    days, hours = drawn("usual"), drawn("two small weeks")

    assert [axes.get_ylabel() for axes in days.axes] == ["pull requests", "pull requests", "hours", "days"]
    assert [axes.get_ylabel() for axes in hours.axes] == ["pull requests", "pull requests", "hours", "hours"]
    assert days.axes[1].get_xlabel() == "age (days)"
    assert {days.axes[place].get_xlabel() for place in (0, 2, 3)} == {"week from Monday (month-day)"}


def test_counts_are_whole_numbers() -> None:
    for axes in drawn("two small weeks").axes[:2]:
        assert all(float(tick).is_integer() for tick in axes.get_yticks())


def test_the_week_that_is_not_over_is_marked() -> None:
    for axes in (drawn("usual").axes[place] for place in (0, 2, 3)):
        assert axes.get_xticklabels()[0].get_text() == "03-02\nso far"
        assert palette.RUNNING in {to_hex(patch.get_facecolor()) for patch in axes.patches}


@pytest.mark.usefixtures("no_wide_font")
def test_without_a_font_for_it_chinese_is_english_and_never_boxes() -> None:
    assert draw(ordered(some_stats(), "zh")) == draw(ordered(some_stats(), "en"))


@pytest.mark.usefixtures("no_wide_font")
def test_with_a_font_for_it_chinese_is_chinese(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chinese = ordered(some_stats(), "zh")
    fontManager.addfont(a_font(tmp_path / "wide.ttf", "".join(chinese.labels.values()), family="Noto Sans CJK SC"))

    figure = compose(chinese)

    assert figure.axes[0].get_ylabel() == "拉取请求"
    assert figure.axes[0].yaxis.label.get_fontproperties().get_file() == str(tmp_path / "wide.ttf")
    draw(chinese)  # a letter without a glyph would be a warning, and so an error


def a_font(file: Path, letters: str, *, family: str) -> str:
    """Make a font in which every one of *letters*, and those of numbers and dates, is a square."""
    names = {ord(letter): f"g{ord(letter)}" for letter in {*letters, *fonts.ALWAYS}}
    glyphs = [".notdef", *names.values()]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(glyphs)
    builder.setupCharacterMap(names)
    builder.setupGlyf(dict.fromkeys(glyphs, _square()))
    builder.setupHorizontalMetrics(dict.fromkeys(glyphs, (1000, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": family, "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.save(file)
    return str(file)


def _square() -> object:
    pen = TTGlyphPen(None)
    pen.moveTo((100, 0))
    for point in ((100, 700), (900, 700), (900, 0)):
        pen.lineTo(point)
    pen.closePath()
    return pen.glyph()


def test_a_font_that_lacks_one_letter_is_no_font() -> None:
    assert fonts.font_for(["hours", "čas", "часы"]) is not None
    assert fonts.font_for(["hours", "\U0010ffff"]) is None

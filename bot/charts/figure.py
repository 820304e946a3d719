"""The chart of statistics: four panels, drawn through matplotlib's objects, without its global state.

Nothing is told by colour alone: bars of a group stand in the order of the legend, lines differ in their dashes, drafts
are hatched, and the week that is not over is called that.
"""

from __future__ import annotations

import io

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.layout_engine import ConstrainedLayoutEngine

from bot.charts.fonts import OWN, font_for
from bot.charts.order import Label, Order
from bot.charts.palette import GROUND, INK
from bot.charts.panels import draw_ages, draw_spreads, draw_weeks
from bot.charts.pen import Pen

WIDTH, HEIGHT = 1650, 1140
"""Pixels."""

DPI = 165
LONGEST_TITLE = 84
"""Letters; names of repositories may have 140."""

TITLE_POINTS = (15, 12, 10, 8)
"""Sizes of the title, of which the first one that fits is taken."""


def draw(order: Order) -> bytes:
    """Return the chart as PNG."""
    png = io.BytesIO()
    compose(order).savefig(png, format="png")
    return png.getvalue()


def compose(order: Order) -> Figure:
    """Lay out the chart; its labels are English where no font has the letters of the language."""
    labels, font = order.labels, font_for(order.labels.values())
    if font is None:
        labels, font = order.english, FontProperties(family=OWN)
    pen, stats = Pen(labels=labels, font=font), order.stats
    layout = ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.12, wspace=0.04, hspace=0.06)
    figure = Figure(figsize=(WIDTH / DPI, HEIGHT / DPI), dpi=DPI, facecolor=GROUND, layout=layout)
    FigureCanvasAgg(figure)
    ((weeks, ages), (to_review, to_merge)) = figure.subplots(2, 2)
    draw_weeks(weeks, stats.weeks, pen)
    draw_ages(ages, stats.ages, pen)
    draw_spreads(to_review, stats.weeks, [week.to_review for week in stats.weeks], pen, title=Label.TO_REVIEW)
    draw_spreads(to_merge, stats.weeks, [week.to_merge for week in stats.weeks], pen, title=Label.TO_MERGE)
    title = figure.suptitle(_shortened(labels[Label.TITLE]), color=INK)
    for points in TITLE_POINTS:
        title.set_fontproperties(pen.sized(points))
        if title.get_window_extent().width < WIDTH:
            break
    return figure


def _shortened(title: str) -> str:
    half = LONGEST_TITLE // 2
    return title if len(title) <= LONGEST_TITLE else f"{title[:half]}…{title[-half:]}"

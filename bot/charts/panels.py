"""The panels of the chart of statistics."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from bot.charts.order import Label
from bot.charts.palette import CLOSED, DRAFTS, GROUND, HALF, MERGED, MOST, OPENED, READY
from bot.charts.pen import Pen
from bot.domain.stats import AgeGroup, Spread, Week

MOST_BARS = 20
"""Weeks; bars of more would be too thin to be told apart, so they become lines."""

LONG = 72
"""Hours, past which days are easier to read."""

_STYLES = ("-", "--", ":")


def draw_weeks(axes: Axes, weeks: Sequence[Week], pen: Pen) -> None:
    """Draw what was opened, merged and closed in each week, side by side."""
    pen.begin(axes, Label.PER_WEEK, Label.PULL_REQUESTS)
    series = (
        (Label.OPENED, OPENED, [week.opened for week in weeks]),
        (Label.MERGED, MERGED, [week.merged for week in weeks]),
        (Label.CLOSED, CLOSED, [week.closed for week in weeks]),
    )
    for place, (label, colour, counts) in enumerate(series):
        if len(weeks) > MOST_BARS:
            axes.plot(counts, _STYLES[place], color=colour, linewidth=2, label=pen.labels[label], zorder=3)
        else:
            places = [number + (place - 1) * 0.27 for number in range(len(weeks))]
            axes.bar(places, counts, width=0.25, color=colour, label=pen.labels[label], zorder=3)
    pen.weeks_below(axes, weeks)
    pen.measure(axes, max(max(counts) for _, _, counts in series), whole=True)
    pen.legend(axes)


def draw_ages(axes: Axes, ages: Sequence[AgeGroup], pen: Pen) -> None:
    """Draw how many are open of each age, with their number on top."""
    pen.begin(axes, Label.OPEN, Label.PULL_REQUESTS)
    places, ready = range(len(ages)), [group.ready for group in ages]
    drafts = [group.drafts for group in ages]
    axes.bar(places, ready, width=0.6, color=READY, label=pen.labels[Label.READY], zorder=3)
    hatched = axes.bar(places, drafts, width=0.6, bottom=ready, label=pen.labels[Label.DRAFTS], zorder=3)
    for bar in hatched:
        bar.set(facecolor=DRAFTS, hatch="///", edgecolor=GROUND, linewidth=0)
    for place, group in enumerate(ages):
        if group.total:
            pen.write_above(axes, str(group.total), place, group.total)
    pen.below(axes, list(places), [_age(group) for group in ages], Label.AGE)
    pen.measure(axes, max(group.total for group in ages), whole=True)
    pen.legend(axes)


def draw_spreads(
    axes: Axes, weeks: Sequence[Week], spreads: Sequence[Spread | None], pen: Pen, *, title: Label
) -> None:
    """Draw how long something took in each week, half of it and nine of ten; a week without any has nothing."""
    longest = max((spread.most for spread in spreads if spread is not None), default=0.0)
    unit, label = (24, Label.DAYS) if longest >= LONG else (1, Label.HOURS)
    pen.begin(axes, title, label)
    half = [spread.median / unit if spread else float("nan") for spread in spreads]
    most = [spread.most / unit if spread else float("nan") for spread in spreads]
    handles: tuple[Artist, ...] = ()
    half_label, most_label = pen.labels[Label.HALF], pen.labels[Label.MOST]
    if len(weeks) > MOST_BARS:
        axes.plot(half, "o-", color=HALF, linewidth=2, markersize=3.5, label=half_label, zorder=4)
        axes.plot(most, "o--", color=MOST, linewidth=1.2, markersize=3.5, label=most_label, zorder=3)
    else:
        places = range(len(weeks))
        axes.bar(places, half, width=0.5, color=HALF, zorder=3)
        axes.vlines(places, half, most, color=MOST, linewidth=2, zorder=4)
        axes.scatter(places, most, marker="_", s=120, linewidth=2.5, color=MOST, zorder=4)
        # Of bars and lines alike the first one stands in the legend, and here the first week may have none.
        handles = (Patch(color=HALF, label=half_label), Line2D([], [], color=MOST, linewidth=2.5, label=most_label))
    pen.weeks_below(axes, weeks)
    pen.measure(axes, longest / unit)
    pen.legend(axes, *handles)


def _age(group: AgeGroup) -> str:
    if group.below is None:
        return f"{group.least}+"
    return f"{group.least}–{group.below}" if group.least else f"<{group.below}"

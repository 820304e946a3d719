"""What every panel is written with: its words, its font, its axes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.ticker import MaxNLocator

from bot.charts.order import Label
from bot.charts.palette import FAINT_INK, GRID, GROUND, INK, RUNNING
from bot.domain.stats import Week

MOST_TICKS = 8
"""Weeks that are named below a panel; more names would touch each other."""

FEWEST = 6
"""Weeks that a panel has room for at least, so that the bars of one do not fill it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pen:
    """Writes in one language and font."""

    labels: Mapping[Label, str]
    font: FontProperties

    def sized(self, points: float) -> FontProperties:
        """Return the font in a size."""
        font = self.font.copy()
        font.set_size(points)
        return font

    def begin(self, axes: Axes, title: Label, unit: Label) -> None:
        """Prepare a panel; its legend goes between title and data, where neither is in the way."""
        axes.set_facecolor(GROUND)
        axes.set_title(self.labels[title], color=INK, loc="left", pad=27, fontproperties=self.sized(12))
        axes.set_ylabel(self.labels[unit], color=FAINT_INK, fontproperties=self.sized(10))
        axes.grid(axis="y", color=GRID, linewidth=0.8, zorder=0)
        axes.tick_params(colors=FAINT_INK, length=0)
        for name, spine in axes.spines.items():
            spine.set_visible(name == "bottom")
            spine.set_color(FAINT_INK)

    def measure(self, axes: Axes, most: float, *, whole: bool = False) -> None:
        """Scale the upright axis from nothing to a bit more than *most*; a panel of nothing says so."""
        axes.set_ylim(0, most * 1.12 or 1)
        axes.yaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 5, 10], integer=whole))
        if not most:
            axes.set_yticks([0])
            nothing = axes.text(0.5, 0.5, self.labels[Label.NOTHING], transform=axes.transAxes, ha="center")
            nothing.set(color=FAINT_INK, fontproperties=self.sized(12))
        for text in axes.get_yticklabels():
            text.set_fontproperties(self.sized(10))

    def below(self, axes: Axes, places: Sequence[int], names: Sequence[str], label: Label) -> None:
        """Name what is below the panel."""
        axes.set_xticks(places, names)
        for text in axes.get_xticklabels():
            text.set_fontproperties(self.sized(10))
        axes.set_xlabel(self.labels[label], color=FAINT_INK, fontproperties=self.sized(10))

    def weeks_below(self, axes: Axes, weeks: Sequence[Week]) -> None:
        """Name the weeks, as many as there is room for, and put a ground behind the one that is not over."""
        last, room = len(weeks) - 1, max(0.0, (FEWEST - len(weeks)) / 2)
        axes.axvspan(last - 0.5, last + 0.5, color=RUNNING, linewidth=0, zorder=0)
        axes.set_xlim(-0.6 - room, last + 0.6 + room)
        places = range(last, -1, -ceil(len(weeks) / MOST_TICKS))
        names = [f"{weeks[place].start:%m-%d}" for place in places]
        names[0] += f"\n{self.labels[Label.SO_FAR]}"
        self.below(axes, places, names, Label.WEEKS)

    def write_above(self, axes: Axes, words: str, x: float, y: float) -> None:
        """Write something above a point."""
        above = axes.annotate(words, (x, y), xytext=(0, 3), textcoords="offset points", ha="center")
        above.set(color=INK, fontproperties=self.sized(10))

    def legend(self, axes: Axes, *handles: Artist) -> None:
        """Say what is what, of *handles* or of what has a label, in the order of drawing."""
        axes.legend(
            handles=handles or axes.get_legend_handles_labels()[0],
            loc="lower left",
            bbox_to_anchor=(-0.01, 0.985),
            borderaxespad=0.2,
            columnspacing=1.4,
            ncols=3,
            frameon=False,
            labelcolor=INK,
            prop=self.sized(9.5),
        )

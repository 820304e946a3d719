"""How much is read at once: one limit for every source of a change."""

from __future__ import annotations

from bot.domain.errors import ChangeTooLarge
from bot.domain.sentence import say


def too_large(most: int) -> ChangeTooLarge:
    """Return the error for a diff of more than *most* bytes."""
    return ChangeTooLarge(
        say(
            "The diff is larger than {most} MiB, the most that is read at once: raise max_diff_mib of [review],"
            " or review a smaller change.",
            most=f"{most / 2**20:g}",
        )
    )

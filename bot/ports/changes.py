"""Where a change comes from."""

from __future__ import annotations

from typing import Protocol

from bot.domain.change import Change, Target


class Changes(Protocol):
    """Fetches what is to be reviewed: from a code host, a file, standard input or a local repository."""

    async def fetch(self, target: Target, *, by_commit: bool = False) -> Change:
        """Fetch the change that *target* names, with the lines of each commit when *by_commit* is set.

        A file whose lines the source does not give is in the diff with `unread` set: nothing is left out silently.
        Safe to repeat; several may run at the same time.

        Raises:
            UserError: The target names nothing that can be fetched, is empty, too large, or is no diff.
            TransientError: The code host does not answer, or wants to be asked later.
            PermanentError: The code host refuses this configuration.
        """
        ...

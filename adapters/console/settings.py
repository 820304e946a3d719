"""What the console adapter needs to know."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleSettings:
    """Values from the configuration and the place the program was started in.

    Attributes:
        web_url: Where the pages of the code host are.
        folder: The repository that ranges such as `main...HEAD` are of.
        history: Where typed lines are kept for the arrow keys; None keeps them in memory.
        pictures: Where pictures are put, made when the first one is; by default the current folder.
        demonstrate: Where nobody types and nothing is piped in, review the sample and ask about it.
    """

    web_url: str
    folder: Path
    history: Path | None = None
    pictures: Path = Path()
    demonstrate: bool = False

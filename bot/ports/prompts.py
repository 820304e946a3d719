"""The words that go to the model."""

from __future__ import annotations

from typing import Protocol


class Prompts(Protocol):
    """Templates by name, such as `review/system`."""

    def render(self, name: str, /, **variables: object) -> str:
        """Fill a template.

        Raises:
            ConfigInvalid: The template is missing, damaged, or uses a variable it does not get.
        """
        ...

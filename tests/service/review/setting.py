"""A change that adds values, and a model that claims what it is told to claim about them."""

from __future__ import annotations

import json
from collections.abc import Callable

from bot.domain.change import Change, DiffFile, PullRequest
from bot.domain.completion import Prompt
from bot.domain.diff import Diff

TARGET = DiffFile(path=None)
SUMMARY = {"summary": "Adds values.", "key_changes": ["New values"], "risks": ["None tested"], "risk": "low"}
NOTHING = json.dumps({"summary": "Adds a value.", "findings": []})


def a_change(diff: Diff, **changes: object) -> Change:
    return Change(pull_request=PullRequest(title="Add values"), diff=diff, **changes)  # type: ignore[arg-type]


def claim(**changes: object) -> dict[str, object]:
    return {
        "path": "a.py",
        "line": 1,
        "quote": "value_1 = 1",
        "title": "Wrong value",
        "problem": "It is one too few.",
        "severity": "high",
        "category": "bug",
        "fix": "value_1 = 2",
        **changes,
    }


def answering(*claims: dict[str, object]) -> Callable[[Prompt], str]:
    """Answer each question about a part with the claims whose quotation it shows, and summarise the rest."""

    def script(prompt: Prompt) -> str:
        text = prompt[-1].text
        if "<change>" not in text:
            return json.dumps(SUMMARY)
        shown = [one for one in claims if str(one["quote"]) in text or str(one["path"]) not in text]
        return json.dumps({"summary": "Adds a value.", "findings": shown})

    return script


def new_file(lines: int) -> str:
    return "".join(f"value_{number} = {number}\n" for number in range(1, lines + 1))

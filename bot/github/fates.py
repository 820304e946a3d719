"""What became of pull requests that are open no more, in one request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from bot.domain.change import PullRequestRef
from bot.domain.digest import Fate
from bot.domain.errors import TransientError
from bot.github.open_nodes import FatesAnswer
from bot.github.open_query import fates_query
from bot.github.talk import Talk

FATES = {"MERGED": Fate.MERGED, "CLOSED": Fate.CLOSED}


async def fates_of(talk: Talk, refs: Sequence[PullRequestRef]) -> Mapping[PullRequestRef, Fate]:
    """Tell what became of *refs*; unknown where GitHub does not say, for a digest does not fail over its past."""
    query, variables = fates_query(refs)
    try:
        answer = await talk.query(query, variables, _read)
    except TransientError:
        answer = FatesAnswer()
    found = answer.data or {}
    return {ref: _fate(found.get(f"p{number}")) for number, ref in enumerate(refs)}


def _fate(node: Any) -> Fate:
    state = node.pull_request.state if node is not None and node.pull_request is not None else ""
    return FATES.get(state, Fate.UNKNOWN)


def _read(_headers: Mapping[str, str], body: Any) -> FatesAnswer:
    try:
        return FatesAnswer.model_validate(body)
    except ValidationError:
        return FatesAnswer()

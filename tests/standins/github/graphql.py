"""Just enough of GraphQL to answer one query strictly: a member nobody knows is an error, as it is at GitHub."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_TOKEN = re.compile(r'\.\.\.|[{}()\[\]:!,$]|"(?:[^"\\]|\\.)*"|-?\d+|[A-Za-z_]\w*')

Json = dict[str, Any]
Resolved = Mapping[str, Any]
"""An object by its members; a function among them gets the arguments of its field."""


class Refused(Exception):
    """The query cannot be answered at all; carries GitHub's error object."""

    def __init__(self, error: Json) -> None:
        super().__init__(error["message"])
        self.error = error


@dataclass(frozen=True, kw_only=True)
class Selection:
    """One field, or the fields that count for one type only."""

    name: str
    alias: str
    arguments: dict[str, Any]
    inside: tuple[Selection, ...]
    only_on: str = ""


def answer(body: Json, root: Resolved, unknown: Collection[str] = ()) -> Json:
    """Answer a request; members named in *unknown* do not exist on this server."""
    data: Json = {}
    errors: list[Json] = []
    for field in parse(body["query"], body.get("variables", {})):
        try:
            data |= _project(root, (field,), "Query", unknown)
        except Refused as refused:
            if "type" not in refused.error:  # the query itself is wrong, and nothing of it is answered
                return {"errors": [refused.error]}
            data[field.alias] = None
            errors.append({**refused.error, "path": [field.alias, *refused.error.get("path", [""])[1:]]})
    return {"data": data, "errors": errors} if errors else {"data": data}


def parse(query: str, variables: Mapping[str, Any]) -> tuple[Selection, ...]:
    """Read the fields of a query."""
    tokens = _TOKEN.findall(query)
    start = tokens.index("{")
    return tuple(_selections(iter(tokens[start + 1 :]), variables))


def _selections(tokens: Iterator[str], variables: Mapping[str, Any]) -> Iterator[Selection]:
    pending: Selection | None = None
    alias = ""
    for token in tokens:
        if token == "}":
            break
        if token == "...":
            assert next(tokens) == "on"
            kind = next(tokens)
            assert next(tokens) == "{"
            if pending:
                yield pending
            pending = None
            inside = tuple(_selections(tokens, variables))
            yield Selection(name="", alias="", arguments={}, inside=inside, only_on=kind)
        elif token == "(" and pending:
            pending = _replace(pending, arguments=_arguments(tokens, variables))
        elif token == ":" and pending:
            alias, pending = pending.name, None
        elif token == "{" and pending:
            pending = _replace(pending, inside=tuple(_selections(tokens, variables)))
        else:
            if pending:
                yield pending
            pending = Selection(name=token, alias=alias or token, arguments={}, inside=())
            alias = ""
    if pending:
        yield pending


def _replace(selection: Selection, **fields: Any) -> Selection:
    known = {name: getattr(selection, name) for name in ("name", "alias", "arguments", "inside", "only_on")}
    return Selection(**{**known, **fields})


def _arguments(tokens: Iterator[str], variables: Mapping[str, Any]) -> dict[str, Any]:
    arguments: dict[str, Any] = {}
    for token in tokens:
        if token == ")":
            break
        if token == ",":
            continue
        assert next(tokens) == ":"
        arguments[token] = _value(tokens, variables)
    return arguments


def _value(tokens: Iterator[str], variables: Mapping[str, Any]) -> Any:
    token = next(tokens)
    if token == "$":
        return variables.get(next(tokens))
    if token == "[":
        return [json.loads(f'"{word}"') for word in iter(lambda: next(tokens), "]") if word != ","]
    if token != "{":
        return token if token.isidentifier() else json.loads(token)
    members: dict[str, Any] = {}
    for name in tokens:
        if name == "}":
            break
        if name != ",":
            assert next(tokens) == ":"
            members[name] = _value(tokens, variables)
    return members


def _project(value: Any, fields: tuple[Selection, ...], kind: str, unknown: Collection[str]) -> Any:
    if isinstance(value, list):
        return [_project(entry, fields, kind, unknown) for entry in value]
    if value is None or not isinstance(value, Mapping):
        return value
    if not fields:
        raise Refused({"message": f"Field of type {kind} must have selections", "extensions": {"code": "selection"}})
    kind = value.get("__typename", kind)
    found: Json = {}
    for field in fields:
        if field.only_on:
            found |= _project(value, field.inside, kind, unknown) if field.only_on == kind else {}
        else:
            inner = _member(value, field, kind, unknown)
            found[field.alias] = _project(inner, field.inside, field.name, unknown)
    return found


def _member(value: Resolved, field: Selection, kind: str, unknown: Collection[str]) -> Any:
    if field.name not in value or field.name in unknown:
        message = f"Field '{field.name}' doesn't exist on type '{kind}'"
        raise Refused({"message": message, "extensions": {"code": "undefinedField", "fieldName": field.name}})
    member = value[field.name]
    if isinstance(member, Callable):  # type: ignore[arg-type]  # typing's Callable serves isinstance as abc's does
        return member(**field.arguments)
    if field.arguments:
        raise Refused({"message": f"Field '{field.name}' takes no arguments", "extensions": {"code": "argument"}})
    return member


def connection(nodes: list[Any]) -> Callable[..., Json]:
    """Make a list that is asked for in pages, as GitHub's are."""

    def page(first: int | None = None, last: int | None = None, after: str | None = None) -> Json:
        if first is None and last is None:
            return {"totalCount": len(nodes)}
        if (first or last or 0) not in range(1, 101):
            raise Refused({"type": "EXCESSIVE_PAGINATION", "message": "Requesting records exceeds the `first` limit"})
        start = int(after) if after else 0
        chosen = nodes[start : start + first] if first else nodes[-(last or 1) :]
        end = start + len(chosen)
        more = bool(first) and end < len(nodes)
        return {
            "nodes": chosen,
            "totalCount": len(nodes),
            "pageInfo": {"hasNextPage": more, "endCursor": str(end) if chosen else None},
        }

    return page

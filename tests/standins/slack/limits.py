"""Slack's limits on blocks: https://docs.slack.dev/reference/block-kit/blocks and the pages beside it.

The sum over all blocks is undocumented: https://github.com/slackapi/bolt-js/issues/2509.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]
Problems: TypeAlias = Iterator[str]

MOST_LETTERS = 13_200
MARKDOWN_SUM = 12_000
IN_VIEWS = {"section", "header", "context", "actions", "divider", "rich_text", "image", "input"}
IN_MESSAGES = {*IN_VIEWS, "markdown", "table"}
BUTTON_STYLES = {None, "primary", "danger"}
TEXT_STYLES = {"bold", "italic", "strike", "code", "underline"}


def decoded(value: Any) -> Any:
    """Read an argument that the client may have written as JSON."""
    return json.loads(value) if isinstance(value, str) and value[:1] in ("[", "{") else value


def refusal(blocks: list[Json], *, most: int = 50, view: bool = False) -> tuple[str, list[str]]:
    """Return Slack's code for what is wrong with *blocks* and what it says about it; empty when they are fine."""
    if sum(_letters(block) for block in blocks) > MOST_LETTERS and not view:
        return "msg_blocks_too_long", []
    problems = list(_problems(blocks, most, IN_VIEWS if view else IN_MESSAGES))
    return ("invalid_blocks" if problems else "", problems)


def _problems(blocks: list[Json], most: int, kinds: set[str]) -> Problems:
    if len(blocks) > most:
        yield f"no more than {most} items allowed [json-pointer:/blocks]"
    ids = Counter(block["block_id"] for block in blocks if block.get("block_id"))
    yield from (f"block_id already exists: {name}" for name, count in ids.items() if count > 1)
    if sum(len(block["text"]) for block in blocks if block.get("type") == "markdown") > MARKDOWN_SUM:
        yield f"markdown text must be less than {MARKDOWN_SUM + 1} characters"
    for number, block in enumerate(blocks):
        for problem in _of_block(block, kinds):
            yield f"{problem} [json-pointer:/blocks/{number}]"


def _of_block(block: Json, kinds: set[str]) -> Problems:
    kind = block.get("type")
    if kind not in kinds:
        yield f"unsupported type: {kind}"
        return
    if len(block.get("block_id", "")) > 255:
        yield "block_id must be less than 256 characters"
    if kind in _BLOCKS:
        yield from _BLOCKS[kind](block)


def _text(value: Any, most: int, *, plain: bool = False) -> Problems:
    if not isinstance(value, dict) or value.get("type") not in (("plain_text",) if plain else ("plain_text", "mrkdwn")):
        yield "must be a text object"
        return
    if not 1 <= len(value["text"]) <= most:
        yield f"must have 1 to {most} characters, not {len(value['text'])}"
    if value["type"] == "mrkdwn" and "emoji" in value:
        yield "emoji is of plain_text only"


def _section(block: Json) -> Problems:
    if not block.get("text") and not block.get("fields"):
        yield "text or fields are missing"
    if "text" in block:
        yield from _text(block["text"], 3000)
    if len(block.get("fields", [])) > 10:
        yield "no more than 10 items allowed"
    for field in block.get("fields", []):
        yield from _text(field, 2000)
    if "accessory" in block:
        yield from _element(block["accessory"])


def _header(block: Json) -> Problems:
    yield from _text(block.get("text"), 150, plain=True)


def _markdown(block: Json) -> Problems:
    if not 1 <= len(block.get("text", "")) <= MARKDOWN_SUM:
        yield "must have 1 to 12000 characters"


def _context(block: Json) -> Problems:
    if not 1 <= len(block["elements"]) <= 10:
        yield "must have 1 to 10 elements"
    for element in block["elements"]:
        if element.get("type") != "image":
            yield from _text(element, 3000)


def _actions(block: Json) -> Problems:
    if not 1 <= len(block["elements"]) <= 25:
        yield "must have 1 to 25 elements"
    names = Counter(element.get("action_id") for element in block["elements"])
    yield from (f"action_id already exists: {name}" for name, count in names.items() if name and count > 1)
    for element in block["elements"]:
        yield from _element(element)


def _input(block: Json) -> Problems:
    yield from _text(block.get("label"), 2000, plain=True)
    if block.get("hint"):
        yield from _text(block["hint"], 2000, plain=True)
    yield from _element(block["element"])


def _table(block: Json) -> Problems:
    rows = block.get("rows", [])
    if not 1 <= len(rows) <= 100 or any(len(row) > 20 for row in rows):
        yield "must have 1 to 100 rows of at most 20 cells"


def _rich_text(block: Json) -> Problems:
    if not block.get("elements"):
        yield "elements are missing"
    for part in block.get("elements", []):
        match part.get("type"):
            case "rich_text_section" | "rich_text_quote":
                yield from _rich_elements(part)
            case "rich_text_preformatted":
                yield from _rich_elements(part)
                if {element["type"] for element in part["elements"]} - {"text", "link"}:
                    yield "only text and links can be preformatted"
            case "rich_text_list" if part.get("style") in ("bullet", "ordered") and part.get("elements"):
                for item in part["elements"]:
                    yield from _rich_elements(item)
            case kind:
                yield f"not a part of rich text: {kind}"


def _rich_elements(part: Json) -> Problems:
    if not part.get("elements"):
        yield "elements are missing"
    for element in part.get("elements", []):
        match element.get("type"):
            case "text" if not element.get("text"):
                yield "text must have more than 0 characters"
            case "link" if not re.match(r"(https?://|mailto:)\S", element.get("url", "")) or element.get("text") == "":
                yield "not a link"
            case "text" | "link" | "user" | "usergroup" | "channel" | "broadcast" | "emoji" | "date" | "color" | "team":
                pass
            case kind:
                yield f"not an element of rich text: {kind}"
        if set(element.get("style", {})) - TEXT_STYLES:
            yield "unknown style"


def _element(element: Json) -> Problems:
    if len(element.get("action_id", "")) > 255:
        yield "action_id must be less than 256 characters"
    if "placeholder" in element:
        yield from _text(element["placeholder"], 150, plain=True)
    kind = element.get("type", "")
    match kind:
        case "button":
            yield from _button(element)
        case "plain_text_input":
            if (
                len(element.get("initial_value", "")) > element.get("max_length", 3000)
                or element.get("max_length", 1) < 1
            ):
                yield "initial_value is longer than max_length"
        case "static_select" | "multi_static_select" | "checkboxes" | "radio_buttons":
            yield from _choice(element)
        case "timepicker":
            if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", element.get("initial_time", "00:00")):
                yield "initial_time is no time"
        case _ if not re.fullmatch(
            r"(multi_)?(users|conversations|channels|external)_select|datepicker|overflow", kind
        ):
            yield f"not an element: {kind}"


def _button(button: Json) -> Problems:
    yield from _text(button.get("text"), 75, plain=True)
    if len(button.get("value", "")) > 2000 or len(button.get("url", "")) > 3000:
        yield "value or url is too long"
    if button.get("style") not in BUTTON_STYLES:
        yield "unknown style"


def _choice(element: Json) -> Problems:
    options = element.get("options", [])
    if not 1 <= len(options) <= 100:
        yield "must have 1 to 100 options"
    for option in options:
        yield from _text(option["text"], 75)
        if not 1 <= len(option["value"]) <= 150:
            yield "value must have 1 to 150 characters"
    chosen = element.get("initial_options", [element["initial_option"]] if "initial_option" in element else None)
    if chosen is not None and (not chosen or any(option not in options for option in chosen)):
        yield "initial options must be some of the options"


_BLOCKS: dict[str, Callable[[Json], Problems]] = {
    "section": _section,
    "header": _header,
    "markdown": _markdown,
    "context": _context,
    "actions": _actions,
    "input": _input,
    "table": _table,
    "rich_text": _rich_text,
}


def view_problems(view: Json) -> list[str]:
    """Return what is wrong with a modal or an App Home: https://docs.slack.dev/reference/views/modal-views."""
    problems = refusal(view.get("blocks", []), most=100, view=True)[1]
    if view.get("type") not in ("modal", "home"):
        problems.append("must be a modal or a home")
    if view.get("type") == "modal":
        titles = [view.get("title"), *(view[name] for name in ("submit", "close") if name in view)]
        problems += [problem for title in titles for problem in _text(title, 24, plain=True)]
        if any(block["type"] == "input" for block in view["blocks"]) and "submit" not in view:
            problems.append("submit is missing")
    if len(view.get("private_metadata", "")) > 3000 or len(view.get("callback_id", "")) > 255:
        problems.append("private_metadata or callback_id is too long")
    if not view.get("blocks"):
        problems.append("blocks are missing")
    return problems


def _letters(value: Any) -> int:
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return sum(_letters(inner) for name, inner in value.items() if name not in ("type", "style"))
    return sum(map(_letters, value)) if isinstance(value, list) else 0

"""Summarise: say what the whole change does from what was noted about its parts.

Nothing here sees lines of the change. Notes that do not fit into one prompt are summarised in groups first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce

from bot.domain.errors import PromptTooLong, TransientError
from bot.domain.finding import Finding
from bot.domain.review import Risk, Usage
from bot.domain.sentence import Sentence, say
from bot.ports.language_model import LanguageModel
from bot.ports.prompts import Prompts
from bot.service.review.ask import add, spent
from bot.service.review.briefing import Briefing
from bot.service.review.claims import SUMMARY_LENGTH, complete_string, whole_object

MOST_KEY_CHANGES = 5
LEAST_SAID = 9
"""Letters of an item of a list below which it says nothing."""

KEYS = ["summary", "key_changes", "risks", "risk"]

SCHEMA = {
    "type": "object",
    "properties": {
        "summary": {"type": "string", "maxLength": 600},
        "key_changes": {"type": "array", "maxItems": MOST_KEY_CHANGES, "items": {"type": "string", "maxLength": 140}},
        "risks": {"type": "array", "maxItems": 4, "items": {"type": "string", "maxLength": 180}},
        "risk": {"enum": [risk.value for risk in Risk]},
    },
    "required": KEYS,
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What the whole change does.

    Attributes:
        unsummarised: Why `text` is empty; None when it is not.
    """

    text: str = ""
    key_changes: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    risk: Risk = Risk.MEDIUM
    unsummarised: Sentence | None = None
    usage: Usage = Usage()


async def summarise(
    notes: Sequence[str],
    findings: Sequence[Finding],
    briefing: Briefing,
    *,
    model: LanguageModel,
    prompts: Prompts,
) -> Summary:
    """Let the model write the summary, from *notes* on the parts and the *findings* that will be shown."""
    if not notes:
        return Summary(unsummarised=say("the model said nothing about any part of it"))
    problems = await _fitting([f"{one.title} ({one.location})" for one in findings], model, room=briefing.room // 3)
    room = briefing.room - briefing.room // 3
    usage = Usage()
    while len(groups := await _groups(notes, model, room=room)) > 1:
        parts = [await _summary(group, (), briefing, model=model, prompts=prompts) for group in groups]
        usage = reduce(add, (part.usage for part in parts), usage)
        if lost := next((part.unsummarised for part in parts if part.unsummarised), None):
            # A summary of the other groups would be taken for one of the whole.
            return Summary(key_changes=tuple(notes[:MOST_KEY_CHANGES]), unsummarised=lost, usage=usage)
        notes = [part.text[:SUMMARY_LENGTH] for part in parts]
    whole = await _summary(notes, problems, briefing, model=model, prompts=prompts)
    key_changes = whole.key_changes or tuple(notes[:MOST_KEY_CHANGES])
    return replace(whole, key_changes=key_changes, usage=add(usage, whole.usage))


async def _fitting(texts: Sequence[str], model: LanguageModel, *, room: int) -> list[str]:
    kept, used = [], 0
    for text, tokens in zip(texts, await model.count_texts([f"- {text}\n" for text in texts]), strict=True):
        used += tokens
        if used > room:
            break
        kept.append(text)
    return kept


async def _groups(notes: Sequence[str], model: LanguageModel, *, room: int) -> list[list[str]]:
    """Split *notes* into groups that fit; at least two in each, so that every round has fewer than the last."""
    groups: list[list[str]] = [[]]
    used = 0
    for note, tokens in zip(notes, await model.count_texts([f"- {note}\n" for note in notes]), strict=True):
        if used + tokens > room and len(groups[-1]) > 1:
            groups.append([])
            used = 0
        groups[-1].append(note)
        used += tokens
    return groups


async def _summary(
    notes: Sequence[str],
    problems: Sequence[str],
    briefing: Briefing,
    *,
    model: LanguageModel,
    prompts: Prompts,
) -> Summary:
    prompt = briefing.prompt(
        prompts.render("review/summarise", notes=notes, problems=problems, language=briefing.language)
    )
    try:
        completion = await model.complete(prompt, max_tokens=briefing.answer, schema=SCHEMA)
    except (PromptTooLong, TransientError) as error:
        return Summary(unsummarised=error.sentence)
    value = whole_object(completion.text) or {"summary": complete_string(completion.text, "summary")}
    text = value.get("summary")
    if not isinstance(text, str) or not text.strip():
        return Summary(unsummarised=say("the model gave no usable answer"), usage=spent(completion))
    return Summary(
        text=text.strip(),
        key_changes=_texts(value.get("key_changes")),
        risks=_texts(value.get("risks")),
        risk=next((level for level in Risk if level == value.get("risk")), Risk.MEDIUM),
        usage=spent(completion),
    )


def _texts(value: object) -> tuple[str, ...]:
    """Keep the items of a list that say something; weak models fill it up with `]`, `risk 1` and `Key_Changes`."""
    items = value if isinstance(value, list) else []
    texts = dict.fromkeys(item.strip() for item in items if isinstance(item, str))
    return tuple(text for text in texts if _says_something(text))


def _says_something(text: str) -> bool:
    is_key = text.strip(" :.-").casefold().replace("-", "_") in KEYS
    return not is_key and sum(map(_weight, text)) >= LEAST_SAID


def _weight(letter: str) -> int:
    # A Chinese or Japanese letter says about as much as three Latin ones.
    return 3 if letter > "\u2e80" else int(letter.isalpha())

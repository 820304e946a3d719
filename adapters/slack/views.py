"""App Home and its form as Slack's blocks. Limits: 100 blocks a view, 3,000 characters of `private_metadata`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.slack.rich import Block, Element, escaped, link, rich_text, section, text
from bot.domain.conversation import ReviewNote
from bot.domain.desk import DeskState
from bot.domain.errors import NotUnderstood
from bot.domain.plain_text import one_line
from bot.domain.sentence import Sentence, Speak, say, say_many
from bot.domain.subscription import WEEKDAYS, Day, Kind, Subscription
from bot.reporting.words import VERDICTS

ADD, EDIT, REMOVE, SUBMIT = "subscription_add", "subscription_edit", "subscription_remove", "subscription_save"
CHANNEL, REPOSITORY, DAYS, AT, TIMEZONE, FILTERS = "channel", "repository", "days", "at", "timezone", "filters"
"""The inputs of the form; the block and the element in it have the same name."""

MOST_SUBSCRIPTIONS, MOST_REVIEWS = 25, 10
MOST_FILTERS = 1000
"""Characters."""

_DAY_NAMES = {
    Day.MONDAY: say("Monday"),
    Day.TUESDAY: say("Tuesday"),
    Day.WEDNESDAY: say("Wednesday"),
    Day.THURSDAY: say("Thursday"),
    Day.FRIDAY: say("Friday"),
    Day.SATURDAY: say("Saturday"),
    Day.SUNDAY: say("Sunday"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """Which subscription a button or a form is about, as it travels through Slack.

    Attributes:
        channel: As in `ThreadRef`.
        id: `Subscription.id`.
        kind: What comes, for where it ended while the form was open.
    """

    channel: str
    id: str
    kind: Kind = Kind.DIGEST

    @property
    def channel_id(self) -> str:
        """Return Slack's own name of the channel."""
        return self.channel.rpartition("/")[2]

    def dump(self) -> str:
        """Write it down for a button or a form."""
        return json.dumps([self.channel, self.id, self.kind])

    @classmethod
    def load(cls, value: str) -> Edited:
        """Read what `dump` wrote.

        Raises:
            NotUnderstood: Something else did, such as another version.
        """
        try:
            channel, name, *kind = map(str, json.loads(value))
            return cls(channel=channel, id=name, kind=Kind(kind[0]) if kind else Kind.DIGEST)
        except (ValueError, TypeError) as error:
            raise NotUnderstood(say("I no longer know what this is about: close it, and open it again.")) from error

    @classmethod
    def of(cls, subscription: Subscription) -> Edited:
        """Name a subscription."""
        return cls(channel=subscription.channel, id=subscription.id, kind=subscription.kind)


def page(
    subscriptions: Sequence[Subscription], reviews: Sequence[ReviewNote], state: DeskState, speak: Speak
) -> dict[str, Any]:
    """Lay out App Home."""
    add = _button(ADD, speak(say("Subscribe to a digest")), "add")
    blocks: list[Block] = [
        _header(speak(say("Digests of your channels"))),
        *(block for one in subscriptions[:MOST_SUBSCRIPTIONS] for block in _subscription(one, speak)),
    ]
    if not subscriptions:
        blocks.append(_words(speak(say("None yet: a digest lists the open pull requests of a repository regularly."))))
    if len(subscriptions) > MOST_SUBSCRIPTIONS:
        blocks.append(_words(speak(say("and {count} more", count=len(subscriptions) - MOST_SUBSCRIPTIONS))))
    blocks += [{"type": "actions", "block_id": "add", "elements": [add]}, _header(speak(say("Recent reviews")))]
    if reviews:
        blocks += [_review(note, speak) for note in reviews[:MOST_REVIEWS]]
    else:
        blocks.append(_words(speak(say("None yet: paste the link of a pull request into a channel that I am in."))))
    blocks += [_header(speak(say("The bot"))), _words("\n".join(map(speak, _state(state))))]
    return {"type": "home", "blocks": blocks}


def form(edited: Subscription | None, speak: Speak, *, timezone: str) -> dict[str, Any]:
    """Lay out the form, filled in with what is *edited*."""
    weekly = edited is not None and edited.kind is Kind.STATS
    days = edited.days if edited else WEEKDAYS
    options = {day: {"text": _text(speak(name)), "value": day.value} for day, name in _DAY_NAMES.items()}
    channel = _input(
        CHANNEL,
        speak(say("Channel")),
        "conversations_select",
        {"filter": {"include": ["public", "private"], "exclude_bot_users": True}},
    )
    view: dict[str, Any] = {
        "type": "modal",
        "callback_id": SUBMIT,
        "title": _text(speak(say("Weekly stats") if weekly else say("Digest"))[:24]),
        "submit": _text(speak(say("Save"))[:24]),
        "close": _text(speak(say("Cancel"))[:24]),
        "blocks": [
            _mrkdwn(f"<#{Edited.of(edited).channel_id}>") if edited else channel,
            _input(REPOSITORY, speak(say("Repository")), "plain_text_input", _repository(edited)),
            _input(
                DAYS,
                speak(say("Days")),
                "multi_static_select",
                {
                    "options": list(options.values()),
                    "initial_options": [options[day] for day in days],
                    **({"max_selected_items": 1} if weekly else {}),
                },
            ),
            _input(AT, speak(say("Time")), "timepicker", {"initial_time": f"{edited.at:%H:%M}" if edited else "09:00"}),
            _input(TIMEZONE, speak(say("Time zone")), "plain_text_input", {"initial_value": timezone}),
            {**_input(FILTERS, speak(say("Filters")), "plain_text_input", _filters(edited)), "optional": True},
        ],
    }
    if edited:
        view["private_metadata"] = Edited.of(edited).dump()
    return view


def _repository(edited: Subscription | None) -> dict[str, Any]:
    filled = {"initial_value": str(edited.pattern)} if edited else {}
    return {**filled, "placeholder": _text("owner/name, owner/*"), "max_length": 200}


def _filters(edited: Subscription | None) -> dict[str, Any]:
    filled = {"initial_value": str(edited.filters)} if edited and edited.filters.terms else {}
    return {**filled, "placeholder": _text("label:urgent -author:renovate age:2d"), "max_length": MOST_FILTERS}


def _subscription(one: Subscription, speak: Speak) -> list[Block]:
    when = speak(
        say(
            "{days} at {at} ({timezone})",
            days=", ".join(speak(_DAY_NAMES[day]) for day in one.days),
            at=f"{one.at:%H:%M}",
            timezone=one.timezone,
        )
    )
    known = Edited.of(one)
    filters = f" · {escaped(str(one.filters))}" if one.filters.terms else ""
    kind = f" · {escaped(speak(say('weekly stats')))}" if one.kind is Kind.STATS else ""
    return [
        _mrkdwn(f"*{escaped(str(one.pattern))}*{kind} · <#{known.channel_id}> · {escaped(when)}{filters}"),
        {
            "type": "actions",
            "elements": [
                _button(EDIT, speak(say("Edit")), known.dump()),
                _button(REMOVE, speak(say("Remove")), known.dump()),
            ],
        },
    ]


def _review(note: ReviewNote, speak: Speak) -> Block:
    found = speak(say_many("{count} finding", "{count} findings", note.findings))
    told = f" {one_line(note.title)[:150]} · {speak(VERDICTS[note.verdict])} · {found} · {note.at:%Y-%m-%d}"
    name = note.target[:200]
    return rich_text(section(link(note.url, name) if note.url else text(name), text(told)))


def _state(state: DeskState) -> list[Sentence]:
    model = (
        say("Model: {name}, {n_ctx} tokens of context.", name=state.model.name, n_ctx=state.model.n_ctx)
        if state.model
        else say("Model: not loaded yet; the first review or question loads it.")
    )
    busy = say(
        "Running or waiting: {reviews}, {answers}.",
        reviews=say_many("{count} review", "{count} reviews", state.reviews),
        answers=say_many("{count} answer", "{count} answers", state.answers),
    )
    return [model, busy]


def _input(name: str, label: str, kind: str, more: Mapping[str, Any]) -> Block:
    element = {"type": kind, "action_id": name, **more}
    return {"type": "input", "block_id": name, "label": _text(label), "element": element}


def _header(words: str) -> Block:
    return {"type": "header", "text": _text(words[:150])}


def _words(words: str) -> Block:
    return {"type": "section", "text": _text(words[:3000])}


def _mrkdwn(words: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": words[:3000]}}


def _text(words: str) -> Element:
    return {"type": "plain_text", "text": words, "emoji": False}


def _button(action: str, label: str, value: str) -> Element:
    return {"type": "button", "action_id": action, "text": _text(label[:75]), "value": value}

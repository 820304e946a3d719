"""App Home: what this person's channels subscribed to and reviewed, and what the bot is busy with.

Only channels that the person is in are shown. Limits: 100 blocks a view, 3,000 characters of `private_metadata`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.slack.api import SlackApi
from adapters.slack.place import SlackPlace
from adapters.slack.rich import Block, Element, escaped, link, rich_text, section, text
from bot.domain.change import RepositoryRef
from bot.domain.command import SubscribeCommand, UnsubscribeCommand
from bot.domain.conversation import ReviewNote
from bot.domain.desk import DeskState
from bot.domain.errors import BotError, ChatRefused, NotUnderstood
from bot.domain.links import parse_repository
from bot.domain.plain_text import one_line
from bot.domain.schedule import parse_days, parse_time, parse_zone
from bot.domain.sentence import Sentence, Speak, say, say_many
from bot.domain.subscription import WEEKDAYS, Day, Subscription
from bot.ports.desk import Desk
from bot.reporting.words import VERDICTS

ADD, EDIT, REMOVE, SUBMIT = "subscription_add", "subscription_edit", "subscription_remove", "subscription_save"
MOST_SUBSCRIPTIONS, MOST_REVIEWS, MOST_CHANNELS = 25, 10, 1000

_DAY_NAMES = {
    Day.MONDAY: say("Monday"),
    Day.TUESDAY: say("Tuesday"),
    Day.WEDNESDAY: say("Wednesday"),
    Day.THURSDAY: say("Thursday"),
    Day.FRIDAY: say("Friday"),
    Day.SATURDAY: say("Saturday"),
    Day.SUNDAY: say("Sunday"),
}


class FormRejected(Exception):
    """What was typed into the form cannot be taken.

    Attributes:
        problems: A sentence for each block of the form that is wrong.
    """

    def __init__(self, problems: Mapping[str, Sentence]) -> None:
        super().__init__(str(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """Which subscription a button or a form is about."""

    channel: str
    repository: str


class Home:
    """Shows App Home and takes what is typed into its form."""

    def __init__(self, api: SlackApi, desk: Desk, speak: Speak, *, web_url: str, timezone: str) -> None:
        self._api = api
        self._desk = desk
        self._speak = speak
        self._web_url = web_url
        self._timezone = timezone

    async def show(self, team: str, user: str) -> None:
        """Publish the page of a person."""
        channels = [f"slack:{team}/{channel}" for channel in await self._channels(user)]
        view = page(
            await self._desk.subscriptions(channels),
            await self._desk.recent_reviews(channels, limit=MOST_REVIEWS),
            self._desk.state(),
            self._speak,
        )
        await self._api.ask(self._api.client.views_publish(user_id=user, view=view))

    async def ask(self, body: Mapping[str, Any]) -> None:
        """Open the form: empty, or for the subscription whose button was pressed."""
        action = body["actions"][0]
        edited: Subscription | None = None
        if action["action_id"] == EDIT:
            wanted = _edited(str(action.get("value", "")))
            mine = await self._desk.subscriptions((wanted.channel,))
            edited = next((one for one in mine if str(one.repository) == wanted.repository), None)
        zone = edited.timezone if edited else await self._zone_of(str(body["user"]["id"]))
        view = form(edited, self._speak, timezone=zone)
        await self._api.ask(self._api.client.views_open(trigger_id=str(body["trigger_id"]), view=view))

    async def remove(self, body: Mapping[str, Any]) -> None:
        """End the subscription whose button was pressed, if this person is in its channel."""
        wanted = _edited(str(body["actions"][0].get("value", "")))
        team, user = str(body["team"]["id"]), str(body["user"]["id"])
        channel = wanted.channel.rpartition("/")[2]
        if channel in await self._channels(user):
            place = SlackPlace(team=team, channel=channel, person=user)
            command = UnsubscribeCommand(repository=parse_repository(wanted.repository, web_url=self._web_url))
            await self._desk.unsubscribe(command, place.audience)
        await self.show(team, user)

    async def save(self, body: Mapping[str, Any]) -> None:
        """Take the form.

        Raises:
            FormRejected: Something in it is wrong.
        """
        team, user = str(body["team"]["id"]), str(body["user"]["id"])
        view = body["view"]
        before = _edited(view["private_metadata"]) if view.get("private_metadata") else None
        values = view["state"]["values"]
        channel = (
            before.channel.rpartition("/")[2] if before else str(values["channel"]["channel"]["selected_conversation"])
        )
        command = self._command(values)
        await self._check_membership(channel, user)
        place = SlackPlace(team=team, channel=channel, person=user)
        try:
            await self._desk.subscribe(command, place.audience)
        except BotError as error:
            raise FormRejected({"repository": error.sentence}) from error
        if before and before.repository.casefold() != str(command.repository).casefold():
            old = parse_repository(before.repository, web_url=self._web_url)
            await self._desk.unsubscribe(UnsubscribeCommand(repository=old), place.audience)

    def _command(self, values: Mapping[str, Any]) -> SubscribeCommand:
        problems: dict[str, Sentence] = {}

        def typed(name: str) -> str:
            return str(values[name][name].get("value") or values[name][name].get("selected_time") or "")

        def understood(name: str, read: Any) -> Any:
            try:
                return read(typed(name))
            except NotUnderstood as error:
                problems[name] = error.sentence
                return None

        repository: RepositoryRef | None = understood(
            "repository", lambda words: parse_repository(words, web_url=self._web_url)
        )
        at = understood("at", parse_time)
        zone = understood("timezone", parse_zone)
        chosen = ",".join(option["value"] for option in values["days"]["days"].get("selected_options") or [])
        if problems or repository is None:
            raise FormRejected(problems)
        return SubscribeCommand(repository=repository, days=parse_days(chosen or "daily"), at=at, timezone=zone)

    async def _check_membership(self, channel: str, user: str) -> None:
        if channel not in await self._channels(user):
            raise FormRejected({"channel": say("You are not in that channel, or I am not: invite me with `/invite`.")})
        try:
            known = await self._api.ask(self._api.client.conversations_info(channel=channel))
        except ChatRefused as error:
            raise FormRejected({"channel": error.sentence}) from error
        if not known.get("channel", {}).get("is_member"):
            raise FormRejected({"channel": say("I am not in that channel: invite me there with `/invite` first.")})

    async def _channels(self, user: str) -> list[str]:
        """Return the ids of the channels that the person and, where they are private, the bot are in."""
        found: list[str] = []
        cursor = ""
        while len(found) < MOST_CHANNELS:
            known = await self._api.ask(
                self._api.client.users_conversations(
                    user=user,
                    types="public_channel,private_channel",
                    exclude_archived=True,
                    limit=200,
                    cursor=cursor or None,
                )
            )
            found += [str(channel["id"]) for channel in known.get("channels", [])]
            cursor = str((known.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                break
        return found

    async def _zone_of(self, user: str) -> str:
        try:
            known = await self._api.ask(self._api.client.users_info(user=user))
        except BotError:
            return self._timezone
        return str(known.get("user", {}).get("tz") or self._timezone)


def page(
    subscriptions: Sequence[Subscription], reviews: Sequence[ReviewNote], state: DeskState, speak: Speak
) -> dict[str, Any]:
    """Lay out the page."""
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
        blocks += [_review(note, speak) for note in reviews]
    else:
        blocks.append(_words(speak(say("None yet: paste the link of a pull request into a channel that I am in."))))
    blocks += [_header(speak(say("The bot"))), _words("\n".join(map(speak, _state(state))))]
    return {"type": "home", "blocks": blocks}


def form(edited: Subscription | None, speak: Speak, *, timezone: str) -> dict[str, Any]:
    """Lay out the form, filled in with what is *edited*."""
    days = edited.days if edited else WEEKDAYS
    options = {day: {"text": _text(speak(name)), "value": day.value} for day, name in _DAY_NAMES.items()}
    channel: Block = {
        "type": "input",
        "block_id": "channel",
        "label": _text(speak(say("Channel"))),
        "element": {
            "type": "conversations_select",
            "action_id": "channel",
            "filter": {"include": ["public", "private"], "exclude_bot_users": True},
        },
    }
    where = _mrkdwn(f"<#{edited.channel.rpartition('/')[2]}>") if edited else channel
    view: dict[str, Any] = {
        "type": "modal",
        "callback_id": SUBMIT,
        "title": _text(speak(say("Digest"))[:24]),
        "submit": _text(speak(say("Save"))[:24]),
        "close": _text(speak(say("Cancel"))[:24]),
        "blocks": [
            where,
            _input("repository", speak(say("Repository")), "plain_text_input", _initial(edited)),
            _input(
                "days",
                speak(say("Days")),
                "multi_static_select",
                {"options": list(options.values()), "initial_options": [options[day] for day in days]},
            ),
            _input(
                "at", speak(say("Time")), "timepicker", {"initial_time": f"{edited.at:%H:%M}" if edited else "09:00"}
            ),
            _input("timezone", speak(say("Time zone")), "plain_text_input", {"initial_value": timezone}),
        ],
    }
    if edited:
        view["private_metadata"] = json.dumps([edited.channel, str(edited.repository)])
    return view


def _initial(edited: Subscription | None) -> dict[str, Any]:
    filled = {"initial_value": str(edited.repository)} if edited else {}
    return {**filled, "placeholder": _text("owner/name"), "max_length": 200}


def _subscription(one: Subscription, speak: Speak) -> list[Block]:
    when = speak(
        say(
            "{days} at {at} ({timezone})",
            days=", ".join(speak(_DAY_NAMES[day]) for day in one.days),
            at=f"{one.at:%H:%M}",
            timezone=one.timezone,
        )
    )
    name = escaped(str(one.repository))
    value = json.dumps([one.channel, str(one.repository)])
    buttons = [_button(EDIT, speak(say("Edit")), value), _button(REMOVE, speak(say("Remove")), value)]
    return [
        _mrkdwn(f"*{name}* · <#{one.channel.rpartition('/')[2]}> · {escaped(when)}"),
        {"type": "actions", "elements": buttons},
    ]


def _review(note: ReviewNote, speak: Speak) -> Block:
    found = speak(say_many("{count} finding", "{count} findings", note.findings))
    told = f" {one_line(note.title)[:150]} · {speak(VERDICTS[note.verdict])} · {found} · {note.at:%Y-%m-%d}"
    return rich_text(section(link(note.url, note.target[:200]), text(told)))


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


def _edited(value: str) -> Edited:
    channel, repository = json.loads(value)
    return Edited(channel=str(channel), repository=str(repository))


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

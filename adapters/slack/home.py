"""App Home: what this person's channels subscribed to and reviewed, and what the bot is busy with.

Only channels that the person is in are shown or changed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import structlog
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from adapters.slack.api import SlackApi
from adapters.slack.form import FormRejected, command_of
from adapters.slack.place import SlackPlace
from adapters.slack.views import (
    ADD,
    CHANNEL,
    EDIT,
    MOST_REVIEWS,
    REMOVE,
    REPOSITORY,
    SUBMIT,
    Edited,
    form,
    page,
)
from bot.domain.access import Audience
from bot.domain.command import UnsubscribeCommand
from bot.domain.errors import BotError, ChatRefused
from bot.domain.sentence import Sentence, Speak, say
from bot.domain.subscription import Subscription
from bot.ports.desk import Desk

log = structlog.get_logger()

FORM_SECONDS = 2.4
"""Slack waits 3 seconds for the answer to a form."""

MOST_CHANNELS = 1000
LONGEST_PROBLEM = 300


class Home:
    """Shows App Home and takes what is typed into its form.

    Args:
        team: The bot's workspace.
        timezone: Of digests where a person has none.
    """

    def __init__(self, api: SlackApi, desk: Desk, speak: Speak, *, team: str, web_url: str, timezone: str) -> None:
        self._api = api
        self._desk = desk
        self._speak = speak
        self._team = team
        self._web_url = web_url
        self._timezone = timezone

    def attach(self, app: AsyncApp) -> None:
        """Listen to everything that happens in App Home."""
        app.event("app_home_opened")(self._opened)
        app.action(ADD)(self._form_wanted)
        app.action(EDIT)(self._form_wanted)
        app.action(REMOVE)(self._removal_wanted)
        app.view(SUBMIT)(self._submitted)

    async def _opened(self, body: dict[str, Any]) -> None:
        if body["event"].get("tab", "home") == "home":
            await self._show(str(body["event"]["user"]))

    async def _form_wanted(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        try:
            await self._ask(body["actions"][0], user=str(body["user"]["id"]), trigger=str(body["trigger_id"]))
        except BotError as error:
            log.warning("slack.form_not_opened", error=type(error).__name__, why=str(error.sentence))

    async def _removal_wanted(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        user = str(body["user"]["id"])
        try:
            await self._remove(Edited.load(str(body["actions"][0].get("value", ""))), user)
        except BotError as error:
            log.warning("slack.not_removed", error=type(error).__name__, why=str(error.sentence))
        await self._show(user)

    async def _submitted(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        user = str(body["user"]["id"])
        try:
            async with asyncio.timeout(FORM_SECONDS):
                await self._save(body["view"], user)
        except FormRejected as rejected:
            await self._reject(ack, rejected.problems)
        except BotError as error:
            await self._reject(ack, {REPOSITORY: error.sentence})
        except TimeoutError:
            await self._reject(ack, {REPOSITORY: say("That took too long. Please try again.")})
        else:
            await ack()
            await self._show(user)

    async def _reject(self, ack: AsyncAck, problems: Mapping[str, Sentence]) -> None:
        errors = {block: self._speak(problem)[:LONGEST_PROBLEM] for block, problem in problems.items()}
        await ack(response_action="errors", errors=errors)

    async def _show(self, user: str) -> None:
        try:
            channels = [f"slack:{self._team}/{channel}" for channel in await self._channels(user)]
            view = page(
                await self._desk.subscriptions(channels),
                await self._desk.recent_reviews(channels, limit=MOST_REVIEWS),
                self._desk.state(),
                self._speak,
            )
            await self._api.ask(self._api.client.views_publish(user_id=user, view=view))
        except BotError as error:
            log.warning("slack.home_not_shown", error=type(error).__name__, why=str(error.sentence))

    async def _ask(self, action: Mapping[str, Any], *, user: str, trigger: str) -> None:
        """Open the form: empty, or for the subscription whose button was pressed."""
        edited: Subscription | None = None
        if action["action_id"] == EDIT:
            wanted = Edited.load(str(action.get("value", "")))
            mine = await self._desk.subscriptions((wanted.channel,))
            edited = next((one for one in mine if Edited.of(one) == wanted), None)
        view = form(edited, self._speak, timezone=edited.timezone if edited else await self._zone_of(user))
        await self._api.ask(self._api.client.views_open(trigger_id=trigger, view=view))

    async def _remove(self, edited: Edited, user: str) -> None:
        """End a subscription, if the person is in its channel."""
        if edited.channel_id in await self._channels(user):
            await self._desk.unsubscribe(UnsubscribeCommand(id=edited.id), self._audience(edited.channel_id, user))

    async def _save(self, view: Mapping[str, Any], user: str) -> None:
        """Take the form.

        Raises:
            FormRejected: Something in it is wrong.
        """
        values = view["state"]["values"]
        before = Edited.load(view["private_metadata"]) if view.get("private_metadata") else None
        channel = before.channel_id if before else str(values[CHANNEL][CHANNEL]["selected_conversation"])
        command = command_of(values, web_url=self._web_url, edited=before)
        # Slack knows no error for an input that is not there, and an edited subscription stays in its channel.
        await self._check_membership(channel, user, shown_at=REPOSITORY if before else CHANNEL)
        try:
            await self._desk.subscribe(command, self._audience(channel, user))
        except BotError as error:
            raise FormRejected({REPOSITORY: error.sentence}) from error

    async def _check_membership(self, channel: str, user: str, *, shown_at: str) -> None:
        if channel not in await self._channels(user):
            raise FormRejected({shown_at: say("You are not in that channel, or I am not: invite me with `/invite`.")})
        try:
            known = await self._api.ask(self._api.client.conversations_info(channel=channel))
        except ChatRefused as error:
            raise FormRejected({shown_at: error.sentence}) from error
        if not known.get("channel", {}).get("is_member"):
            raise FormRejected({shown_at: say("I am not in that channel: invite me there with `/invite` first.")})

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

    def _audience(self, channel: str, user: str) -> Audience:
        return SlackPlace(team=self._team, channel=channel, person=user).audience

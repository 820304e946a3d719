"""A Slack on a port of this machine: Web API and Socket Mode as documented, for the real clients.

    async with StandInSlack() as slack:
        settings = SlackSettings(bot_token=slack.bot_token, app_token=slack.app_token, api_url=slack.api_url, ...)
        ts = await slack.post("C1", "U1", "look at https://github.com/octo/stats/pull/12")
        await slack.until(lambda: slack.thread("C1", ts))

It enforces the documented limits (blocks, texts, membership, acknowledgement within 3 seconds, redelivery), keeps every
call in `calls` and every message in `messages`, as people see them now. A method nobody knows fails the test.
"""

from tests.standins.slack.server import StandInSlack
from tests.standins.slack.world import Message

__all__ = ["Message", "StandInSlack"]

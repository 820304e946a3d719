"""A Slack on a port of this machine: Web API and Socket Mode as documented, for the real clients.

    async with StandInSlack() as slack:
        SlackSettings(bot_token=slack.bot_token, app_token=slack.app_token, api_url=slack.api_url, ...)
        ts = await slack.post("C1", "U1", "@parley look at https://github.com/octo/stats/pull/12")
        (answer,) = await slack.until(lambda: slack.thread("C1", ts))
        slack.press("U2", answer, "dismiss")
        slack.command("C1", "U1", "help")
        await slack.until(lambda: slack.whispered("U1"))

The app is installed from `docs/how-to/slack-manifest.yaml`: it hears what it subscribed to there, may do what the
scopes there allow, and has the commands and shortcuts named there.

What people do (`people.py`): `post`, `edit`, `remove`, `unfurl`, `join`, `link_in_composer`, `command`, `press`,
`shortcut`, `open_home`, `press_home`, `submit`. They type as people do; `writing.py` writes it down as Slack does.
`happen(event, event_id=...)` tells the app anything else. The app is told of its own messages and edits, too.

What people see (`world.py`): `messages`, `standing(channel, thread)`, `by_bot`, `thread`, `whispered(user)`,
`home(user)`, `modals`; `Message.seen` is what is read now and `looks` what was read before. What was asked: `calls`,
`of(method)`, `errors`. `await until(lambda: ...)` waits for any of it, `settled()` for everything to be acknowledged.

Limits (`limits.py`, `api/`) are Slack's, and answered as Slack answers. A method that Slack does not have, or a reply
to a reply, fails the test (`mistakes`). `forward(seconds)` lets triggers expire and streams die.

`refuse_once(method, code)` refuses a call, `lose(method)` does what it asks for and does not answer.

Rate limits (`rates.py`): `storm(method, times)` answers 429; the documented tiers hold anyway. `socket.minute` is how
many seconds Slack's minute has: for tiers, for events that come again, for the end of a connection after its warning.

Socket Mode (`socket_mode.py`): `socket.deliveries` with the acknowledgement of each attempt in milliseconds,
`socket.ack_seconds`, `socket.deaf` (acknowledgements that get lost), `socket.disconnect(reason)`, `socket.drop()`,
`socket.silence()`, `socket.opened` and `socket.living`.
"""

from tests.standins.slack.server import StandInSlack
from tests.standins.slack.socket_mode import Delivery
from tests.standins.slack.world import Message
from tests.standins.slack.writing import pings

__all__ = ["Delivery", "Message", "StandInSlack", "pings"]

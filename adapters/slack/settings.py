"""What the Slack adapter needs to know."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackSettings:
    """Values from the configuration.

    Attributes:
        bot_token: `xoxb-...`, for the Web API.
        app_token: `xapp-...`, for Socket Mode.
        api_url: Where both are asked, ending in a slash.
        web_url: Where the pages of the code host are.
        timezone: Of digests where a person has none.
    """

    bot_token: str = field(repr=False)
    app_token: str = field(repr=False)
    api_url: str
    web_url: str
    timezone: str = "UTC"

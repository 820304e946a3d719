"""The program as a process of its own, for a kill: `python -m tests.journeys.slack.serve SLACK GITHUB DATABASE MODEL`.

MODEL is `stuck`, which never answers, or `answering`.
"""

from __future__ import annotations

import asyncio
import sys

from bot.assembly import assemble
from bot.config import GitHubSettings, MemorySettings, Settings, SlackSettings
from tests.doubles.language_model import ScriptedModel
from tests.journeys.slack.setting import SlowModel
from tests.journeys.test_review_and_ask import answering
from tests.standins.slack import StandInSlack


async def serve(slack: str, github: str, database: str, model: str) -> None:
    """Serve until killed."""
    settings = Settings(
        github=GitHubSettings(api_url=f"{github}/api/v3", web_url=github, token="good"),  # type: ignore[arg-type]  # pydantic makes it a secret
        memory=MemorySettings(database=database),
        slack=SlackSettings(bot_token=StandInSlack.bot_token, app_token=StandInSlack.app_token, api_url=slack),  # type: ignore[arg-type]  # the same
    )
    scripted = SlowModel() if model == "stuck" else ScriptedModel(script=answering)
    async with assemble(settings, model=scripted) as application:
        await application.serve()


if __name__ == "__main__":
    asyncio.run(serve(*sys.argv[1:]))

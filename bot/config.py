"""Settings: a TOML file, overridden by the environment.

The file is looked for at `--config`, `$PARLEY_CONFIG`, `./config.toml`, then in the user's configuration folder;
`PARLEY_GITHUB__TOKEN` overrides `token` of `[github]`. Nothing is guessed silently: a file that was named and is
missing, a misspelt key and an unknown `PARLEY_` variable are errors. Components get values, never the whole.
`bot.configfile` reads them; what is made in code depends on nothing but its arguments.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import chain
from pathlib import Path
from typing import Annotated, Literal, Self

from pathspec import GitIgnoreSpec
from platformdirs import user_data_path
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    HttpUrl,
    SecretStr,
    TypeAdapter,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.domain.errors import NotUnderstood
from bot.domain.finding import Severity
from bot.domain.schedule import parse_days, parse_time, parse_zone

PREFIX = "PARLEY_"

_ADDRESS = re.compile(r"(?:\[[0-9A-Fa-f:]+\]|[A-Za-z0-9.-]+):[0-9]{1,5}")
_PERSON = re.compile(r"[a-z]+:\S+")
_LOGIN = re.compile(r"@?[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
_REPOSITORIES = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*/(?:\*|[A-Za-z0-9._-]+)")

NOT_A_PATTERN = "not_a_pattern"
"""The type of the error for a pattern that no `.gitignore` may have."""


def _web_address(text: str) -> str:
    return str(TypeAdapter(HttpUrl).validate_python(text)).rstrip("/")


def _patterns(lines: tuple[str, ...]) -> tuple[str, ...]:
    try:
        GitIgnoreSpec.from_lines(lines)
    except (ValueError, re.error) as error:
        raise PydanticCustomError(NOT_A_PATTERN, "has a pattern that means nothing in a .gitignore") from error
    return lines


Url = Annotated[str, AfterValidator(_web_address)]
Patterns = Annotated[tuple[str, ...], AfterValidator(_patterns)]


class Section(BaseModel):
    """One table of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True, hide_input_in_errors=True)


class GitHubSettings(Section):
    """The code host, as `[github]`."""

    token: SecretStr = Field(
        default=SecretStr(""), description="personal access token; empty: public repositories, 60 calls an hour"
    )
    app_id: int = Field(default=0, ge=0, description="GitHub App instead of a token: its id")
    private_key_path: str = Field(default="", description="GitHub App: the PEM file with its private key")
    api_url: Url = Field(
        default="https://api.github.com", description="REST address; https://HOST/api/v3 on GitHub Enterprise"
    )
    web_url: Url = Field(default="https://github.com", description="where the links people paste point to")
    max_rate_limit_wait: int = Field(
        default=60, ge=0, description="seconds to wait for GitHub's rate limit before giving up"
    )

    @model_validator(mode="after")
    def _one_identity(self) -> Self:
        if self.app_id and self.token.get_secret_value():
            raise ValueError("token and app_id exclude each other, keep one")
        if self.app_id and not self.private_key_path:
            raise ValueError("app_id needs private_key_path, the PEM file of the GitHub App")
        return self


def _understood(parse: Callable[[str], object]) -> Callable[[str], str]:
    """Check that *parse* understands a text, which stays as it was written."""

    def check(text: str) -> str:
        try:
            parse(text)
        except NotUnderstood as error:
            raise ValueError(str(error.sentence)) from error
        return text

    return check


def _with_slash(url: str) -> str:
    return f"{url}/"


class SlackSettings(Section):
    """The Slack app, as `[slack]`; used when both tokens are there."""

    bot_token: SecretStr = Field(default=SecretStr(""), description="xoxb-..., from OAuth & Permissions of the app")
    app_token: SecretStr = Field(
        default=SecretStr(""), description="xapp-... with connections:write, from Basic Information of the app"
    )
    api_url: Annotated[Url, AfterValidator(_with_slash)] = Field(
        default="https://slack.com/api/", description="Web API; https://slack-gov.com/api/ on GovSlack"
    )

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        missing = [name for name in ("bot_token", "app_token") if not getattr(self, name).get_secret_value()]
        if len(missing) == 1:
            raise ValueError(f"needs both tokens, and {missing[0]} is missing")
        return self

    @property
    def used(self) -> bool:
        """Tell whether the adapter is to be started."""
        return bool(self.bot_token.get_secret_value())


class ModelSettings(Section):
    """The model, as `[model]`."""

    backend: Literal["llama_cpp"] = Field(
        default="llama_cpp", description="who runs the model: llama_cpp, inside this program"
    )
    path: str = Field(default="starter", description='a GGUF file, or "starter": the small model for trying things out')
    n_ctx: int = Field(
        default=0,
        ge=0,
        description="context size in tokens; 0: what the model was trained for, up to 16384, as memory allows",
    )
    n_threads: int = Field(default=0, ge=0, description="processor threads; 0: one per physical core")
    n_gpu_layers: int = Field(default=0, ge=-1, description="layers to put on a GPU; -1: all")
    chat_format: str = Field(
        default="",
        description="name of the chat template, for models that carry none: chatml, llama-3, mistral-instruct, ...",
    )
    max_output_tokens: int = Field(default=700, ge=64, le=8192, description="most tokens of one answer")
    temperature: float = Field(default=0.2, ge=0.0, le=2.0, description="0: always the likeliest word")
    seed: int = Field(default=7, ge=0, description="the same seed gives the same answer")


class ReviewSettings(Section):
    """What a review looks at and how it speaks, as `[review]`."""

    language: str = Field(
        default="en",
        min_length=2,
        description="of the model's answers and the bot's sentences; sentences exist in en and zh",
    )
    min_severity: Severity = Field(
        default=Severity.LOW, description="hide findings that matter less: critical, high, medium, low, info"
    )
    max_findings: int = Field(default=10, ge=1, le=100, description="most findings shown; the rest is counted")
    ignore: Patterns = Field(default=(), description='more files to leave out, as globs: ["docs/**", "*.svg"]')
    instructions: str = Field(default="", description="what the reviewer should also know or mind, in your words")
    max_diff_mib: int = Field(default=5, ge=1, le=100, description="refuse a change whose diff is larger")
    chunk_tokens: int = Field(
        default=3000, ge=200, description="most tokens of the change in one prompt; better models bear more"
    )


class MemorySettings(Section):
    """What is remembered and where, as `[memory]`."""

    database: str = Field(default="", description="SQLite file; empty: parley.sqlite3 in the user's data folder")
    retention_days: int = Field(default=0, ge=0, le=36500, description="forget what is older; 0: keep")

    @property
    def path(self) -> Path:
        """Return the database file with the default filled in."""
        return Path(self.database).expanduser() if self.database else user_data_path("parley") / "parley.sqlite3"


class DigestSettings(Section):
    """When digests are posted where a subscription does not say, as `[digest]`."""

    at: Annotated[str, AfterValidator(_understood(parse_time))] = Field(
        default="09:00", description="local time of day, as HH:MM"
    )
    timezone: Annotated[str, AfterValidator(_understood(parse_zone))] = Field(
        default="UTC", description="IANA name of the zone, such as Europe/Berlin"
    )
    days: Annotated[str, AfterValidator(_understood(parse_days))] = Field(
        default="weekdays", description="daily, weekdays, or days such as mon,wed"
    )
    holidays: str = Field(
        default="", description="no digests on public holidays: a country such as DE or DE-BY, or an .ics file"
    )
    skip_weekends: bool = Field(
        default=False, description="no digests on weekends either, whatever a subscription says"
    )


class WatchSettings(Section):
    """What happens around watched pull requests, as `[watch]`."""

    trigger: str = Field(
        default="parley review", description="a comment on GitHub with these words starts a review; empty: none does"
    )
    poll_seconds: int = Field(
        default=60, ge=10, le=3600, description="seconds between two looks; webhooks make them come at once"
    )


class ServerSettings(Section):
    """What this program listens on, as `[server]`."""

    listen: str = Field(
        default="", description="address such as 127.0.0.1:8080 for /health and webhooks; empty: nothing is listened on"
    )
    webhook_secret: SecretStr = Field(
        default=SecretStr(""), description="the secret of the webhook on GitHub; empty: no webhooks are taken"
    )

    @field_validator("listen")
    @classmethod
    def _address(cls, value: str) -> str:
        if value and not _ADDRESS.fullmatch(value):
            raise ValueError("takes an address such as 127.0.0.1:8080 or [::1]:8080")
        return value

    @property
    def address(self) -> tuple[str, int]:
        """Return host and port."""
        host, _, port = self.listen.rpartition(":")
        return host.strip("[]"), int(port)


class AccessSettings(Section):
    """Who may what, as `[access]`."""

    admins: tuple[str, ...] = Field(
        default=(), description='people who may say allow and disallow in chat: ["slack:T0123/U0456"]'
    )
    repositories: tuple[str, ...] | dict[str, tuple[str, ...]] = Field(
        default=(),
        description='private repositories for every channel: ["acme/web", "acme/*"], '
        'or by channel: {"slack:T0123/C0456" = ["acme/api"]}; public ones need no entry',
    )

    @field_validator("repositories")
    @classmethod
    def _patterns(
        cls, value: tuple[str, ...] | dict[str, tuple[str, ...]]
    ) -> tuple[str, ...] | dict[str, tuple[str, ...]]:
        lists = value.values() if isinstance(value, dict) else [value]
        for pattern in chain.from_iterable(lists):
            if not _REPOSITORIES.fullmatch(pattern):
                raise ValueError(f"takes names such as acme/web and acme/*, which {pattern!r} is not")
        return value

    @property
    def by_channel(self) -> Mapping[str, tuple[str, ...]]:
        """Return the patterns by channel; those of every channel stand under `*`."""
        return self.repositories if isinstance(self.repositories, dict) else {"*": self.repositories}


def _person(name: str) -> str:
    if not _PERSON.fullmatch(name):
        raise ValueError(f"takes people such as slack:T0123/U0456, which {name!r} is not")
    return name


def _login(login: str) -> str:
    if not _LOGIN.fullmatch(login):
        raise ValueError(f"takes logins of GitHub, which {login!r} is not")
    return login.removeprefix("@")


class PromptSettings(Section):
    """The words that go to the model, as `[prompts]`."""

    folder: str = Field(default="", description="templates here replace those of the same name in prompts/")

    @property
    def path(self) -> Path | None:
        """Return the folder, None where the shipped templates are used alone."""
        return Path(self.folder).expanduser() if self.folder else None


class Settings(BaseSettings):
    """Everything that can be set."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True, hide_input_in_errors=True
    )

    github: GitHubSettings = GitHubSettings()
    slack: SlackSettings = SlackSettings()
    model: ModelSettings = ModelSettings()
    review: ReviewSettings = ReviewSettings()
    memory: MemorySettings = MemorySettings()
    digest: DigestSettings = DigestSettings()
    watch: WatchSettings = WatchSettings()
    server: ServerSettings = ServerSettings()
    access: AccessSettings = AccessSettings()
    people: dict[Annotated[str, AfterValidator(_person)], Annotated[str, AfterValidator(_login)]] = Field(
        default={},
        description='who is who: "slack:T0123/U0456" = "login"; digests mention them where they must act',
    )
    prompts: PromptSettings = PromptSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take arguments only; `bot.configfile.read` puts file and environment together and can name both."""
        return (init_settings,)

"""Settings: a TOML file, overridden by the environment.

The file is looked for at `--config`, `$PARLEY_CONFIG`, `./config.toml`, then in the user's configuration folder;
`PARLEY_GITHUB__TOKEN` overrides `token` of `[github]`. Nothing is guessed silently: a file that was named and is
missing, a misspelt key and an unknown `PARLEY_` variable are errors. Components get values, never the whole.
`bot.configfile` reads them; what is made in code depends on nothing but its arguments.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal, Self

from pathspec import GitIgnoreSpec
from platformdirs import user_data_path
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, HttpUrl, SecretStr, TypeAdapter, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.domain.finding import Severity

PREFIX = "PARLEY_"

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
    model: ModelSettings = ModelSettings()
    review: ReviewSettings = ReviewSettings()
    memory: MemorySettings = MemorySettings()
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

"""The configuration: where it is found, what goes before what, and one sentence for each mistake."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from bot.config import Settings
from bot.configfile import find, read
from bot.domain.errors import ConfigInvalid
from bot.domain.finding import Severity
from tests.config_example import example

ROOT = Path(__file__).parent.parent
SECRET = "ghp_dontshowme"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in an empty folder, with an empty folder for the user's configuration."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))


def written(text: str, name: str = "config.toml") -> Path:
    file = Path(name)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def complaint(text: str = "", environ: Mapping[str, str] | None = None) -> str:
    file = written(text) if text else None
    with pytest.raises(ConfigInvalid) as caught:
        read(file, environ or {})
    return str(caught.value)


def test_without_a_file_everything_has_its_default() -> None:
    assert read(None, {}) == Settings()


def test_the_example_is_made_from_the_settings() -> None:
    assert (ROOT / "config.example.toml").read_text(encoding="utf-8") == example()


def test_the_example_holds_every_key_with_its_default() -> None:
    parsed = tomllib.loads((ROOT / "config.example.toml").read_text(encoding="utf-8"))

    defaults = Settings().model_dump(mode="json")
    defaults["github"]["token"] = ""  # dumped as stars
    assert parsed == defaults
    assert read(ROOT / "config.example.toml", {}) == Settings()


def test_every_key_says_what_it_means_in_one_line() -> None:
    for section, table in Settings():
        if isinstance(table, dict):
            assert Settings.model_fields[section].description
            continue
        for key, field in type(table).model_fields.items():
            assert field.description, key
            assert "\n" not in field.description


def test_the_named_file_goes_before_the_variable_before_the_folder_before_the_user() -> None:
    usual = {"PARLEY_CONFIG": "variable.toml"}
    user = written("", "home/parley/config.toml").absolute()
    assert find(None, {}) == user
    here = written("")
    assert find(None, {}) == here
    assert find(None, usual) == Path("variable.toml")
    assert find(Path("named.toml"), usual) == Path("named.toml")


def test_the_environment_goes_before_the_file_key_by_key() -> None:
    file = written('[model]\npath = "a.gguf"\nn_ctx = 4096\n')

    settings = read(file, {"PARLEY_MODEL__N_CTX": "8192", "PARLEY_REVIEW__IGNORE": '["docs/**"]', "OTHER": "x"})

    assert (settings.model.path, settings.model.n_ctx, settings.review.ignore) == ("a.gguf", 8192, ("docs/**",))


def test_settings_made_in_code_do_not_look_at_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_MODEL__N_CTX", "1")
    assert Settings().model.n_ctx == 0


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        Settings().model.n_ctx = 3


def test_a_file_that_begins_with_a_byte_order_mark_is_read() -> None:
    file = Path("config.toml")
    file.write_bytes(b'\xef\xbb\xbf[review]\nmin_severity = "high"\n')
    assert read(file, {}).review.min_severity is Severity.HIGH


def test_addresses_lose_their_last_slash() -> None:
    file = written('[github]\napi_url = "https://ghe.example.org/api/v3/"\n')
    assert read(file, {}).github.api_url == "https://ghe.example.org/api/v3"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[github]\ntokne = 'x'", "config.toml: [github] has no key tokne, did you mean token."),
        ("[reviews]", "config.toml: there is no section [reviews], did you mean review."),
        (
            "[kitchen]",
            "config.toml: there is no section [kitchen], config.example.toml lists what there is.",
        ),
        ("token = 'x'", "config.toml: token stands outside of its section, write it below [github]."),
        ("github = 3", "config.toml: [github] must be a table of keys."),
        ("[model]\npath = 3", "config.toml: path of [model] must be text in quotes."),
        (
            "[model]\nn_ctx = 'many'",
            "config.toml: n_ctx of [model] should be a valid integer, unable to parse string as an integer.",
        ),
        ("[model]\nbackend = 'oven'", "config.toml: backend of [model] should be 'llama_cpp'."),
        (
            "[review]\nmin_severity = 'bad'",
            "config.toml: min_severity of [review] should be 'critical', 'high', 'medium', 'low' or 'info'.",
        ),
        (
            "[review]\nmax_findings = 0",
            "config.toml: max_findings of [review] should be greater than or equal to 1.",
        ),
        ("[review]\nignore = 'docs'", "config.toml: ignore of [review] must be a list."),
        ("[review]\nignore = [1]", "config.toml: ignore of [review] must be text in quotes."),
        *(
            (
                f"[review]\nignore = ['*.svg', '{pattern}', '!']",
                "config.toml: ignore of [review] has a pattern that means nothing in a .gitignore, such as `!` alone.",
            )
            for pattern in ("!", "[z-a]", "a\\")
        ),
        (
            "[memory]\nretention_days = 36501",
            "config.toml: retention_days of [memory] should be less than or equal to 36500.",
        ),
        (
            "[github]\nweb_url = 'github.com'",
            "config.toml: web_url of [github] should be a valid URL, relative URL without a base.",
        ),
        (
            f"[github]\ntoken = '{SECRET}'\napp_id = 3",
            "config.toml: [github] token and app_id exclude each other, keep one.",
        ),
        (
            "[github]\napp_id = 3",
            "config.toml: [github] app_id needs private_key_path, the PEM file of the GitHub App.",
        ),
        (
            "[model]\na = 1\nb = 2\nc = 3\nn_ctxx = 4\n",
            "config.toml: [model] has no key a, config.example.toml lists what there is; "
            "config.toml: [model] has no key b, config.example.toml lists what there is; "
            "config.toml: [model] has no key c, config.example.toml lists what there is; 1 more.",
        ),
        (
            "[model\n",
            "The configuration file config.toml is not valid TOML: "
            "Expected ']' at the end of a table declaration (at line 1, column 7).",
        ),
    ],
)
def test_a_mistake_in_the_file_is_one_sentence(text: str, sentence: str) -> None:
    assert complaint(text) == sentence


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        (
            {"PARLEY_TOKEN": SECRET},
            "The environment variable PARLEY_TOKEN is not known, did you mean PARLEY_GITHUB__TOKEN.",
        ),
        (
            {"PARLEY_GITHUB_TOKEN": SECRET},
            "The environment variable PARLEY_GITHUB_TOKEN is not known, did you mean PARLEY_GITHUB__TOKEN.",
        ),
        (
            {"parley_zzz": "1"},
            "The environment variable parley_zzz is not known, config.example.toml lists what there is.",
        ),
        (
            {"PARLEY_MODEL__N_CTX": SECRET},
            "PARLEY_MODEL__N_CTX should be a valid integer, unable to parse string as an integer.",
        ),
        (
            {"PARLEY_REVIEW__IGNORE": "docs/**"},
            'PARLEY_REVIEW__IGNORE takes a list written as JSON, such as ["docs/**", "*.svg"].',
        ),
        (
            {"PARLEY_GITHUB__APP_ID": "3", "PARLEY_GITHUB__TOKEN": SECRET},
            "[github] token and app_id exclude each other, keep one.",
        ),
        (
            {"PARLEY_CONFIG": "gone.toml"},
            "The configuration file gone.toml does not exist: check --config and $PARLEY_CONFIG.",
        ),
    ],
)
def test_a_mistake_in_the_environment_is_one_sentence(environ: dict[str, str], sentence: str) -> None:
    assert complaint(environ=environ) == sentence


def test_a_folder_or_bytes_instead_of_a_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "latin").write_bytes(b"# \xe9")

    with pytest.raises(ConfigInvalid, match="cannot be read: Is a directory"):
        read(tmp_path, {})
    with pytest.raises(ConfigInvalid, match="is not UTF-8 text"):
        read(tmp_path / "latin", {})


@pytest.mark.parametrize(
    "text",
    [
        f"[github]\ntoken = ['{SECRET}']",
        f"[github]\ntoken = '{SECRET}'\napp_id = 3",
        f"token = '{SECRET}'",
        f"[model]\nn_ctx = '{SECRET}'",
    ],
)
def test_no_error_repeats_a_value_not_even_its_cause(text: str) -> None:
    with pytest.raises(ConfigInvalid) as caught:
        read(written(text), {})

    assert SECRET not in f"{caught.value} {caught.value.__cause__}"


def test_a_token_is_not_shown_by_accident() -> None:
    settings = read(written(f"[github]\ntoken = '{SECRET}'"), {})

    assert SECRET not in repr(settings)
    assert settings.github.token == SecretStr(SECRET)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ('[slack]\nbot_token = "xoxb-1"\n', "[slack] needs both tokens, and app_token is missing"),
        ('[digest]\nat = "25:00"\n', "23:00"),
        ('[people]\nada = "ada"\n', "people such as slack:T0123/U0456"),
        ('[people]\n"slack:T1/U1" = "not a login"\n', "logins of GitHub"),
        ('[digest]\ntimezone = "Europe/Berln"\n', "Europe/Berlin"),
        ('[digest]\ndays = "funday"\n', "mon,wed"),
        ('[access]\nrepositories = ["acme"]\n', "acme/web"),
        ('[access]\nrepositories = {"slack:T1/C1" = ["acme/"]}\n', "acme/web"),
    ],
)
def test_what_chats_cannot_use_is_said_with_what_they_could(text: str, hint: str) -> None:
    assert hint in complaint(text)


def test_private_repositories_are_allowed_everywhere_or_by_channel() -> None:
    everywhere = read(written('[access]\nrepositories = ["acme/*"]\n'), {})
    by_channel = read(written('[access.repositories]\n"slack:T1/C1" = ["acme/api"]\n'), {})

    assert everywhere.access.by_channel == {"*": ("acme/*",)}
    assert by_channel.access.by_channel == {"slack:T1/C1": ("acme/api",)}


def test_the_address_of_slack_ends_in_a_slash_however_it_is_written() -> None:
    addresses = [read(written(f'[slack]\napi_url = "https://slack.example/api{end}"\n'), {}) for end in ("", "/")]

    assert {settings.slack.api_url for settings in addresses} == {"https://slack.example/api/"}


def test_tokens_of_slack_are_not_shown() -> None:
    settings = read(written(f'[slack]\nbot_token = "{SECRET}"\napp_token = "{SECRET}"\n'), {})

    assert settings.slack.used
    assert SECRET not in repr(settings)

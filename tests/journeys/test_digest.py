"""A digest on the command line and in a terminal chat, by processes of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.program import parley
from tests.standins.github import StandInGitHub, StandInPull


@pytest.fixture
def environment(github: StandInGitHub) -> dict[str, str]:
    github.served.add(
        "acme/web",
        StandInPull(number=1, title="Add *login*", labels=("urgent",), decision="APPROVED"),
        StandInPull(number=2, title="Bump it", bot=True),
        StandInPull(number=3, title="Draw it", draft=True),
    )
    github.served.add("acme/api", StandInPull(number=9, title="Speed up", labels=("urgent",), decision="APPROVED"))
    return {
        "PARLEY_GITHUB__API_URL": github.api_url,
        "PARLEY_GITHUB__WEB_URL": github.web_url,
        "PARLEY_GITHUB__TOKEN": "good",
    }


def test_it_is_printed_by_who_must_act(tmp_path: Path, environment: dict[str, str]) -> None:
    done = parley("digest", "acme/web", folder=tmp_path, environment=environment)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("# 2 open pull requests in acme/web\n\n## Approved and ready to merge (1)\n\n- [Add ")
    assert "/acme/web/pull/1) (#1) · by ada · " in done.stdout
    assert "## Drafts (1)" in done.stdout
    assert done.stdout.endswith("1 by a bot is not shown; `bots:yes` shows it.\n")


def test_all_of_an_owner_is_filtered(tmp_path: Path, environment: dict[str, str]) -> None:
    done = parley("digest", "acme/*", "label:urgent", folder=tmp_path, environment=environment)

    assert done.returncode == 0
    assert done.stdout.count("- [") == 2
    assert "(acme/api#9)" in done.stdout


@pytest.mark.parametrize(
    ("words", "code", "hint"),
    [
        (["acme/nothing"], 3, "acme/nothing was not found"),
        (["nobody/*"], 3, "nobody/* was not found"),
        (["acme/web", "lable:x"], 2, "did you mean label:"),
        (["acme"], 2, "acme names no repository"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(
    tmp_path: Path, environment: dict[str, str], words: list[str], code: int, hint: str
) -> None:
    done = parley("digest", *words, folder=tmp_path, environment=environment)

    assert (done.returncode, done.stdout) == (code, "")
    assert hint in done.stderr
    assert done.stderr.count("\n") == 1


def test_one_that_cannot_be_read_does_not_keep_the_others(tmp_path: Path, environment: dict[str, str]) -> None:
    done = parley("digest", "acme/nothing", "acme/api", folder=tmp_path, environment=environment)

    assert done.returncode == 3
    assert "Speed up" in done.stdout
    assert "acme/nothing was not found" in done.stdout


def test_on_the_terminal_it_is_shown_and_nothing_is_promised_for_later(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    said = b"digest acme/web -label:urgent bots:yes\nsubscribe acme/web\nwatch acme/web\nsnooze 3d\nlist\n"
    done = parley("chat", folder=tmp_path, environment=environment, said=said)

    assert done.returncode == 0
    assert "Bump it" in done.stdout
    assert "login" not in done.stdout
    assert done.stdout.count("here `digest owner/name` shows one") == 2
    assert "not on this terminal" in done.stdout
    assert "This channel has no subscriptions" in done.stdout

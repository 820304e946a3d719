"""What a command line can name."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.change import DiffFile, GitRange, PullRequestRef, Target
from bot.domain.errors import NotUnderstood
from bot.domain.targets import parse_target
from tests.builders import a_ref

WEB = "https://github.com"


def named(text: str, *, local: bool = True) -> Target:
    return parse_target(text, web_url=WEB, local=local, folder=Path("work"))


def test_a_dash_is_standard_input() -> None:
    assert named("-") == DiffFile(path=None)


def test_a_link_and_a_short_name_are_a_pull_request() -> None:
    assert named("https://github.com/octo/stats/pull/12/files") == a_ref("octo/stats#12")
    assert named("octo/stats#12") == a_ref("octo/stats#12")


@pytest.mark.parametrize(
    ("web_url", "link"),
    [
        ("https://github.com", "github.com/octo/stats/pull/12"),
        ("https://github.com/", "GITHUB.com/octo/stats/pull/12/files"),
        ("https://git.example.org:8443/scm", "git.example.org:8443/scm/octo/stats/pull/12"),
        ("http://127.0.0.1:8080", "<127.0.0.1:8080/octo/stats/pull/12>,"),
    ],
)
def test_a_link_to_the_configured_host_needs_no_scheme(web_url: str, link: str) -> None:
    assert parse_target(link, web_url=web_url, local=False, folder=Path()) == a_ref("octo/stats#12")


@pytest.mark.parametrize(
    "link",
    [
        "gitlab.com/octo/stats/pull/12",
        "github.com.evil.example/octo/stats/pull/12",
        "evil.example/github.com/octo/stats/pull/12",
        "github.com@evil.example/octo/stats/pull/12",
        "github.com:8443/octo/stats/pull/12",
        "//github.com/octo/stats/pull/12",
    ],
)
def test_a_link_without_a_scheme_to_another_host_names_nothing(link: str) -> None:
    with pytest.raises(NotUnderstood):
        named(link, local=False)


@pytest.mark.parametrize("name", ["x.diff", "x.PATCH", "with space.diff", "./x", "../x", "/tmp/x", "0..1.diff"])
def test_a_file_is_named_by_its_path_or_its_ending(name: str) -> None:
    assert named(name) == DiffFile(path=Path(name))


def test_a_file_that_is_there_needs_no_ending(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "change").touch()
    monkeypatch.chdir(tmp_path)

    assert named("change") == DiffFile(path=Path("change"))


def test_a_home_without_an_owner_is_an_ordinary_name() -> None:
    assert named("~nobody-of-this-name/x.diff") == DiffFile(path=Path("~nobody-of-this-name/x.diff"))


@pytest.mark.parametrize("name", ["main...HEAD", "main..", "HEAD~1", "@{u}..HEAD", "origin/main...größe"])
def test_a_range_is_of_the_given_repository(name: str) -> None:
    assert named(name) == GitRange(folder=Path("work"), range=name)


@pytest.mark.parametrize(
    "name", ["", "nothing", "some/where", "a b", "..", "...", "-x", "--help", "x\0.diff", "a..b..c"]
)
def test_anything_else_is_explained(name: str) -> None:
    with pytest.raises(NotUnderstood, match=r"owner/repository#12, \.diff and \.patch files, and ranges"):
        named(name)


@pytest.mark.parametrize("name", ["-", "x.diff", "/etc/passwd", "main...HEAD", "HEAD~1"])
def test_nothing_of_this_machine_is_named_from_elsewhere(name: str) -> None:
    with pytest.raises(NotUnderstood):
        named(name, local=False)


@given(st.text(), st.booleans())
def test_nothing_but_not_understood_is_raised(text: str, local: bool) -> None:
    target: Target | None = None
    with suppress(NotUnderstood):
        target = named(text, local=local)

    assert target is None or local or isinstance(target, PullRequestRef)

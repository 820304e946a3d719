"""A token, a GitHub App, or nobody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from bot.domain.errors import ConfigInvalid, PullRequestNotFound
from bot.github.changes import GitHubChanges
from tests.github.conftest import REF, MakeChanges
from tests.standins.github import StandInGitHub, faults

APP = 4711


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Make the private key of an app, in a file, and its public half."""
    key = generate_private_key(public_exponent=65537, key_size=2048)
    path = tmp_path_factory.mktemp("app") / "private-key.pem"
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()))
    return path, key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@pytest.fixture
def app(github: StandInGitHub, make_changes: MakeChanges, keys: tuple[Path, str]) -> GitHubChanges:
    """Ask as an app that is installed."""
    github.served.app = (APP, keys[1])
    github.served.private = True
    return make_changes(github, token="", app_id=APP, private_key_path=str(keys[0]))


async def test_an_app_takes_four_requests_at_first_and_then_two(github: StandInGitHub, app: GitHubChanges) -> None:
    first = await app.fetch(REF)
    again = await app.fetch(REF)

    assert first == again
    assert github.kinds == ["installation", "access_tokens", "graphql", "diff", "graphql", "diff"]


async def test_an_app_that_is_not_installed_is_told_so(github: StandInGitHub, app: GitHubChanges) -> None:
    github.faults.append(faults.not_found("installation"))

    with pytest.raises(PullRequestNotFound, match=r"octo/hello\.world does not exist, or the GitHub App of \[github\]"):
        await app.fetch(REF)


@pytest.mark.parametrize("content", [None, b"", b"no key", b"\xff\xfe"])
async def test_a_private_key_that_is_none_is_named(
    content: bytes | None, tmp_path: Path, github: StandInGitHub, make_changes: MakeChanges
) -> None:
    path = tmp_path / "key.pem"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(ConfigInvalid, match=r"key\.pem \(private_key_path of \[github\]\) is no readable PEM file"):
        await make_changes(github, token="", app_id=APP, private_key_path=str(path)).fetch(REF)


@pytest.mark.parametrize(
    "settings",
    [
        {"app_id": APP},
        {"private_key_path": "key.pem"},
        {"app_id": APP, "private_key_path": "key.pem", "token": "good"},
    ],
)
def test_half_an_app_or_an_app_with_a_token_is_a_mistake(settings: dict[str, Any]) -> None:
    with pytest.raises(ConfigInvalid, match=r"\[github\]"):
        GitHubChanges(**settings)


@pytest.mark.parametrize("token", ["two words", "line\nfeed", "Umläut", "nul\0"])
def test_a_token_that_cannot_be_sent_is_a_mistake(token: str) -> None:
    with pytest.raises(ConfigInvalid, match=r"token of \[github\] has a character that no token has") as caught:
        GitHubChanges(token=token)

    assert token not in str(caught.value)


async def test_space_around_a_token_is_no_part_of_it(github: StandInGitHub, make_changes: MakeChanges) -> None:
    assert (await make_changes(github, token=" good\n").fetch(REF)).pull_request.ref == REF


async def test_the_check_tells_who_we_are_with_one_request(
    github: StandInGitHub, changes: GitHubChanges, nobody: GitHubChanges, app: GitHubChanges
) -> None:
    said = [str(await source.check()) for source in (changes, nobody, app)]

    assert said == [
        "GitHub knows us as ada, 4998 calls left.",
        "GitHub answers without a token: public repositories only, 4997 calls left.",
        "GitHub knows us as Parley, 4996 calls left.",
    ]
    assert github.kinds == ["user", "rate_limit", "app"]

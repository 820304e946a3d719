"""Who is let in, what is said to the others, and what is written down of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.domain.access import Audience
from bot.domain.change import DiffFile, GitRange, PullRequestRef, RepositoryRef, Target
from bot.domain.conversation import ReviewRecord
from bot.domain.errors import (
    AccessRefused,
    BotError,
    CodeHostUnavailable,
    NotAllowed,
    PullRequestNotFound,
    RateLimited,
)
from bot.domain.sentence import say
from bot.service.access import Access
from tests.builders import HEAD, a_change, a_pull_request, a_record, a_ref, a_review
from tests.doubles.clock import FakeClock
from tests.doubles.code_host import FixedCodeHost
from tests.doubles.grants import DictGrants

MONA = Audience(channel="slack:T1/C2", person="slack:T1/U2")
ROOT = Audience(channel="slack:T1/C2", person="slack:T1/U1")
ELSEWHERE = Audience(channel="slack:T1/C3", person="slack:T1/U2")
TERMINAL = Audience(channel="console", person="console", local=True)

SECRET = a_ref("octo/secret#12")
AWAY = CodeHostUnavailable(say("GitHub cannot be reached."))


def a_code_host(failure: BotError | None = None) -> FixedCodeHost:
    return FixedCodeHost(repositories={"octo/stats": False, "octo/secret": True}, failure=failure)


def an_access(
    code_host: FixedCodeHost | None = None,
    grants: DictGrants | None = None,
    allowed: Mapping[str, Collection[str]] | None = None,
) -> Access:
    return Access(
        code_host=code_host or a_code_host(),
        grants=grants or DictGrants(),
        clock=FakeClock(),
        allowed=allowed or {},
        admins=(ROOT.person,),
    )


def a_record_of(name: str, key: str, *, private: bool | None = False) -> ReviewRecord:
    about = a_pull_request(ref=a_ref(name), private=private)
    return a_record(id=key, target=name, review=a_review(pull_request=about), change=a_change(pull_request=about))


async def refusal(access: Access, audience: Audience, target: Target) -> str:
    with pytest.raises(NotAllowed) as raised:
        await access.admit(audience, target)
    return str(raised.value.sentence)


async def test_a_public_pull_request_is_for_everybody() -> None:
    glance = await an_access().admit(MONA, a_ref("Octo/Stats#12"))

    assert glance is not None
    assert (str(glance.ref), glance.head_sha) == ("octo/stats#12", HEAD)


async def test_a_private_pull_request_is_refused_with_what_to_do() -> None:
    assert await refusal(an_access(), MONA, SECRET) == (
        "I cannot show octo/secret#12 here: it does not exist, or this channel may not see it. If it should, an admin "
        "says `allow octo/secret` here."
    )


@pytest.mark.parametrize(
    "allowed", [{"*": ["octo/secret"]}, {"*": ["octo/*"]}, {"slack:T1/C2": ["OCTO/Secret"]}, {MONA.channel: ["octo/*"]}]
)
async def test_the_configuration_allows_by_channel_or_for_all(allowed: Mapping[str, Collection[str]]) -> None:
    assert await an_access(allowed=allowed).admit(MONA, SECRET) is not None


async def test_what_another_channel_was_given_is_not_for_this_one() -> None:
    grants = DictGrants()
    access = an_access(grants=grants, allowed={ELSEWHERE.channel: ["octo/secret"]})
    await access.allow(Audience(channel="slack:T1/C4", person=ROOT.person), "octo/*")

    assert await refusal(access, MONA, SECRET)
    assert await access.admit(ELSEWHERE, SECRET) is not None


async def test_an_admin_allows_and_takes_it_back() -> None:
    access = an_access()

    said = str(await access.allow(ROOT, "octo/secret"))
    glance = await access.admit(MONA, SECRET)
    taken = str(await access.disallow(ROOT, "Octo/secret"))

    assert glance is not None
    assert said == "This channel may see octo/secret from now on."
    assert "no longer allowed" in taken
    assert await refusal(access, MONA, SECRET)


async def test_taking_back_what_was_not_given_names_the_configuration() -> None:
    assert "[access]" in str(await an_access().disallow(ROOT, "octo/secret"))


@pytest.mark.parametrize("verb", ["allow", "disallow"])
async def test_who_is_no_admin_learns_what_an_operator_must_write(verb: str) -> None:
    grants = DictGrants(given={MONA.channel: ["octo/web"]})
    access = an_access(grants=grants)

    with pytest.raises(NotAllowed) as raised:
        await getattr(access, verb)(MONA, "octo/web")

    assert "`slack:T1/U2`" in str(raised.value.sentence)
    assert "admins of [access]" in str(raised.value.sentence)
    assert grants.given == {MONA.channel: ["octo/web"]}


async def test_an_admin_is_one_by_the_name_that_nobody_else_can_take() -> None:
    access = an_access()

    assert access.is_admin(ROOT)
    assert not access.is_admin(MONA)
    assert not access.is_admin(Audience(channel=ROOT.channel, person="slack:T2/U1"))


async def test_a_terminal_sees_everything_and_has_nothing_to_allow() -> None:
    code_host, grants = a_code_host(AWAY), DictGrants()
    access = an_access(code_host, grants)

    assert await access.admit(TERMINAL, SECRET) is None
    assert await access.admit(TERMINAL, DiffFile(path=Path("x.diff"))) is None
    await access.admit_repository(TERMINAL, SECRET.repository_ref)
    assert "nothing to allow" in str(await access.allow(TERMINAL, "octo/secret"))
    assert "nothing to allow" in str(await access.disallow(TERMINAL, "octo/secret"))
    assert (code_host.asked, grants.given) == ([], {})


@pytest.mark.parametrize("target", [DiffFile(path=Path("/etc/passwd")), GitRange(folder=Path("/"), range="a..b")])
async def test_nothing_of_this_machine_is_for_a_chat(target: Target) -> None:
    code_host = a_code_host()
    access = an_access(code_host, allowed={"*": ["octo/*"]})

    assert "not from a chat" in await refusal(access, MONA, target)
    assert code_host.asked == []


names = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9-]{0,12}", fullmatch=True)
NEVER_GIVEN = st.sampled_from([{}, {"*": ["acme/*"]}, {ELSEWHERE.channel: ["octo/*"]}])


@given(owner=names, name=names, number=st.integers(1, 10**8), allowed=NEVER_GIVEN)
async def test_without_a_grant_missing_private_and_unreadable_cannot_be_told_apart(
    owner: str, name: str, number: int, allowed: Mapping[str, Collection[str]]
) -> None:
    ref = PullRequestRef(owner=owner, repository=name, number=number)
    if owner.casefold() == "acme":
        return
    known = str(ref.repository_ref).swapcase()
    worlds = [
        FixedCodeHost(repositories={}),
        FixedCodeHost(repositories={known: True}, numbers={number}),
        FixedCodeHost(repositories={known: True}, numbers=set()),
        FixedCodeHost(repositories={known: False}, numbers=set()),
        FixedCodeHost(repositories={known: True}, failure=PullRequestNotFound(say("{name}!", name=str(ref)))),
        FixedCodeHost(repositories={known: True}, failure=AccessRefused(say("Sign on to octo first."))),
    ]

    sentences = {await refusal(an_access(world, allowed=allowed), MONA, ref) for world in worlds}

    assert len(sentences) == 1


@pytest.mark.parametrize(
    "code_host",
    [
        FixedCodeHost(repositories={}),
        FixedCodeHost(repositories={"octo/secret": True}),
        FixedCodeHost(repositories={"octo/secret": True}, failure=AccessRefused(say("Sign on to octo first."))),
    ],
)
async def test_without_a_grant_a_repository_is_refused_alike_too(code_host: FixedCodeHost) -> None:
    with pytest.raises(NotAllowed) as raised:
        await an_access(code_host).admit_repository(MONA, SECRET.repository_ref)

    assert str(raised.value.sentence) == (
        "I cannot show octo/secret here: it does not exist, or this channel may not see it. If it should, an admin "
        "says `allow octo/secret` here."
    )


async def test_a_channel_that_was_given_the_repository_hears_what_the_code_host_says() -> None:
    access = an_access(allowed={"*": ["octo/secret"]})

    with pytest.raises(PullRequestNotFound, match="octo/secret#99 was not found"):
        await access.admit(MONA, a_ref("octo/secret#99"))


async def test_a_repository_under_an_old_name_is_judged_by_where_it_is_now() -> None:
    class Moved(FixedCodeHost):
        def _known(self, repository: RepositoryRef) -> str | None:
            return "hidden/new"

    code_host = Moved(repositories={"hidden/new": True})

    said = await refusal(an_access(code_host, allowed={"*": ["octo/old"]}), MONA, a_ref("octo/old#12"))

    assert "hidden" not in said


@pytest.mark.parametrize("failure", [AWAY, RateLimited(say("Wait."), retry_after=9)])
async def test_a_code_host_that_does_not_answer_says_the_same_of_everything(failure: BotError) -> None:
    access = an_access(a_code_host(failure))

    for name in ("octo/stats#12", "octo/secret#12", "octo/none#1"):
        with pytest.raises(type(failure)):
            await access.admit(MONA, a_ref(name))
        with pytest.raises(type(failure)):
            await access.admit_repository(MONA, a_ref(name).repository_ref)


async def test_every_decision_is_written_down_with_who_asked() -> None:
    access = an_access(allowed={ELSEWHERE.channel: ["octo/secret"]})

    with capture_logs() as logs:
        await access.admit(MONA, a_ref("octo/stats#12"))
        await refusal(access, MONA, SECRET)
        await refusal(access, MONA, a_ref("octo/none#1"))
        await access.admit_repository(ELSEWHERE, SECRET.repository_ref)

    decided = [
        (entry["channel"], entry["person"], entry["repository"], entry["allowed"])
        for entry in logs
        if entry["event"] == "access.decided"
    ]
    assert decided == [
        ("slack:T1/C2", "slack:T1/U2", "octo/stats", True),
        ("slack:T1/C2", "slack:T1/U2", "octo/secret", False),
        ("slack:T1/C2", "slack:T1/U2", "octo/none", False),
        ("slack:T1/C3", "slack:T1/U2", "octo/secret", True),
    ]


async def test_a_token_that_lacks_a_right_is_a_warning_for_the_operator_only() -> None:
    access = an_access(a_code_host(AccessRefused(say("GitHub refused the token."))))

    with capture_logs() as logs:
        said = await refusal(access, MONA, SECRET)

    assert "token" not in said
    assert [(entry["why"], entry["log_level"]) for entry in logs if entry["event"] == "access.not_told"] == [
        ("GitHub refused the token.", "warning")
    ]


async def test_reviews_of_what_is_no_longer_for_the_channel_are_left_out_and_each_repository_asked_about_once() -> None:
    code_host = a_code_host()
    records = [
        a_record_of("octo/stats#12", "a"),
        a_record_of("octo/secret#12", "b", private=False),
        a_record_of("octo/stats#13", "c"),
        a_record_of("octo/gone#1", "d"),
        a_record(id="e", target="fix.diff", review=a_review(pull_request=a_pull_request(ref=None))),
    ]

    seen = await an_access(code_host).still_sees(MONA, records)

    assert [record.id for record in seen] == ["a", "c"]
    assert code_host.asked == ["octo/stats", "octo/secret", "octo/gone"]


async def test_while_the_code_host_is_away_reviews_are_judged_by_what_it_said_then() -> None:
    records = [
        a_record_of("octo/stats#12", "a", private=False),
        a_record_of("octo/secret#12", "b", private=True),
        a_record_of("octo/web#12", "c", private=None),
        a_record_of("octo/api#12", "d", private=True),
    ]

    seen = await an_access(a_code_host(AWAY), allowed={"*": ["octo/api"]}).still_sees(MONA, records)

    assert [record.id for record in seen] == ["a", "d"]


async def test_a_terminal_still_sees_every_review() -> None:
    records = [a_record_of("octo/secret#12", "a", private=True), a_record(id="b", target="fix.diff")]

    assert await an_access(a_code_host(AWAY)).still_sees(TERMINAL, records) == records

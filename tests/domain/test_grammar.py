"""The words of chat, as every platform hears them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.change import DiffFile, GitRange
from bot.domain.command import (
    AskCommand,
    CancelCommand,
    Command,
    ForgetCommand,
    HelpCommand,
    Misunderstood,
    ReviewCommand,
    Scope,
    StatusCommand,
)
from bot.domain.grammar import VERBS, Heard, parse
from tests.builders import a_ref

WEB = "https://github.com"
LINK = "https://github.com/octo/stats/pull/12"
OTHER = "https://github.com/octo/stats/pull/13"
STATS = a_ref("octo/stats#12")

fragments = st.sampled_from([*VERBS, LINK, "octo/stats#12", "x.diff", "main...HEAD", *"~-.'\"<>|[]()?\0"])
messages = st.text() | st.lists(fragments | st.text(max_size=5)).map(" ".join) | st.lists(fragments).map("".join)


def slash(text: str) -> Command | None:
    return parse(text, web_url=WEB, heard=Heard.SLASH)


def addressed(text: str) -> Command | None:
    return parse(text, web_url=WEB, heard=Heard.ADDRESSED)


def overheard(text: str) -> Command | None:
    return parse(text, web_url=WEB, heard=Heard.OVERHEARD)


def typed(text: str, folder: Path = Path("work")) -> Command | None:
    """Say it on a terminal of this machine."""
    return parse(text, web_url=WEB, heard=Heard.ADDRESSED, local=True, folder=folder)


def complaint(command: Command | None) -> str:
    assert isinstance(command, Misunderstood)
    return str(command.sentence)


@pytest.mark.parametrize("say", [slash, addressed])
@pytest.mark.parametrize(
    "text",
    [
        "review octo/stats#12",
        "Review   octo/stats#12.",
        "REVIEW: octo/stats#12",
        "`review` `octo/stats#12`",
        'review "octo/stats#12"',
        "octo/stats#12",
        LINK,
        "github.com/octo/stats/pull/12",
        "review GitHub.com/octo/stats/pull/12/files.",
        f"<{LINK}>",
        f"review <{LINK}|octo/stats: split the mean>",
        f"[the mean]({LINK}/files)",
        f"({LINK}),",
    ],
)
def test_a_pull_request_is_reviewed_however_it_is_written(say: object, text: str) -> None:
    assert callable(say)

    assert say(text) == ReviewCommand(targets=(STATS,))


@pytest.mark.parametrize("say", [slash, addressed])
def test_words_around_the_pull_request_are_the_focus(say: object) -> None:
    assert callable(say)

    assert say("review octo/stats#12 focus on  locking") == ReviewCommand(targets=(STATS,), focus="focus on locking")
    assert say("octo/stats#12 locking") == ReviewCommand(targets=(STATS,), focus="locking")


def test_several_pull_requests_are_several_targets_each_once() -> None:
    command = addressed(f"review {LINK}, {OTHER} and octo/stats#14, octo/stats#12 locks and queries")

    refs = (STATS, a_ref("octo/stats#13"), a_ref("octo/stats#14"))
    assert command == ReviewCommand(targets=refs, focus="locks and queries")


def test_a_link_within_spoken_words_is_a_review() -> None:
    assert addressed(f"could you review {LINK}?") == ReviewCommand(targets=(STATS,))
    assert addressed(f"please look at {LINK}") == ReviewCommand(targets=(STATS,))
    assert addressed(f"看看{LINK}怎么样") == ReviewCommand(targets=(STATS,))
    assert addressed("please look at github.com/octo/stats/pull/12") == ReviewCommand(targets=(STATS,))


def test_a_question_about_a_linked_pull_request_is_asked_of_it() -> None:
    question = f"is {LINK} safe to merge?"

    assert addressed(question) == AskCommand(question=question, target=STATS)


def test_a_pull_request_named_within_a_question_leaves_it_a_question() -> None:
    assert addressed("what did we find in octo/stats#12?") == AskCommand(question="what did we find in octo/stats#12?")


def test_asking_about_a_pull_request_names_it_first() -> None:
    assert slash("ask octo/stats#12 is it  safe?") == AskCommand(question="is it  safe?", target=STATS)
    assert addressed(f"Ask {LINK}: is it safe?") == AskCommand(question="is it safe?", target=STATS)


def test_a_question_without_a_pull_request_is_for_the_place_it_was_asked_in() -> None:
    assert slash("ask is it safe?") == AskCommand(question="is it safe?")
    assert addressed("ask mona whether it is safe") == AskCommand(question="ask mona whether it is safe")


def test_asking_nothing_is_explained() -> None:
    assert "Ask what?" in complaint(addressed("ask"))
    assert "Ask what?" in complaint(slash("ask octo/stats#12 ?"))


@pytest.mark.parametrize("say", [slash, addressed])
@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("status", StatusCommand()),
        ("STATUS?", StatusCommand()),
        ("status please", StatusCommand()),
        ("cancel!", CancelCommand()),
        (" help. ", HelpCommand()),
        ("", HelpCommand()),
        ("/help", HelpCommand()),
        ("forget", ForgetCommand()),
        ("forget thread", ForgetCommand(scope=Scope.THREAD)),
        ("forget this thread, please", ForgetCommand(scope=Scope.THREAD)),
        ("Forget the channel.", ForgetCommand(scope=Scope.CHANNEL)),
    ],
)
def test_a_verb_alone_is_a_command(say: object, text: str, command: Command) -> None:
    assert callable(say)

    assert say(text) == command


@pytest.mark.parametrize(
    "question",
    [
        "status of the tests?",
        "help me understand paginate",
        "cancel the subscription where?",
        "review this again please",
        "forget about it, what else?",
        "why?",
        "stauts",
        "don't 'you think so",
        "main...HEAD",
        "review main...HEAD",
        "x.diff",
        "review ~/x.diff",
        "review /etc/passwd",
    ],
)
def test_after_a_mention_words_that_are_no_command_are_a_question(question: str) -> None:
    assert addressed(question) == AskCommand(question=question)


def test_after_a_slash_the_nearest_verb_is_suggested() -> None:
    assert complaint(slash("statuss")) == "I do not know `statuss`. Did you mean `status`?"
    assert "Did you mean `review`?" in complaint(slash("revew octo/stats#12"))
    assert "Did you mean `subscribe`?" in complaint(slash("subscibe octo/stats"))
    assert "Did you mean `dismiss`?" in complaint(slash("dismis 2"))


def test_after_a_slash_a_word_like_no_verb_is_answered_with_all_verbs() -> None:
    sentence = complaint(slash("frobnicate octo/stats"))

    assert all(f"`{verb}`" in sentence for verb in VERBS)


def test_after_a_slash_a_pull_request_behind_other_words_is_reviewed() -> None:
    assert slash("please, octo/stats#12") == ReviewCommand(targets=(STATS,), focus="please,")


def test_a_review_of_nothing_is_explained() -> None:
    assert "owner/repository#12" in complaint(slash("review"))
    assert "owner/repository#12" in complaint(addressed("review"))
    assert "names no pull request" in complaint(slash("review everything"))


def test_a_link_to_something_else_is_explained() -> None:
    assert "is an issue" in complaint(addressed("review https://github.com/octo/stats/issues/12"))
    assert "is not a page of" in complaint(addressed("review https://gitlab.com/octo/stats/pull/12"))


@pytest.mark.parametrize("say", [slash, addressed, typed])
@pytest.mark.parametrize(
    ("link", "reason"),
    [
        ("https://github.com/octo/stats/issues/12", "is an issue, not a pull request"),
        ("https://github.com/octo/stats", "is a repository, not a pull request"),
        ("github.com/octo/stats/issues/12", "https://github.com/octo/stats/issues/12 is an issue"),
        ("https://gitlab.com/octo/stats/pull/12", "is not a page of https://github.com"),
        ("<https://gitlab.com/octo/stats/pull/12|octo/stats#12>?", "is not a page of https://github.com"),
        ("ssh://github.com/octo/stats", "names no pull request"),
    ],
)
def test_a_link_alone_that_is_no_pull_request_is_explained(say: object, link: str, reason: str) -> None:
    assert callable(say)

    assert reason in complaint(say(f"review {link}"))
    assert reason in complaint(say(f"ask {link} is it safe?"))
    assert reason in complaint(say(link))


@pytest.mark.parametrize(
    "question",
    [
        "https://github.com/octo/stats/issues/12 is solved by this?",
        "why does it ask https://example.org for it?",
        "为什么https://example.org/会失败？",
        "https://example.org/会失败吗",
        "see github.company/octo/stats/pull/12",
    ],
)
def test_a_link_among_other_words_leaves_them_a_question(question: str) -> None:
    assert addressed(question) == AskCommand(question=question)


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("reveiw octo/stats#12", "review"),
        ("Revew octo/stats#12 locking", "review"),
        (f"reviwe: {LINK} is it safe?", "review"),
        ("asks octo/stats#12 is it safe?", "ask"),
    ],
)
def test_a_verb_with_a_slip_before_a_pull_request_is_suggested(text: str, verb: str) -> None:
    assert f"Did you mean `{verb}`?" in complaint(addressed(text))


@pytest.mark.parametrize(
    "question",
    [
        "was octo/stats#12 merged?",
        "has octo/stats#12 findings?",
        "is octo/stats#12 safe?",
        "reveiw the locks again",
        "reveiw",
    ],
)
def test_a_word_that_is_like_no_verb_or_before_no_pull_request_begins_a_question(question: str) -> None:
    assert addressed(question) == AskCommand(question=question)


def test_of_what_people_say_to_each_other_only_links_count() -> None:
    assert overheard(f"mona, have a look: {LINK} and {OTHER}") == ReviewCommand(
        targets=(STATS, a_ref("octo/stats#13")), overheard=True
    )
    assert overheard(f"review {LINK} locking") == ReviewCommand(targets=(STATS,), focus="locking", overheard=True)


@pytest.mark.parametrize("text", ["", "status", "help", "octo/stats#12 is nice", "https://github.com/octo", "x.diff"])
def test_other_things_people_say_to_each_other_are_none_of_our_business(text: str) -> None:
    assert overheard(text) is None


def test_on_a_terminal_a_diff_file_is_a_target() -> None:
    assert typed("some/x.diff") == ReviewCommand(targets=(DiffFile(path=Path("some/x.diff")),))
    assert typed("review '/tmp/my change.patch' locks") == ReviewCommand(
        targets=(DiffFile(path=Path("/tmp/my change.patch")),), focus="locks"
    )
    assert typed("review ~/x.diff") == ReviewCommand(targets=(DiffFile(path=Path("~/x.diff").expanduser()),))


def test_on_a_terminal_any_file_that_is_there_can_be_reviewed(tmp_path: Path) -> None:
    file = tmp_path / "change"
    file.touch()

    assert typed(f"review {file}") == ReviewCommand(targets=(DiffFile(path=file),))
    assert typed(str(file)) == AskCommand(question=str(file))


@pytest.mark.parametrize("words", ["main...HEAD", "main..HEAD", "v1.2..feature/x", "HEAD~3..HEAD^"])
def test_on_a_terminal_a_range_is_a_target(words: str) -> None:
    target = GitRange(folder=Path("work"), range=words)

    assert typed(words) == ReviewCommand(targets=(target,))
    assert typed(f"review {words} locks") == ReviewCommand(targets=(target,), focus="locks")


@pytest.mark.parametrize("words", ["HEAD~1", "main..", "..HEAD", "HEAD", "feature^", "0123abc"])
def test_on_a_terminal_half_a_range_needs_the_verb(words: str) -> None:
    assert typed(f"review {words}") == ReviewCommand(targets=(GitRange(folder=Path("work"), range=words),))
    assert typed(words) == AskCommand(question=words)


@pytest.mark.parametrize("words", ["well...maybe so", "so... what?", "hmm...", "...", "what about x.diff", "a....b"])
def test_on_a_terminal_dots_in_a_sentence_are_no_range(words: str) -> None:
    assert typed(words) == AskCommand(question=words)


@pytest.mark.parametrize("words", ["--output=x..y", "-x..y", "a..--output=x", "a..-x"])
def test_no_range_begins_like_an_option_of_git(words: str) -> None:
    assert typed(f"review {words}") == AskCommand(question=f"review {words}")


@given(text=messages, heard=st.sampled_from(Heard), local=st.booleans())
@settings(deadline=None)
def test_any_message_is_understood_somehow(text: str, heard: Heard, local: bool) -> None:
    command = parse(text, web_url=WEB, heard=heard, local=local)

    assert (command is None) <= (heard is Heard.OVERHEARD)
    if isinstance(command, Misunderstood):
        assert str(command.sentence)


@given(text=messages, heard=st.sampled_from(Heard))
@settings(deadline=None)
def test_nothing_from_elsewhere_names_a_file_or_a_range(text: str, heard: Heard) -> None:
    command = parse(text, web_url=WEB, heard=heard)

    targets = command.targets if isinstance(command, ReviewCommand) else ()
    assert not any(isinstance(target, DiffFile | GitRange) for target in targets)
    assert not (isinstance(command, AskCommand) and isinstance(command.target, DiffFile | GitRange))


@pytest.mark.parametrize("text", ["[" * 50_000, "<https://" * 10_000, "review " * 20_000, "'" * 50_000, "a.." * 20_000])
def test_a_long_message_takes_no_longer_than_it_should(text: str) -> None:
    assert parse(text, web_url=WEB, heard=Heard.ADDRESSED, local=True) is not None

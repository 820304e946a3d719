from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.change import Issue, PullRequest
from bot.service.dialogue.facts import facts
from tests.builders import a_change, a_pull_request, a_record, a_review
from tests.service.dialogue.setting import a_talked_about_record


def said(question: str) -> tuple[list[str], bool]:
    known = facts(question, a_talked_about_record())
    return [str(sentence) for sentence in known.sentences], known.answerable


@pytest.mark.parametrize("question", ["why does it loop?", "what is in retry.py?", "#2?", "#12?", "time.sleep?"])
def test_an_ordinary_question_needs_no_sentence(question: str) -> None:
    assert said(question) == ([], True)


def test_a_file_outside_the_change_is_not_answered_about() -> None:
    assert said("what does billing.py do?") == (["billing.py is not part of this change."], False)


def test_a_file_outside_the_change_is_said_and_the_other_answered_about() -> None:
    assert said("does retry.py call billing.py?") == (["billing.py is not part of this change."], True)


def test_a_file_that_the_lines_speak_of_can_be_asked_about() -> None:
    record = a_record()
    body = "Reads settings.toml now."
    pull_request = type(record.change.pull_request)(title="T", body=body)
    change = type(record.change)(pull_request=pull_request, diff=record.change.diff)

    known = facts(
        "where is settings.toml read?",
        replace(record, change=change),
    )

    assert known.answerable
    assert not known.sentences


def test_a_file_that_the_review_left_out_is_named_with_the_reason() -> None:
    assert said("what changed in poetry.lock?") == (["The review left poetry.lock out: It is a lock file."], True)


def test_a_file_without_lines_is_not_answered_about() -> None:
    assert said("what is on logo.png?") == (["The review left logo.png out: It is binary."], False)


def test_a_finding_that_does_not_exist_is_not_answered_about() -> None:
    assert said("explain finding 9") == (["There is no finding 9: this review has 2."], False)
    assert said("explain findings 2 and 9") == (["There is no finding 9: this review has 2."], True)
    assert said("#3") == (["There is no finding 3: this review has 2."], False)
    assert said("finding #3?") == (["There is no finding 3: this review has 2."], False)
    assert said("is #3 solved in retry.py?") == (["There is no finding 3: this review has 2."], True)


@pytest.mark.parametrize(
    "pull_request",
    [a_pull_request(issues=(Issue(number=7, title="It loops", body=""),)), a_pull_request(body="Follows #7.")],
)
def test_a_number_that_the_change_speaks_of_need_not_be_a_finding(pull_request: PullRequest) -> None:
    record = a_record(change=a_change(pull_request=pull_request))

    assert not facts("does it solve #7?", record).sentences
    assert facts("does it solve #70?", record).sentences


def test_a_review_without_findings_says_so() -> None:
    known = facts("finding 1?", a_record(review=a_review([])))

    assert [str(sentence) for sentence in known.sentences] == ["There is no finding 1: this review has none."]

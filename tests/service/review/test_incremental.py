"""A review that builds on an earlier one reads what changed, and says what is new, what stands and what is resolved."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import UTC, datetime

from bot.domain.completion import Prompt
from bot.domain.conversation import ReviewRecord
from bot.domain.finding import Finding
from bot.domain.review import Verdict
from bot.prompting.templates import TemplatePrompts
from bot.service.review.claims import SUMMARY_LENGTH
from bot.service.review.reviewer import Reviewer, Rules
from tests.builders import Contents, a_change, a_pull_request, a_record
from tests.doubles.changes import FixedChanges
from tests.doubles.clock import FakeClock
from tests.doubles.language_model import ScriptedModel
from tests.service.review.setting import SUMMARY, TARGET, answering, claim, new_file

SECOND = claim(path="b.py", quote="second = 1", title="Second is wrong", severity="medium")
FILES: Contents = {"a.py": (None, new_file(3)), "b.py": (None, "second = 1\nthird = 1\n")}


async def reviewed(
    files: Contents,
    model: ScriptedModel,
    *,
    since: ReviewRecord | None = None,
    dismissed: Collection[str] = (),
    rules: Rules | None = None,
    focus: str = "",
    head: str = "aaaa",
) -> ReviewRecord:
    """Review these files and remember it."""
    change = a_change(files, pull_request=a_pull_request(head_sha=head))
    reviewer = Reviewer(
        changes=FixedChanges({TARGET: change}),
        model=model,
        prompts=TemplatePrompts(),
        clock=FakeClock(datetime(2026, 1, 5, tzinfo=UTC)),
        rules=rules,
    )
    done = await reviewer.review(TARGET, since=since, dismissed=dismissed, focus=focus)
    return a_record(review=done.review, change=done.change)


async def first() -> ReviewRecord:
    return await reviewed(FILES, ScriptedModel(script=answering(claim(), SECOND)))


def titles(findings: Collection[Finding]) -> list[str]:
    return [finding.title for finding in findings]


async def test_where_nothing_changed_the_model_is_not_asked_and_everything_stands() -> None:
    then, model = await first(), ScriptedModel()

    now = (await reviewed(FILES, model, since=then, focus="locking")).review

    assert model.asked == []
    assert (now.findings, now.coverage, now.verdict) == (
        then.review.findings,
        then.review.coverage,
        then.review.verdict,
    )
    assert (now.summary, now.key_changes, now.risks) == ("Adds values.", ("New values",), ("None tested",))
    assert now.usage.model_calls == 0
    assert now.since is not None
    assert (now.since.head_sha, now.since.unchanged, now.since.resolved) == ("aaaa", 2, ())
    assert now.since.kept == {finding.id for finding in then.review.findings}


async def test_only_the_file_that_changed_is_read() -> None:
    then = await first()
    model = ScriptedModel(script=answering(claim(path="b.py", quote="fourth = 1", title="Fourth is wrong"), SECOND))

    files = {**FILES, "b.py": (None, "second = 1\nthird = 1\nfourth = 1\n")}
    now = (await reviewed(files, model, since=then, head="bbbb")).review

    about_lines, about_all = (asked.text for asked in model.asked)
    assert "+fourth = 1" in about_lines
    assert "value_1 = 1" not in about_lines
    assert "- Adds a value.\n- Adds values." in about_all
    assert titles(now.findings) == ["Wrong value", "Fourth is wrong", "Second is wrong"]
    assert now.since is not None
    assert (now.since.unchanged, now.since.resolved) == (1, ())
    assert now.since.kept == {finding.id for finding in then.review.findings}
    assert (now.coverage.files_reviewed, now.coverage.lines_reviewed) == (2, 6)


async def test_a_finding_whose_lines_moved_is_told_where_they_are_now() -> None:
    before = new_file(60)
    added = before.replace("value_50 = 50\n", "value_50 = 50\nextra = 1\n")
    extra = claim(quote="extra = 1", title="Extra is wrong")
    then = await reviewed({"a.py": (before, added)}, ScriptedModel(script=answering(extra)))
    model = ScriptedModel()

    rebased = {"a.py": ("import this\n" * 7 + before, "import this\n" * 7 + added)}
    now = (await reviewed(rebased, model, since=then, head="bbbb")).review

    assert model.asked == []
    assert [str(finding.location) for finding in then.review.findings] == ["a.py:51"]
    assert [str(finding.location) for finding in now.findings] == ["a.py:58"]


async def test_what_nobody_claims_again_is_resolved_whether_its_line_stands_or_not() -> None:
    then = await first()
    model = ScriptedModel(script=answering())

    files = {"a.py": (None, "value_2 = 2\nvalue_3 = 3\n"), "b.py": (None, "second = 1\nthird = 3\n")}
    now = (await reviewed(files, model, since=then)).review

    assert now.since is not None
    assert titles(now.since.resolved) == ["Wrong value", "Second is wrong"]
    assert (now.since.unchanged, now.since.kept, now.findings) == (0, frozenset(), ())
    assert now.verdict is Verdict.CLEAN


async def test_what_is_claimed_again_in_other_words_on_a_line_that_moved_is_no_news() -> None:
    then = await first()
    model = ScriptedModel(script=answering({**SECOND, "title": "The second is wrong", "severity": "high"}))

    files = {**FILES, "b.py": (None, "# a\n# b\n# c\nsecond = 1\n")}
    now = (await reviewed(files, model, since=then)).review

    (again,) = [finding for finding in now.findings if finding.location.path == "b.py"]
    assert (again.title, str(again.location), again.severity) == ("Second is wrong", "b.py:4", "high")
    assert now.since is not None
    assert again.id in now.since.kept
    assert now.since.resolved == ()


async def test_a_file_that_was_not_read_to_its_end_then_is_read_again() -> None:
    silent = ScriptedModel(
        script=lambda prompt: "no JSON" if "+second" in prompt[-1].text else answering(claim())(prompt)
    )
    then = await reviewed(FILES, silent, rules=Rules(chunk_tokens=40))
    assert "b.py" in [note.path for note in then.review.coverage.failed]
    model = ScriptedModel(script=answering())

    now = (await reviewed(FILES, model, since=then)).review

    assert ["+second = 1" in asked.text for asked in model.asked] == [True, False]
    assert now.coverage.failed == ()
    assert now.verdict is Verdict.ATTENTION
    assert titles(now.findings) == ["Wrong value"]


async def test_a_file_that_cannot_be_read_this_time_keeps_its_findings_and_is_not_clean() -> None:
    then = await first()
    model = ScriptedModel(script=["I am a teapot."])

    files = {**FILES, "b.py": (None, "second = 1\nthird = 3\n")}
    now = (await reviewed(files, model, since=then)).review

    assert titles(now.findings) == ["Wrong value", "Second is wrong"]
    assert now.since is not None
    assert now.since.resolved == ()
    assert now.verdict is Verdict.INCOMPLETE
    assert [note.path for note in now.coverage.failed] == ["b.py"]
    assert now.summary == "Adds values."


async def test_a_new_file_is_read_and_what_was_in_a_vanished_one_is_resolved() -> None:
    then = await first()
    model = ScriptedModel(script=answering(claim(path="c.py", quote="value_9 = 9", title="Nine is wrong")))

    files = {"b.py": FILES["b.py"], "c.py": (None, "value_9 = 9\n")}
    now = (await reviewed(files, model, since=then)).review

    assert "second = 1" not in model.asked[0].text
    assert titles(now.findings) == ["Nine is wrong", "Second is wrong"]
    assert now.since is not None
    assert titles(now.since.resolved) == ["Wrong value"]
    assert now.coverage.files_total == 2


async def test_what_was_dismissed_since_is_not_shown_again() -> None:
    then = await first()
    worst, _ = then.review.findings

    now = (await reviewed(FILES, ScriptedModel(), since=then, dismissed={worst.id})).review

    assert titles(now.findings) == ["Second is wrong"]
    assert titles(now.dismissed) == ["Wrong value"]
    assert now.verdict is Verdict.COMMENTS


async def test_what_was_dismissed_stays_dismissed_when_it_is_claimed_in_other_words() -> None:
    then = await first()
    dismissed = {finding.id for finding in then.review.findings if finding.title == "Second is wrong"}
    model = ScriptedModel(script=answering({**SECOND, "title": "The second is wrong"}))

    files = {**FILES, "b.py": (None, "# new\nsecond = 1\n")}
    now = (await reviewed(files, model, since=then, dismissed=dismissed)).review

    assert titles(now.findings) == ["Wrong value"]
    assert titles(now.dismissed) == ["Second is wrong"]


async def test_what_was_dismissed_is_not_told_as_resolved() -> None:
    then = await first()
    dismissed = {finding.id for finding in then.review.findings}

    files = {"a.py": (None, "value_2 = 2\n"), "b.py": (None, "third = 3\n")}
    now = (await reviewed(files, ScriptedModel(script=answering()), since=then, dismissed=dismissed)).review

    assert now.since is not None
    assert now.since.resolved == ()
    assert now.dismissed == ()


async def test_a_dismissal_that_was_taken_back_and_a_finding_over_the_limit_come_into_view() -> None:
    names = [claim(quote=f"value_{number} = {number}", title=f"Problem {number}") for number in (1, 2, 3)]
    full = await reviewed(FILES, ScriptedModel(script=answering(*names)))
    unwanted = {full.review.findings[0].id}
    then = await reviewed(FILES, ScriptedModel(), since=full, dismissed=unwanted, rules=Rules(max_findings=1))
    assert (titles(then.review.findings), titles(then.review.more)) == (["Problem 2"], ["Problem 3"])

    now = (await reviewed(FILES, ScriptedModel(), since=then)).review

    assert titles(now.findings) == ["Problem 1", "Problem 2", "Problem 3"]
    assert now.since is not None
    assert len(now.since.kept) == 3


async def test_a_file_that_is_ignored_now_is_left_out_and_nothing_in_it_is_called_resolved() -> None:
    then, model = await first(), ScriptedModel()

    now = (await reviewed(FILES, model, since=then, rules=Rules(ignore=("b.py",)))).review

    assert model.asked == []
    assert titles(now.findings) == ["Wrong value"]
    assert now.since is not None
    assert (now.since.unchanged, now.since.resolved) == (1, ())


async def test_a_file_that_was_ignored_then_is_read_now() -> None:
    then = await reviewed(FILES, ScriptedModel(script=answering()), rules=Rules(ignore=("b.py",)))
    model = ScriptedModel(script=answering(SECOND))

    now = (await reviewed(FILES, model, since=then)).review

    assert titles(now.findings) == ["Second is wrong"]
    assert now.since is not None
    assert now.since.kept == frozenset()


async def test_a_long_earlier_summary_is_told_to_the_model_in_notes_of_the_usual_length() -> None:
    long = "It adds one value after another. " * 18

    def script(prompt: Prompt) -> str:
        return answering()(prompt) if "<change>" in prompt[-1].text else json.dumps({**SUMMARY, "summary": long})

    then = await reviewed(FILES, ScriptedModel(script=script))
    model = ScriptedModel(script=answering())

    await reviewed({**FILES, "b.py": (None, "third = 3\n")}, model, since=then)

    notes = [line.removeprefix("- ") for line in model.asked[-1].text.splitlines() if line.startswith("- ")]
    about_values = [note for note in notes if "one value after another" in note]
    assert " ".join(about_values) == long.strip()
    assert max(map(len, about_values)) <= SUMMARY_LENGTH


async def test_where_nothing_of_then_is_left_the_summary_is_new() -> None:
    then = await first()
    model = ScriptedModel(script=answering())

    await reviewed({"c.py": (None, "third = 3\n")}, model, since=then)

    assert "Adds values." not in model.asked[-1].text


async def test_a_full_review_builds_on_nothing() -> None:
    assert (await first()).review.since is None

"""The whole review over a scripted model: what is covered, kept, dropped, retried and reported."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.change import Change, Commit, PullRequest
from bot.domain.completion import Prompt
from bot.domain.diff import Diff, FileDiff, FileStatus
from bot.domain.errors import ConfigInvalid, ModelUnusable, PromptTooLong, TransientError
from bot.domain.finding import Severity
from bot.domain.progress import Progress, Stage
from bot.domain.review import Review, Risk, Verdict
from bot.domain.sentence import say
from bot.prompting.templates import TemplatePrompts
from bot.service.review.reviewer import Reviewer, Rules
from tests.builders import a_diff
from tests.doubles.changes import FixedChanges
from tests.doubles.clock import FakeClock
from tests.doubles.language_model import ScriptedModel
from tests.service.review.setting import NOTHING, SUMMARY, TARGET, a_change, answering, claim, new_file


async def review(
    change: Change,
    model: ScriptedModel,
    rules: Rules | None = None,
    *,
    by_commit: bool = False,
    dismissed: Collection[str] = (),
) -> Review:
    reviewer = Reviewer(
        changes=FixedChanges({TARGET: change}),
        model=model,
        prompts=TemplatePrompts(),
        clock=FakeClock(datetime(2026, 1, 5, tzinfo=UTC)),
        rules=rules,
    )
    return (await reviewer.review(TARGET, by_commit=by_commit, dismissed=dismissed)).review


async def test_a_finding_is_anchored_and_the_summary_told() -> None:
    change = a_change(a_diff({"a.py": (None, new_file(3))}))

    result = await review(change, ScriptedModel(script=answering(claim(line=77))))

    assert [(str(one.location), one.title) for one in result.findings] == [("a.py:1", "Wrong value")]
    assert result.summary == "Adds values."
    assert result.key_changes == ("New values",)
    assert result.verdict is Verdict.ATTENTION


async def test_nothing_found_in_all_that_was_read_is_clean() -> None:
    result = await review(a_change(a_diff({"a.py": (None, new_file(3))})), ScriptedModel(script=answering()))

    assert result.verdict is Verdict.CLEAN
    assert result.coverage.lines_reviewed == result.coverage.lines_changed == 3


async def test_a_claim_about_nothing_in_the_change_is_dropped_and_counted() -> None:
    change = a_change(a_diff({"a.py": (None, new_file(3))}))

    result = await review(change, ScriptedModel(script=answering(claim(path="b.py"))))

    assert result.findings == ()
    assert [(one.title, one.path) for one in result.dropped] == [("Wrong value", "b.py")]


async def test_a_part_without_a_usable_answer_is_asked_again_in_halves() -> None:
    change = a_change(a_diff({"a.py": (None, new_file(10))}))
    model = ScriptedModel(script=["no JSON at all", NOTHING, NOTHING, json.dumps(SUMMARY)])

    result = await review(change, model)

    assert result.verdict is Verdict.CLEAN
    asked = [set(re.findall(r"^(\d+) \+", one.text, re.M)) for one in model.asked[:3]]
    assert len(asked[0]) == 10
    assert (len(asked[1]), len(asked[2])) == (5, 5)
    assert asked[1] | asked[2] == asked[0]


async def test_a_part_that_fails_twice_is_named_and_the_review_incomplete() -> None:
    change = a_change(a_diff({"a.py": (None, new_file(10)), "b.py": (None, "b = 1\n")}))
    model = ScriptedModel(script=lambda prompt: "no JSON" if "+value_9" in prompt[-1].text else NOTHING)

    result = await review(change, model)

    assert result.verdict is Verdict.INCOMPLETE
    (note,) = [one for one in result.coverage.failed if one.path == "a.py"]
    assert "were not read" in str(note.reason)
    assert result.coverage.lines_reviewed < result.coverage.lines_changed


async def test_a_model_that_never_answers_usably_leaves_everything_failed_and_the_risk_not_low() -> None:
    result = await review(a_change(a_diff({"a.py": (None, new_file(10))})), ScriptedModel(script=["I am a teapot."]))

    assert result.verdict is Verdict.INCOMPLETE
    assert result.coverage.lines_reviewed == 0
    assert result.summary == ""
    assert result.unsummarised is not None
    assert result.risk is not Risk.LOW


async def test_a_passing_failure_of_the_model_costs_a_retry_not_the_review() -> None:
    flaky = TransientError(say("The model is busy."))
    model = ScriptedModel(script=[flaky, NOTHING, NOTHING, json.dumps(SUMMARY)])

    result = await review(a_change(a_diff({"a.py": (None, new_file(10))})), model)

    assert result.verdict is Verdict.CLEAN


async def test_a_lasting_failure_of_the_model_ends_the_review_with_its_sentence() -> None:
    model = ScriptedModel(script=[ModelUnusable(say("The model is gone."))])

    with pytest.raises(ModelUnusable, match="gone"):
        await review(a_change(a_diff({"a.py": (None, new_file(10))})), model)


async def test_a_change_of_which_nothing_can_be_read_is_not_clean_and_costs_no_call() -> None:
    binary = FileDiff(path="logo.png", old_path="logo.png", status=FileStatus.MODIFIED, binary=True)
    model = ScriptedModel()

    result = await review(a_change(Diff(files=(binary,))), model)

    assert result.verdict is Verdict.INCOMPLETE
    assert model.asked == []


async def test_a_rename_without_changed_lines_is_clean() -> None:
    moved = FileDiff(path="b.py", old_path="a.py", status=FileStatus.RENAMED)

    result = await review(a_change(Diff(files=(moved,))), ScriptedModel())

    assert result.verdict is Verdict.CLEAN


async def test_a_file_that_the_source_did_not_give_makes_the_review_incomplete() -> None:
    big = FileDiff(
        path="big.py", old_path="big.py", status=FileStatus.MODIFIED, unread=say("too large"), lines_declared=9000
    )
    change = a_change(Diff(files=(*a_diff({"a.py": (None, new_file(3))}).files, big)))

    result = await review(change, ScriptedModel(script=answering()))

    assert result.verdict is Verdict.INCOMPLETE
    assert [note.path for note in result.coverage.failed] == ["big.py"]
    assert result.coverage.lines_changed == 9003


async def test_all_prompts_of_a_review_share_their_beginning() -> None:
    change = a_change(a_diff({f"{name}.py": (None, new_file(120)) for name in "abcd"}))
    model = ScriptedModel(script=answering())

    await review(change, model, Rules(chunk_tokens=300))

    assert len(model.asked) > 5
    systems = {one.prompt[0].text for one in model.asked}
    beginnings = {one.prompt[1].text[: one.prompt[1].text.index("d.py (added")] for one in model.asked}
    assert len(systems) == 1
    assert len(beginnings) == 1


async def test_what_is_under_the_floor_or_over_the_limit_is_counted() -> None:
    change = a_change(a_diff({"a.py": (None, new_file(5))}))
    claims = [claim(quote=f"value_{number} = {number}", title=f"Problem {number}") for number in (1, 2, 3)]
    nit = claim(quote="value_4 = 4", title="Nit", severity="info")

    result = await review(change, ScriptedModel(script=answering(*claims, nit)), Rules(max_findings=2))

    assert len(result.findings) == 2
    assert result.hidden == 2


async def test_the_models_opinion_cannot_lower_the_risk_of_what_was_found() -> None:
    change = a_change(a_diff({"a.py": (None, new_file(3))}))

    result = await review(change, ScriptedModel(script=answering(claim(severity="critical"))))

    assert result.findings[0].severity is Severity.CRITICAL
    assert result.risk is Risk.HIGH


async def test_many_notes_are_summarised_in_groups_that_fit() -> None:
    change = a_change(a_diff({f"f{number}.py": (None, new_file(40)) for number in range(40)}))
    note = {"summary": "It adds forty values. " * 10, "findings": []}
    model = ScriptedModel(
        script=lambda prompt: json.dumps(note if "<change>" in prompt[-1].text else SUMMARY), n_ctx=2600
    )

    result = await review(change, model, Rules(chunk_tokens=200))

    summaries = [one for one in model.asked if "<change>" not in one.text]
    assert len(summaries) > 2
    assert result.summary == "Adds values."
    assert result.verdict is Verdict.CLEAN


async def test_list_items_that_say_nothing_are_left_out() -> None:
    filled = {
        **SUMMARY,
        "key_changes": ["]", "risk1", "Adds three values", "新增配置", ""],
        "risks": ["...", "n/a", "Key_Changes"],
    }
    model = ScriptedModel(script=[NOTHING, json.dumps(filled)])

    result = await review(a_change(a_diff({"a.py": (None, new_file(3))})), model)

    assert result.key_changes == ("Adds three values", "新增配置")
    assert result.risks == ()


async def test_each_commit_is_described_from_its_own_lines() -> None:
    commits = tuple(Commit(sha=f"{n}" * 40, message=f"Commit {n}", author="ann") for n in (1, 2))
    first, second = a_diff({"a.py": (None, "first = 1\n")}), a_diff({"a.py": ("first = 1\n", "second = 1\n")})
    change = Change(
        pull_request=PullRequest(title="Two", commits=commits),
        diff=a_diff({"a.py": (None, "second = 1\n")}),
        per_commit=(first, second),
    )

    def script(prompt: Prompt) -> str:
        text = prompt[-1].text
        return json.dumps({**SUMMARY, "findings": [], "summary": "first" if "+first" in text else "second"})

    result = await review(change, ScriptedModel(script=script), by_commit=True)

    assert [(note.title, note.summary) for note in result.commits] == [("Commit 1", "first"), ("Commit 2", "second")]


async def test_a_context_that_is_too_small_is_named_with_the_size_that_is_needed() -> None:
    with pytest.raises(PromptTooLong, match=r"n_ctx of \[model\] to at least \d+"):
        await review(a_change(a_diff({"a.py": (None, new_file(3))})), ScriptedModel(n_ctx=600))


@pytest.mark.parametrize("answer_tokens", [64, 700, 8192])
async def test_the_least_context_that_the_sentence_names_is_enough(answer_tokens: int) -> None:
    change, rules = a_change(a_diff({"a.py": (None, new_file(300))})), Rules(answer_tokens=answer_tokens)
    with pytest.raises(PromptTooLong) as caught:
        await review(change, ScriptedModel(n_ctx=400), rules)
    least = int(str(caught.value.sentence.values["least"]))

    result = await review(change, ScriptedModel(script=answering(), n_ctx=least), rules)

    assert result.verdict is Verdict.CLEAN
    with pytest.raises(PromptTooLong):
        await review(change, ScriptedModel(n_ctx=least - 2), rules)


async def test_a_template_that_does_not_show_the_lines_is_refused(tmp_path: Path) -> None:
    (tmp_path / "review").mkdir()
    (tmp_path / "review" / "task.md.j2").write_text("only: say hi in {{ language }}", encoding="utf-8")
    reviewer = Reviewer(
        changes=FixedChanges({TARGET: a_change(a_diff({"a.py": (None, new_file(3))}))}),
        model=ScriptedModel(script=answering()),
        prompts=TemplatePrompts(tmp_path),
        clock=FakeClock(datetime(2026, 1, 5, tzinfo=UTC)),
    )

    with pytest.raises(ConfigInvalid, match="review/task does not show the lines"):
        await reviewer.review(TARGET)


async def test_groups_of_notes_that_got_no_summary_leave_the_whole_without_one() -> None:
    change = a_change(a_diff({f"f{number}.py": (None, new_file(40)) for number in range(40)}))
    note = {"summary": "It adds forty values. " * 10, "findings": []}
    summaries = iter([SUMMARY, {}])

    def script(prompt: Prompt) -> str:
        return json.dumps(note if "<change>" in prompt[-1].text else next(summaries, SUMMARY))

    result = await review(change, ScriptedModel(script=script, n_ctx=2600), Rules(chunk_tokens=200))

    assert result.summary == ""
    assert result.unsummarised is not None
    assert result.key_changes


async def test_a_commit_of_which_a_part_got_no_answer_is_told_in_part() -> None:
    commits = (Commit(sha="1" * 40, message="Add values\n" + "long " * 200, author="ann"),)
    diff = a_diff({"a.py": (None, new_file(150))})
    change = Change(pull_request=PullRequest(title="One", commits=commits), diff=diff, per_commit=(diff,))

    def script(prompt: Prompt) -> str:
        text = prompt[-1].text
        if "one commit" not in text:
            return json.dumps({**SUMMARY, "findings": []})
        return "I do not know." if "+value_150" in text else json.dumps({"summary": "It adds values."})

    result = await review(change, ScriptedModel(script=script), Rules(chunk_tokens=400), by_commit=True)

    assert result.commits[0].partial
    assert result.commits[0].summary.startswith("It adds values.")


async def test_a_long_commit_message_gives_way_to_the_lines_of_the_commit() -> None:
    diff = a_diff({"a.py": (None, new_file(20))})
    commits = (Commit(sha="1" * 40, message="\u6539" * 300, author="ann"),)
    change = Change(pull_request=PullRequest(title="One", commits=commits), diff=diff, per_commit=(diff,))
    room_for_lines_alone = ScriptedModel(script=lambda prompt: json.dumps({**SUMMARY, "findings": []}), n_ctx=1000)
    room_for_lines_alone.count_texts = _a_token_a_letter  # type: ignore[method-assign]  # as Chinese is in small models

    result = await review(change, room_for_lines_alone, Rules(answer_tokens=200), by_commit=True)

    about_commits = [asked.text for asked in room_for_lines_alone.asked if "one commit" in asked.text]
    assert all(f"+value_{number} = {number}" in "".join(about_commits) for number in range(1, 21))
    assert not any("\u6539" in text for text in about_commits)
    assert not result.commits[0].partial


async def _a_token_a_letter(texts: Sequence[str]) -> list[int]:
    return [len(text) for text in texts]


async def test_the_model_is_not_asked_for_a_summary_of_nothing() -> None:
    moved = FileDiff(path="b.py", old_path="a.py", status=FileStatus.RENAMED)
    model = ScriptedModel()

    result = await review(a_change(Diff(files=(moved,))), model)

    assert model.asked == []
    assert str(result.unsummarised) == "there were no lines to read"
    assert result.risk is Risk.LOW


async def test_progress_names_stages_in_order_and_ends_reading_with_all_parts() -> None:
    seen: list[Progress] = []

    async def report(progress: Progress) -> None:
        seen.append(progress)

    reviewer = Reviewer(
        changes=FixedChanges({TARGET: a_change(a_diff({f"{name}.py": (None, new_file(120)) for name in "abcd"}))}),
        model=ScriptedModel(script=answering()),
        prompts=TemplatePrompts(),
        clock=FakeClock(datetime(2026, 1, 5, tzinfo=UTC)),
        rules=Rules(chunk_tokens=300),
    )
    await reviewer.review(TARGET, report=report)

    stages = list(dict.fromkeys(progress.stage for progress in seen))
    assert stages == [Stage.FETCHING, Stage.LOADING, Stage.READING, Stage.SUMMARISING]
    reading = [progress for progress in seen if progress.stage is Stage.READING]
    assert [progress.done for progress in reading] == list(range(reading[0].total))


async def test_progress_counts_a_file_as_done_when_its_last_part_is() -> None:
    seen: list[Progress] = []

    async def report(progress: Progress) -> None:
        seen.append(progress)

    moved = FileDiff(path="moved.py", old_path="old.py", status=FileStatus.RENAMED)
    diff = a_diff({"a.py": (None, new_file(120)), "b.py": (None, new_file(120)), "c.lock": (None, "c\n")})
    reviewer = Reviewer(
        changes=FixedChanges({TARGET: a_change(Diff(files=(*diff.files, moved)))}),
        model=ScriptedModel(script=answering()),
        prompts=TemplatePrompts(),
        clock=FakeClock(datetime(2026, 1, 5, tzinfo=UTC)),
        rules=Rules(chunk_tokens=300),
    )
    await reviewer.review(TARGET, report=report)

    reading = [progress for progress in seen if progress.stage is Stage.READING]
    assert len(reading) > 4
    assert {progress.files_total for progress in reading} == {2}
    assert {(progress.path, progress.files_done) for progress in reading} == {("a.py", 0), ("b.py", 1)}


async def test_what_was_dismissed_is_not_shown_and_counts_for_nothing() -> None:
    change = a_change(a_diff({"a.py": (None, new_file(5))}))
    unwanted = claim(title="Unwanted", severity="critical")
    others = [claim(quote=f"value_{number} = {number}", title=f"Problem {number}", severity="low") for number in (2, 3)]
    first = await review(change, ScriptedModel(script=answering(unwanted, *others)))
    dismissed = {one.id for one in first.findings if one.title == "Unwanted"}

    model = ScriptedModel(script=answering(unwanted, *others))
    result = await review(change, model, Rules(max_findings=2), dismissed=dismissed)

    assert [one.title for one in result.findings] == ["Problem 2", "Problem 3"]
    assert [one.title for one in result.dismissed] == ["Unwanted"]
    assert (result.verdict, result.risk, result.hidden) == (Verdict.COMMENTS, Risk.LOW, 0)
    assert "Problem 2" in model.asked[-1].text
    assert "Unwanted" not in model.asked[-1].text

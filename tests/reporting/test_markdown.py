import re
from dataclasses import replace

from hypothesis import given, settings
from markdown_it import MarkdownIt

from bot.domain.change import CiState, PullRequest
from bot.domain.diff import Side
from bot.domain.finding import Category, Dropped, Severity
from bot.domain.review import CommitNote, FileNote, ModelInfo, Review, Risk, Since, Usage, Verdict
from bot.domain.sentence import say
from bot.reporting.markdown import render
from tests.builders import HEAD, a_coverage, a_finding, a_location, a_pull_request, a_review
from tests.reporting.reviews import reviews

READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])

FORBIDDEN = {"html_block", "html_inline", "image", "table_open", "s_open", "em_open", "blockquote_open", "code_block"}


def notes(count: int, reason: str = "lock file") -> tuple[FileNote, ...]:
    return tuple(FileNote(path=f"file{number}.lock", reason=say(reason)) for number in range(count))


def test_the_headline_names_the_change_its_size_author_and_checks() -> None:
    text = render(a_review(pull_request=a_pull_request(ci=CiState.FAILING, draft=True)), str)

    assert text.startswith("# [octo/stats#12](https://github.com/octo/stats/pull/12) Split the mean into steps\n")
    assert "1 file · 3 changed lines · by mona · draft · checks failing\n" in text


def test_a_local_diff_is_named_by_its_title_and_nothing_unknown_is_said() -> None:
    text = render(a_review((), pull_request=PullRequest(title="change.diff")), str)

    assert text.startswith("# change.diff\n\n1 file · 3 changed lines\n\n")
    assert "https://" not in text


def test_the_verdict_the_risk_and_the_coverage_stand_before_everything_else() -> None:
    text = render(a_review(), str)

    assert text.split("\n\n")[2:4] == [
        "**Comments** · 1 finding, not of high severity. Risk: low.",
        "Read 1 of 1 file, 3 of 3 changed lines.",
    ]


def test_a_finding_is_shown_with_everything_that_is_known_of_it() -> None:
    found = a_finding(severity=Severity.HIGH, category=Category.CONCURRENCY, path="src/stats.py", line=7)

    text = render(a_review((found,)), str)

    assert "### 1. High · Division by zero for an empty list\n" in text
    assert f"[`src/stats.py:7`](https://github.com/octo/stats/blob/{HEAD}/src/stats.py#L7) · concurrency\n" in text
    assert "```\n    return total / len(values)\n```\n\nlen(values) is 0 for an empty list.\n" in text
    assert "**Suggestion:** Return 0.0 for an empty list.\n" in text


def test_a_finding_about_removed_lines_says_so() -> None:
    text = render(a_review((a_finding(location=a_location(side=Side.OLD)),)), str)

    assert "L2) · old file · bug\n" in text


def test_a_suggestion_of_several_lines_is_shown_as_code() -> None:
    text = render(a_review((a_finding(suggestion="if not values:\n    return 0.0"),)), str)

    assert "**Suggestion:**\n\n```\nif not values:\n    return 0.0\n```" in text


def test_a_check_is_named_as_the_source() -> None:
    assert " · bug · found by ruff\n" in render(a_review((a_finding(source="ruff"),)), str)


def test_hidden_findings_and_dropped_claims_are_counted() -> None:
    claim = Dropped(title="Use of eval", path="a.py", reason=say("the quoted code is not in the diff"))

    text = render(a_review(more=(a_finding("x"), a_finding("y")), dropped=(claim,)), str)

    assert "2 more findings are not shown" in text
    assert "1 claim of the model was dropped" in text
    assert "Use of eval" not in text


def test_a_review_that_builds_on_another_says_on_which_and_what_was_not_read_again() -> None:
    several = render(a_review(since=Since(head_sha="0b" * 20, unchanged=3)), str)
    one = render(a_review(since=Since(head_sha="0b" * 20, unchanged=1)), str)

    assert "Since the review of 0b0b0b0: 3 files are as they were and were not read again.\n" in several
    assert "1 file is as it was and was not read again.\n" in one
    assert "not read again" not in render(a_review(), str)


def test_what_was_not_known_then_is_marked_as_new() -> None:
    known, new = a_finding("Known"), a_finding("Not known")

    text = render(a_review((known, new), since=Since(head_sha="0b", unchanged=1, kept=frozenset({known.id}))), str)

    assert [" · new · " in block for block in text.split("### ")[1:]] == [False, True]
    assert " · new" not in render(a_review((known, new)), str)


def test_what_is_resolved_is_listed() -> None:
    gone = (a_finding("File is <b>never</b> closed", line=9), a_finding("Race", path="b.py"))

    text = render(a_review((), since=Since(head_sha="0b", unchanged=1, resolved=gone)), str)

    assert "## Resolved since then (2)\n\n- File is \\<b>never\\</b> closed (`stats.py:9`)\n- Race (`b.py:3`)\n" in text


def test_what_was_dismissed_is_listed_and_not_shown() -> None:
    text = render(a_review((), dismissed=(a_finding("Unwanted"),)), str)

    assert "**No findings**" in text
    assert "## Dismissed in this channel (1)\n\n- Unwanted (`stats.py:3`)\n" in text
    assert "## Findings" not in text


def test_findings_keep_the_numbers_that_people_know_them_by() -> None:
    text = render(a_review((a_finding("Third"), a_finding("First")), numbers=(3, 1)), str)

    assert re.findall(r"^### (\d)\. Medium · (\w+)$", text, re.M) == [("3", "Third"), ("1", "First")]


def test_dropped_claims_are_explained_on_request() -> None:
    claim = Dropped(title="Use of eval", path="a.py", reason=say("the quoted code is not in the diff"))

    text = render(a_review(dropped=(claim,)), str, explain=True)

    assert "## Dropped claims\n\n- Use of eval (`a.py`): the quoted code is not in the diff\n" in text


def test_an_incomplete_review_never_sounds_like_a_good_one() -> None:
    coverage = a_coverage(files_total=2, lines_changed=9, failed=notes(1, "cut twice"))

    text = render(a_review((), coverage=coverage), str)

    assert "**Incomplete** · Not read to the end: `file0.lock`." in text
    assert "Risk of what was read: low." in text
    assert "Read 1 of 2 files, 3 of 9 changed lines." in text
    assert "## Not read to the end (1)\n\n- cut twice: `file0.lock`\n" in text
    assert "No findings" not in text


def test_a_risk_that_no_finding_bears_out_is_called_an_opinion() -> None:
    assert "Risk: high, in the model's opinion." in render(a_review((), risk=Risk.HIGH), str)
    assert "Risk: high." in render(a_review((a_finding(severity=Severity.HIGH),), risk=Risk.HIGH), str)
    assert "Risk: low." in render(a_review((), risk=Risk.LOW), str)


def test_a_review_that_read_nothing_states_no_risk() -> None:
    coverage = a_coverage(files_reviewed=0, lines_reviewed=0, skipped=notes(1))

    assert "Risk" not in render(a_review((), coverage=coverage, risks=()), str)


def test_every_file_that_was_left_out_is_named_under_its_reason() -> None:
    text = render(a_review(coverage=a_coverage(skipped=(*notes(2), *notes(1, "minified")))), str)

    assert "## Left out (3)\n\n- lock file: `file0.lock`, `file1.lock`\n- minified: `file0.lock`\n" in text


def test_very_many_files_are_counted_by_reason() -> None:
    text = render(a_review(coverage=a_coverage(skipped=(*notes(50), *notes(1, "minified")))), str)

    assert "## Left out (51)\n\n- lock file: 50 files\n- minified: 1 file\n" in text


def test_each_commit_is_told() -> None:
    told = CommitNote(sha=HEAD, title="Split the mean", summary="Names the total.")

    text = render(a_review(commits=(told, replace(told, summary=""))), str)

    assert "- `1f1f1f1` Split the mean: Names the total.\n" in text
    assert "- `1f1f1f1` Split the mean: the model said nothing about it\n" in text


def test_a_missing_summary_is_explained() -> None:
    text = render(a_review(summary="", unsummarised=say("its answer was cut twice")), str)

    assert "There is no summary: its answer was cut twice.\n" in text


def test_the_footer_tells_what_it_took() -> None:
    usage = Usage(prompt_tokens=12345, cached_tokens=400, completion_tokens=120, model_calls=2, seconds=12.7)

    text = render(a_review(usage=usage), str)

    assert text.endswith(
        "---\n\n`test-model`, context of 8,192 tokens · 13 seconds · 2 model calls"
        " · 12,345 tokens read, 400 of them from the cache, 120 written\n"
    )


def test_the_footer_warns_of_the_starter_model_only() -> None:
    starter = ModelInfo(backend="llama_cpp", name="tiny", n_ctx=2048, starter=True)

    assert "This is the starter model" in render(a_review(model=starter), str)
    assert "starter" not in render(a_review(), str)


def test_every_word_of_the_bot_is_spoken() -> None:
    claim = Dropped(title="0", path="", reason=say("reason"))
    review = a_review(
        (replace(a_finding("0"), detail="0", suggestion="0", evidence="0", source="0"),),
        pull_request=PullRequest(title="0", author="0", draft=True, ci=CiState.PASSING),
        coverage=a_coverage(skipped=notes(1)),
        summary="0",
        key_changes=("0",),
        risks=("0",),
        more=(a_finding("One more"),),
        dismissed=(replace(a_finding("0"), evidence="0"),),
        since=Since(head_sha="0", unchanged=2, resolved=(a_finding("0"),)),
        dropped=(claim,),
        commits=(CommitNote(sha="0", title="0", summary=""),),
        unsummarised=say("reason"),
        model=ModelInfo(backend="0", name="0", n_ctx=0, starter=True),
    )

    text = render(review, lambda _: "§", explain=True)

    assert not re.search("[a-zA-Z]", re.sub(r"stats\.py:3|file0\.lock", "", text))


@given(reviews)
@settings(max_examples=25)
def test_nothing_that_strangers_wrote_becomes_markup(review: Review) -> None:
    blocks = READER.parse(render(review, str, explain=True))

    tokens = blocks + [child for block in blocks for child in block.children or ()]
    links = [token.attrs["href"] for token in tokens if token.type == "link_open"]
    titles = [block for block in blocks if block.type == "heading_open" and block.tag == "h3"]
    assert not FORBIDDEN & {token.type for token in tokens}
    assert all(str(link).startswith("https://github.com/octo/stats/") for link in links)
    assert len(titles) == len(review.findings)


@given(reviews)
@settings(max_examples=25)
def test_any_review_can_be_encoded_and_steers_no_terminal(review: Review) -> None:
    text = render(review, str)

    assert text.encode().decode() == text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)


@given(reviews)
@settings(max_examples=25)
def test_only_a_review_with_that_verdict_says_that_there_are_no_findings(review: Review) -> None:
    assert ("**No findings**" in render(review, str)) == (review.verdict is Verdict.CLEAN)

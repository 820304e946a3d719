"""What a model's answer is read as: whole, cut, wrapped in prose, or nothing."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import validate

from bot.domain.finding import Category, Severity
from bot.service.review.claims import MOST_CLAIMS, read, schema

CLAIM = {
    "path": "shop/db.py",
    "line": 7,
    "quote": "query = f\"SELECT * FROM users WHERE name = '{name}'\"",
    "title": "SQL injection",
    "problem": "The name goes into the statement unescaped.",
    "severity": "high",
    "category": "security",
    "fix": "Pass it as a parameter.",
}
ANSWER = {"summary": "It looks up users.", "findings": [CLAIM, {**CLAIM, "title": "Another"}]}


def test_a_whole_answer_is_read_with_all_its_claims() -> None:
    reply = read(json.dumps(ANSWER))

    assert reply is not None
    assert reply.summary == "It looks up users."
    assert [claim.title for claim in reply.claims] == ["SQL injection", "Another"]
    assert reply.claims[0].severity is Severity.HIGH
    assert reply.claims[0].category is Category.SECURITY
    assert reply.claims[0].line == 7


@given(st.integers(min_value=0, max_value=len(json.dumps(ANSWER))))
def test_an_answer_cut_anywhere_keeps_exactly_its_complete_claims(length: int) -> None:
    text = json.dumps(ANSWER)

    reply = read(text[:length])

    ends = [text.index("}", text.index(title)) + 1 for title in ("SQL injection", "Another")]
    complete = [title for title, end in zip(("SQL injection", "Another"), ends, strict=True) if end <= length]
    assert ([claim.title for claim in reply.claims] if reply else []) == complete


def test_an_answer_cut_before_its_first_complete_claim_is_no_answer() -> None:
    assert read('{"summary": "It looks up users.", "findings": [{"path": "shop/db.py", "li') is None


@pytest.mark.parametrize(
    "text",
    [
        "```json\n" + json.dumps(ANSWER) + "\n```",
        "Sure! Here is the review:\n" + json.dumps(ANSWER) + "\nHope this helps.",
        json.dumps(ANSWER).replace("It looks up", "It looks\nup"),
        json.dumps({**ANSWER, "verdict": "fine", "findings": [*ANSWER["findings"], "stray text", None]}),
        json.dumps({**ANSWER, "findings": [{**CLAIM, "line": "7", "severity": "URGENT", "category": None}, CLAIM]}),
    ],
)
def test_what_weak_models_put_around_an_answer_does_not_lose_it(text: str) -> None:
    reply = read(text)

    assert reply is not None
    assert len(reply.claims) == 2


def test_unknown_severity_and_category_become_the_middle_ones() -> None:
    reply = read(json.dumps({"summary": "s", "findings": [{**CLAIM, "severity": "URGENT", "category": 3}]}))

    assert reply is not None
    assert reply.claims[0].severity is Severity.MEDIUM
    assert reply.claims[0].category is Category.BUG


@pytest.mark.parametrize(
    "text", ["", "I cannot review this.", "[]", "{", "{}", '{"findings"', "null", '{"summary": ""}', "[" * 100_000]
)
def test_an_answer_without_anything_complete_is_none(text: str) -> None:
    assert read(text) is None


def test_an_answer_without_findings_is_an_answer() -> None:
    reply = read('{"summary": "Renames a variable.", "findings": []}')

    assert reply is not None
    assert reply.claims == ()


@given(st.text())
def test_no_text_at_all_makes_reading_fail(text: str) -> None:
    read(text)


def test_the_schema_takes_an_answer_and_refuses_files_that_were_not_shown() -> None:
    validate(ANSWER, schema(["shop/db.py"]))

    with pytest.raises(Exception, match="is not one of"):
        validate(ANSWER, schema(["shop/page.py"]))


def test_every_string_and_array_of_the_schema_is_bounded() -> None:
    def unbounded(node: object) -> list[object]:
        if isinstance(node, dict):
            open_string = node.get("type") == "string" and "maxLength" not in node
            open_array = node.get("type") == "array" and "maxItems" not in node
            return ([node] if open_string or open_array else []) + [
                x for value in node.values() for x in unbounded(value)
            ]
        return []

    assert unbounded(schema(["a.py"])) == []
    assert MOST_CLAIMS <= 5

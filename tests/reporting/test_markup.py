import pytest
from hypothesis import given
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.reporting.markup import code, fence, inline, link, paragraphs
from tests.reporting.reviews import hostile

READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])

WORDS = {"paragraph_open", "paragraph_close", "inline", "text", "text_special", "code_inline", "softbreak"}


def read(markdown: str) -> list[Token]:
    blocks = READER.parse(markdown)
    return blocks + [child for block in blocks for child in block.children or ()]


def kinds(markdown: str) -> set[str]:
    return {token.type for token in read(markdown)}


def shown(markdown: str) -> str:
    return "".join(t.content for t in read(markdown) if t.type in {"text", "text_special", "code_inline", "fence"})


@given(hostile)
def test_inline_text_becomes_nothing_but_words_and_code_spans(text: str) -> None:
    assert kinds(inline(text)) <= WORDS


@given(hostile)
def test_paragraphs_become_nothing_but_words_and_code_spans(text: str) -> None:
    assert kinds(paragraphs(text)) <= WORDS


@given(hostile)
def test_inline_text_stays_words_in_a_list_and_in_a_heading(text: str) -> None:
    listed = kinds(f"- {inline(text)}\n- {inline(text)}")
    heading = kinds(f"### 1. {inline(text)}")

    assert listed <= WORDS | {"bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close"}
    assert heading <= WORDS | {"heading_open", "heading_close"}


@given(hostile)
def test_a_fence_holds_whatever_is_in_it(text: str) -> None:
    assert [block.type for block in READER.parse(fence(text))] == ["fence"]


@given(hostile)
def test_a_code_span_holds_whatever_is_in_it(text: str) -> None:
    assert kinds(f"see {code(text)} there") == {"paragraph_open", "paragraph_close", "inline", "text", "code_inline"}


@pytest.mark.parametrize(
    "text",
    [
        "snake_case and a * b < c & d | e || f, arr[0], 50%, C#",
        "Call `send()` or ``a`b`` again",
        "Use __init__ and *args, **kwargs # now",
        "1. first - then + last > all = equal",
        r"\d+ matches C:\temp and \* and \[x](y)",
    ],
)
def test_text_reads_as_it_was_written(text: str) -> None:
    assert shown(inline(text)) == text.replace("`send()`", "send()").replace("``a`b``", "a`b")


@pytest.mark.parametrize("text", ["snake_case", "a < b && c | d", "x = a * b", "arr[0] != 1", "(see below) - done!"])
def test_harmless_text_is_not_cluttered_with_backslashes(text: str) -> None:
    assert inline(text) == text


def test_paragraphs_are_kept_apart() -> None:
    assert paragraphs("one\ntwo\n \n# three") == "one two\n\n\\# three"


@pytest.mark.parametrize("url", ["", "javascript:alert(1)", "//evil.example"])
def test_only_addresses_of_the_web_are_linked(url: str) -> None:
    assert link("label", url) == "label"


def test_an_address_cannot_end_its_link() -> None:
    assert link("label", "https://e.example/a)b c<d>") == "[label](https://e.example/a%29b%20c%3Cd%3E)"

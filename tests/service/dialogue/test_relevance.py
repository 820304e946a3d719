from __future__ import annotations

from bot.service.dialogue.relevance import query, scores, terms


def test_an_identifier_is_found_whole_and_in_parts() -> None:
    assert terms("fetch_page") == ["fetch_page", "fetch", "page"]
    assert terms("getHTTPResponse") == ["gethttpresponse", "get", "http", "response"]


def test_an_identifier_inside_chinese_text_is_found() -> None:
    found = terms("函数fetch_page为什么循环")

    assert "fetch_page" in found
    assert "循环" in found


def test_singular_and_plural_are_the_same_term() -> None:
    assert terms("retries timeouts class") == ["retrie", "timeout", "class"]
    assert terms("timeout") == ["timeout"]


def test_words_that_are_in_every_question_are_no_terms() -> None:
    assert terms("What is this, and why? Was ist das?") == []


def test_the_text_that_shares_a_rare_term_goes_before_one_that_shares_a_common_term() -> None:
    documents = [terms(text) for text in ("the page loads", "the page retries", "the page ends", "nothing here")]

    points = scores(query("does the page retry or retries?"), documents)

    assert max(points) == points[1]
    assert points[0] == points[2] > 0
    assert points[3] == 0


def test_background_weighs_less_than_the_question() -> None:
    documents = [terms("pool of connections"), terms("retry of pages")]

    points = scores(query("the pool?", background="retry"), documents)

    assert points[0] > points[1] > 0


def test_no_documents_have_no_scores() -> None:
    assert scores(query("anything"), []) == []
    assert scores(query("anything"), [[]]) == [0]

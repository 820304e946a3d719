from __future__ import annotations

import pytest

from bot.service.dialogue import named

WEB = "https://github.com"
PATHS = ["src/net/retry_policy.py", "app.py", "src/app.py", "uv.lock"]


@pytest.mark.parametrize(
    ("question", "paths"),
    [
        ("why does src/net/retry_policy.py loop?", ["src/net/retry_policy.py"]),
        ("see `retry_policy.py`.", ["src/net/retry_policy.py"]),
        ("net/retry_policy.py, please", ["src/net/retry_policy.py"]),
        ("what is RETRY_POLICY about?", ["src/net/retry_policy.py"]),
        ("函数在retry_policy.py里吗", ["src/net/retry_policy.py"]),
        ("app.py", ["app.py", "src/app.py"]),
        ("src\\app.py", ["src/app.py"]),
        ("does the app start?", []),
        ("retry_policy.pyc", []),
    ],
)
def test_a_file_is_named_by_its_path_or_name(question: str, paths: list[str]) -> None:
    assert named.files(question, PATHS) == paths


def test_a_word_may_also_be_a_file_without_its_ending() -> None:
    assert named.likely_files("does the app start?", PATHS) == ["app.py", "src/app.py"]


@pytest.mark.parametrize(
    "question", ["app.py:12", "app.py line 12", "app.py, line 12?", "app.py#L12", "app.py第12行", "app.py Zeile 12"]
)
def test_a_line_is_named_behind_its_file(question: str) -> None:
    assert named.lines(question, "app.py") == [12]
    assert named.lines(question, "uv.lock") == []


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("what does billing.py do?", ["billing.py"]),
        ("is config/settings.toml read by app.py?", ["config/settings.toml"]),
        ("is requests.get called?", []),
        ("does it run on Node.js?", []),
        ("version 1.2 e.g. now", []),
    ],
)
def test_a_stranger_looks_like_a_file_and_is_none_of_the_change(question: str, names: list[str]) -> None:
    assert named.strangers(question, PATHS) == names


@pytest.mark.parametrize(
    ("question", "numbers"),
    [
        ("why is finding 2 bad?", [2]),
        ("Finding #2", [2]),
        ("findings 1 and 3", [1, 3]),
        ("findings 1, 2, 4", [1, 2, 4]),
        ("the second finding", [2]),
        ("Befund 7 und der erste Befund", [7, 1]),
        ("第2个问题怎么改", [2]),
        ("问题2怎么改", [2]),
        ("第三个问题", [3]),
        ("我们发现2个问题", []),
        ("which findings are there?", []),
        ("line 2", []),
    ],
)
def test_findings_are_named_by_number(question: str, numbers: list[int]) -> None:
    assert named.findings(question) == numbers


def test_pull_requests_are_named_by_number_name_or_link() -> None:
    question = "what of #12, stats#3, octo/stats#4 and https://github.com/a/b/pull/9?"

    assert named.pull_requests(question, web_url=WEB) == ["a/b#9", "#12", "stats#3", "octo/stats#4"]
    assert named.hashes(question) == [12]
    assert named.pull_requests("PR#5?", web_url=WEB) == ["#5"]


def test_a_number_may_touch_chinese_words() -> None:
    assert named.pull_requests("在#12里和octo/web#7里", web_url=WEB) == ["#12", "octo/web#7"]
    assert named.hashes("看看#2吧") == [2]


def test_a_link_may_lack_its_scheme_and_stand_in_chinese() -> None:
    assert named.pull_requests("and github.com/a/b/pull/9?", web_url=WEB) == ["a/b#9"]
    assert named.pull_requests("看看https://github.com/a/b/pull/9和#12", web_url=WEB) == ["a/b#9", "#12"]


@pytest.mark.parametrize(
    "link",
    [
        "https://gitlab.com/a/b/pull/9",
        "https://gitlab.com/a/b#9",
        "https://gitlab.com/?of=b#9",
        "gitlab.com/a/b/pull/9",
        "/a/b/pull/9",
    ],
)
def test_a_link_to_another_host_names_no_pull_request(link: str) -> None:
    assert named.pull_requests(f"what did we find in {link}?", web_url=WEB) == []


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("#12", True),
        ("stats#12", True),
        ("Octo/Stats#12", True),
        ("#2", False),
        ("ats#12", False),
        ("a/stats#12", False),
    ],
)
def test_a_target_is_called_by_the_end_of_its_name(name: str, called: bool) -> None:
    assert named.is_called("octo/stats#12", [name]) is called


def test_a_number_of_any_length_is_no_finding_and_no_failure() -> None:
    assert named.findings("finding " + "9" * 5000) == [999999999]

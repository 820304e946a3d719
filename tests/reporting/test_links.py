import hashlib

from bot.domain.diff import Side
from bot.reporting.links import location_url, repository_url
from tests.builders import HEAD, a_location, a_pull_request


def test_a_line_is_shown_in_the_file_at_the_reviewed_head() -> None:
    url = location_url(a_pull_request(), a_location("src/stats.py", 10))

    assert url == f"https://github.com/octo/stats/blob/{HEAD}/src/stats.py#L10"


def test_several_lines_are_shown_as_a_range() -> None:
    assert location_url(a_pull_request(), a_location("stats.py", 10, 12)).endswith("/stats.py#L10-L12")


def test_a_removed_line_is_shown_among_the_changed_files() -> None:
    url = location_url(a_pull_request(), a_location("stats.py", 7, side=Side.OLD))

    anchor = hashlib.sha256(b"stats.py").hexdigest()
    assert url == f"https://github.com/octo/stats/pull/12/files#diff-{anchor}L7"


def test_a_line_of_an_unknown_head_is_shown_among_the_changed_files() -> None:
    url = location_url(a_pull_request(head_sha=""), a_location("stats.py", 7))

    assert url.startswith("https://github.com/octo/stats/pull/12/files#diff-")
    assert url.endswith("R7")


def test_odd_file_names_are_encoded() -> None:
    url = location_url(a_pull_request(), a_location("日本/a b)#?%.py", 1))

    assert url.endswith("/%E6%97%A5%E6%9C%AC/a%20b%29%23%3F%25.py#L1")


def test_another_host_keeps_its_address() -> None:
    change = a_pull_request(url="https://code.example:8443/scm/octo/stats/pull/12")

    assert repository_url(change) == "https://code.example:8443/scm/octo/stats"


def test_a_local_diff_has_no_addresses() -> None:
    change = a_pull_request(ref=None, url="")

    assert repository_url(change) == ""
    assert location_url(change, a_location()) == ""

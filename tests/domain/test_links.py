"""Links to pull requests: what is taken for one, and what is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.change import PullRequestRef, RepositoryRef
from bot.domain.errors import NotUnderstood
from bot.domain.links import find_pull_requests, parse_pull_request, parse_repository

WEB = "https://github.com"
REF = PullRequestRef(owner="octo", repository="hello.world", number=12)
LINK = "https://github.com/octo/hello.world/pull/12"


@pytest.mark.parametrize(
    "text",
    [
        LINK,
        f"{LINK}/",
        f"{LINK}/files",
        f"{LINK}/changes",
        f"{LINK}/commits",
        f"{LINK}/commits/0123abc",
        f"{LINK}/files/0123abc..def4567",
        f"{LINK}#discussion_r123",
        f"{LINK}/files#diff-0a1b2cR10-R20",
        f"{LINK}?w=1&diff=split",
        f"{LINK}.diff",
        f"{LINK}.patch",
        f"<{LINK}>",
        f"<{LINK}|octo/hello.world#12>",
        f"<{LINK}/files|look: here>.",
        f"[the pull request]({LINK})",
        f"[the pull request]({LINK}/files).",
        f"({LINK})",
        f"{LINK}.",
        f"  {LINK},\n",
        f"`{LINK}`",
        f"**{LINK}**",
        "https://GitHub.COM/octo/hello.world/pull/12",
        "HTTPS://github.com/octo/hello.world/pull/12",
        "https://github.com:443/octo/hello.world/pull/12",
        "octo/hello.world#12",
        "octo/hello.world#12.",
        "(octo/hello.world#12)",
        "`octo/hello.world#12`",
    ],
)
def test_these_name_the_pull_request(text: str) -> None:
    assert parse_pull_request(text, web_url=WEB) == REF


@pytest.mark.parametrize(
    ("web_url", "link"),
    [
        ("https://git.example.org/scm", "https://git.example.org/scm/octo/hello.world/pull/12/files"),
        ("https://git.example.org/scm/", "https://git.example.org/scm/octo/hello.world/pull/12"),
        ("https://git.example.org:8443", "https://git.example.org:8443/octo/hello.world/pull/12"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/octo/hello.world/pull/12"),
        ("http://[::1]:8080", "http://[::1]:8080/octo/hello.world/pull/12"),
        ("http://git.example.org", "http://git.example.org:80/octo/hello.world/pull/12"),
        ("https://Kernel.example", "https://kernel.example/octo/hello.world/pull/12"),
    ],
)
def test_the_host_is_the_configured_one(web_url: str, link: str) -> None:
    assert parse_pull_request(link, web_url=web_url) == REF


@pytest.mark.parametrize(
    "text",
    [
        "https://github.com@evil.example/octo/hello.world/pull/12",
        "https://user@github.com/octo/hello.world/pull/12",
        "https://github.com:pass@evil.example/octo/hello.world/pull/12",
        "https://github.com:8443/octo/hello.world/pull/12",
        "https://github.com:x/octo/hello.world/pull/12",
        "https://github.com:99999/octo/hello.world/pull/12",
        "https://github.com.evil.example/octo/hello.world/pull/12",
        "https://evilgithub.com/octo/hello.world/pull/12",
        "https://evil.example/github.com/octo/hello.world/pull/12",
        "https://evil.example/?u=https://github.com/octo/hello.world/pull/12",
        "https://evil.example#https://github.com/octo/hello.world/pull/12",
        "https://evil.example\\@github.com/octo/hello.world/pull/12",
        "https://github.com\\evil.example/octo/hello.world/pull/12",
        "https://gıthub.com/octo/hello.world/pull/12",
        "https://ｇithub.com/octo/hello.world/pull/12",
        "https://github.com。/octo/hello.world/pull/12",
        "https://github.com\u2044octo/hello.world/pull/12",
        "https://[github.com/octo/hello.world/pull/12",
        "//github.com/octo/hello.world/pull/12",
        "javascript://github.com/octo/hello.world/pull/12",
        "http://github.com/octo/hello.world/pull/12",
        "https:github.com/octo/hello.world/pull/12",
        "https://github.com/octo%2Fhello.world/pull/12",
        "https://github.com/octo/hello.world%2Fpull/12",
        "https://github.com/octo/hello.world/pull/12/..%2f..%2f13",
        "https://github.com/octo/hello.world/pull/12/../13",
        "https://github.com/octo/../pull/12",
        "https://github.com/octo/./pull/12",
        "https://github.com//octo/hello.world/pull/12",
        "https://github.com/octo/hello.world/pull/12\nhttps://evil.example",
        "https://github.com/octo/hello.world\n/pull/12",
        "https://github.com/octo/hello\t.world/pull/12",
        "https://github.com/octo/hello.world/pull/１２",
        "octo/hello.world#１２",
        "оcto/hello.world#12",
        "octo/..#12",
        "octo/hello.world#12 and more",
        "-octo/hello.world#12",
        "a/octo/hello.world#12",
        "https://github.com/octo/hello.world/pull/12/" + "a" * 3000,
        "octo/" + "a" * 200 + "#12",
        "",
        "#12",
        "12",
    ],
)
def test_these_name_nothing(text: str) -> None:
    with pytest.raises(NotUnderstood):
        parse_pull_request(text, web_url=WEB)


@pytest.mark.parametrize(
    ("web_url", "link"),
    [
        ("https://git.example.org/scm", "https://git.example.org/octo/hello.world/pull/12"),
        ("https://git.example.org/scm", "https://git.example.org/scmx/octo/hello.world/pull/12"),
        ("https://kernel.example", "https://\u212aernel.example/octo/hello.world/pull/12"),
        ("https://git.example.org", "https://github.com/octo/hello.world/pull/12"),
    ],
)
def test_another_host_or_prefix_is_not_the_configured_one(web_url: str, link: str) -> None:
    with pytest.raises(NotUnderstood):
        parse_pull_request(link, web_url=web_url)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("https://github.com/octo/hello.world/issues/12", "is an issue, not a pull request"),
        ("https://github.com/octo/hello.world/issues/12#issuecomment-1", "is an issue"),
        ("https://github.com/octo/hello.world/commit/0123abc", "is a commit"),
        ("https://github.com/octo/hello.world/commits/main", "is a commit"),
        ("https://github.com/octo/hello.world", "is a repository"),
        ("https://github.com/octo/hello.world/", "is a repository"),
        ("https://github.com/octo/hello.world/pull/0", "has no number a pull request could have"),
        ("https://github.com/octo/hello.world/pull/12345678901", "has no number a pull request could have"),
        ("https://github.com/octo/hello.world/pull/012", "has no number a pull request could have"),
        ("https://github.com/octo/hello.world/pulls", "is not the page of a pull request"),
        ("https://gitlab.com/octo/hello/-/merge_requests/1", "is not a page of https://github.com"),
        ("octo/hello.world#0", "names no pull request"),
        ("review this please", "names no pull request"),
    ],
)
def test_the_sentence_says_what_it_is_and_what_is_understood(text: str, said: str) -> None:
    with pytest.raises(NotUnderstood) as caught:
        parse_pull_request(text, web_url=WEB)

    sentence = str(caught.value.sentence)
    assert said in sentence
    assert "I understand links such as https://github.com/owner/repository/pull/12, or owner/repository#12." in sentence


def test_the_sentence_stays_on_one_short_line() -> None:
    with pytest.raises(NotUnderstood) as caught:
        parse_pull_request("https://evil.example/\r\n\x1b[31m" + "x" * 5000, web_url=WEB)

    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 300


def test_pull_requests_are_found_in_a_message_in_order_and_once() -> None:
    message = (
        "Please look at <https://github.com/b/two/pull/2/files|two>, a/one#1, "
        "[three](https://github.com/c/three/pull/3) and https://github.com/b/two/pull/2. "
        "Not https://github.com/d/four/issues/4 or https://evil.example/e/five/pull/5."
    )

    found = find_pull_requests(message, web_url=WEB)

    assert [str(ref) for ref in found] == ["b/two#2", "a/one#1", "c/three#3"]


@pytest.mark.parametrize(
    ("message", "found"),
    [
        ("请看octo/hello.world#12吧", True),
        ("请看https://github.com/octo/hello.world/pull/12，谢谢", True),
        ("octo/hello.world#12's tests", True),
        (f"[{LINK}]({LINK})", True),
        ("see octo/hello.world#12x", False),
        ("see octo/hello.world#1234567890", False),
        ("see оcto/hello.world#12", False),
        ("see xоcto/hello.world#12", False),
        ("path/to/octo/hello.world#12", False),
        ("mail@octo/hello.world#12", False),
        ("https://evil.example/octo/hello.world#12", False),
        ("https://github.com@evil.example/octo/hello.world/pull/12", False),
        ("https://github.com\u2044octo/hello.world/pull/12", False),
        ("https://github.comа/octo/hello.world/pull/12", False),
        ("https://github.com/octo/hello.world/pull/12/../../x", False),
        ("no link here, 1/2 #3", False),
    ],
)
def test_what_touches_a_name_decides_whether_it_is_one(message: str, found: bool) -> None:
    assert find_pull_requests(message, web_url=WEB) == ((REF,) if found else ())


@given(st.text(max_size=200))
def test_any_text_is_understood_or_refused_with_a_sentence(text: str) -> None:
    try:
        said = str(parse_pull_request(text, web_url=WEB))
    except NotUnderstood as refused:
        said = str(refused.sentence)

    assert said.isprintable()


names = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{0,20}", fullmatch=True)
HARMLESS = st.text(alphabet=" \n,;()<>[]|*`\"'!看，", max_size=5)


@given(owner=names, repository=names, number=st.integers(1, 999_999_999), before=HARMLESS, after=HARMLESS)
def test_a_pull_request_is_found_whatever_punctuation_is_around_it(
    owner: str, repository: str, number: int, before: str, after: str
) -> None:
    ref = PullRequestRef(owner=owner, repository=repository, number=number)

    assert find_pull_requests(f"{before}{ref}{after}", web_url=WEB) == (ref,)
    assert find_pull_requests(f"{before}{WEB}/{owner}/{repository}/pull/{number}{after}", web_url=WEB) == (ref,)


@given(st.text(alphabet="https://github.com@evil:8\\.%2fpul12#?ioctor ", max_size=80))
def test_whatever_is_put_before_the_host_it_is_not_the_host(noise: str) -> None:
    link = f"https://{noise}.evil.example/octo/hello/pull/7"

    assert all("evil" not in str(ref) for ref in find_pull_requests(link, web_url=WEB))
    with pytest.raises(NotUnderstood):
        parse_pull_request(f"https://x{noise.replace('/', '')}/octo/hello/pull/7", web_url=WEB)


@pytest.mark.parametrize(
    "text",
    [
        "octo/hello.world",
        "`octo/hello.world`",
        "octo/hello.world.",
        "https://github.com/octo/hello.world",
        "<https://github.com/octo/hello.world|hello>",
        "https://GitHub.com/octo/hello.world/",
        LINK,
        "https://github.com/octo/hello.world/issues",
    ],
)
def test_these_name_the_repository(text: str) -> None:
    assert parse_repository(text, web_url=WEB) == RepositoryRef(owner="octo", name="hello.world")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "octo",
        "octo/",
        "octo/*",
        "octo/..",
        "octo/hello world",
        "octo/hello.world#12",
        "https://gitlab.com/octo/hello.world",
        "https://github.com@evil.example/octo/hello.world",
        "https://github.com/octo",
        "octo/" + "x" * 3000,
    ],
)
def test_these_name_no_repository(text: str) -> None:
    with pytest.raises(NotUnderstood) as raised:
        parse_repository(text, web_url=WEB)

    assert "owner/name" in str(raised.value.sentence)

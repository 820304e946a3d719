import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.diffing.names import marked, pair, unquote, without_prefixes


@pytest.mark.parametrize(("quoted", "name"), [
    (r'"caf\303\251"', "café"),
    (r'"a\tb\nc\"d\\e"', 'a\tb\nc"d\\e'),
    (r'"\377"', "ÿ"),
    ('plain "name"', 'plain "name"'),
    ('"', '"'),
    ('"open', '"open'),
])  # fmt: skip
def test_quoting_is_undone_where_git_did_it(quoted: str, name: str) -> None:
    assert unquote(quoted) == name


@given(st.text(min_size=1).filter(lambda name: "\0" not in name))
def test_every_name_that_git_quotes_comes_back(name: str) -> None:
    octal = "".join(f"\\{byte:03o}" for byte in name.encode("utf-8", "replace"))

    assert unquote(f'"{octal}"') == name.encode("utf-8", "replace").decode()


@pytest.mark.parametrize(("field", "name"), [
    ("a/x.py", "a/x.py"),
    ("a/with space\t", "a/with space"),
    ("old/x.py\t2026-03-04 12:00:00.000000000 +0000", "old/x.py"),
    (r'"a/\303\251"' + "\t2026-03-04", "a/é"),
])  # fmt: skip
def test_a_marked_name_ends_before_its_date(field: str, name: str) -> None:
    assert marked(field) == name


@pytest.mark.parametrize(("field", "names"), [
    ("a/x b/x", ("a/x", "b/x")),
    ("a/x b/y b/x b/y", ("a/x b/y", "b/x b/y")),
    ("x y x y", ("x y", "x y")),
    ("before/x y after/x y", ("before/x y", "after/x y")),
    (r'"a/\303\251" "b/\303\251"', ("a/é", "b/é")),
    (r'"a/\303\251" b/e', ("a/é", "b/e")),
    (r'a/e "b/\303\251"', ("a/e", "b/é")),
    ("a/one b/two", ("a/one", "b/two")),
])  # fmt: skip
def test_two_names_on_one_line_are_told_apart(field: str, names: tuple[str, str]) -> None:
    assert pair(field) == names


@given(st.text("ab /", min_size=1, max_size=12).filter(lambda name: not name.startswith("/")))
def test_equal_names_are_told_apart_whatever_spaces_they_hold(name: str) -> None:
    assert without_prefixes(*pair(f"a/{name} b/{name}")) == (name, name)


def test_an_endless_line_of_spaces_costs_no_time() -> None:
    assert pair("x" + " " * 3_000_000 + "y")[0] == "x"


@pytest.mark.parametrize(("names", "bare"), [
    (("a/x", "b/x"), ("x", "x")),
    (("i/x", "w/x"), ("x", "x")),
    (("old/a/x", "new/a/x"), ("a/x", "a/x")),
    (("a/one", "b/two"), ("one", "two")),
    (("a/x", "a/x"), ("a/x", "a/x")),
    (("one", "two"), ("one", "two")),
    (("src/one", "lib/two"), ("src/one", "lib/two")),
])  # fmt: skip
def test_prefixes_are_what_differs_between_the_names(names: tuple[str, str], bare: tuple[str, str]) -> None:
    assert without_prefixes(*names) == bare

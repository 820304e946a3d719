import pytest

from bot.diffing.parse import parse
from bot.domain.diff import Diff, FileDiff, FileStatus, LineKind, Side
from bot.domain.errors import DiffUnreadable
from tests.diffing.samples import only_file, parsed, sample


def changed(file: FileDiff) -> list[tuple[str, int | None, str]]:
    """Say `+` or `-`, the line's number in its own file, and its text."""
    signs = {LineKind.ADDED: "+", LineKind.REMOVED: "-"}
    return [(signs[line.kind], line.new or line.old, line.text) for line in file.lines if line.changed]


def kinds(diff: Diff) -> dict[str, FileStatus]:
    return {file.path: file.status for file in diff.files}


def test_lines_carry_their_numbers_on_both_sides() -> None:
    code, plain = parsed("two_hunks").files

    assert changed(code) == [
        ("-", 2, "    return 1"),
        ("+", 2, "    return 10"),
        ("-", 13, "    return x"),
        ("+", 13, "    return x + y"),
    ]
    assert [hunk.heading for hunk in code.hunks] == ["", "def c():"]
    assert [hunk.first(Side.NEW) for hunk in code.hunks] == [1, 10]
    assert [(line.old, line.new) for line in plain.lines] == [(1, 1), (2, None), (None, 2), (3, 3), (None, 4)]


@pytest.mark.parametrize("name", ["two_hunks", "no_prefix", "mnemonic", "reversed"])
def test_prefixes_of_every_kind_are_no_part_of_the_path(name: str) -> None:
    assert kinds(parsed(name)) == {"code.py": FileStatus.MODIFIED, "plain.txt": FileStatus.MODIFIED}


@pytest.mark.parametrize("name", ["names", "names_unquoted"])
def test_names_are_read_as_they_are_on_disk(name: str) -> None:
    diff = parsed(name)

    paths = {"a b b.txt", "café.txt", 'qu"ote.txt', "tab\tname.txt", "with space.txt", "x b/y", "日本.txt"}
    assert {file.path for file in diff.files} == paths
    assert all(changed(file) == [("-", 1, "x"), ("+", 1, "y")] for file in diff.files)


def test_a_change_of_mode_alone_names_its_file() -> None:
    assert [(file.path, file.old_mode, file.new_mode, file.hunks) for file in parsed("names_modes").files] == [
        ("a b b.txt", "100644", "100755", ()),
        ("café.txt", "100644", "100755", ()),
        ("x b/y", "100644", "100755", ()),
    ]


def test_a_mode_and_lines_change_together() -> None:
    file = only_file("mode_and_lines")

    assert (file.old_mode, file.new_mode, changed(file)) == ("100644", "100755", [("+", 2, "more")])


def test_renames_and_copies_know_where_the_file_was() -> None:
    known = [(file.status, file.old_path, file.path, file.lines_changed) for file in parsed("renames").files]
    known += [(file.status, file.old_path, file.path, file.lines_changed) for file in parsed("copies").files]

    assert known == [
        (FileStatus.RENAMED, "plain.txt", "moved é.txt", 0),
        (FileStatus.RENAMED, "old_name.txt", "new_name.txt", 2),
        (FileStatus.COPIED, "original.txt", "copied.txt", 0),
        (FileStatus.COPIED, "original.txt", "copied_and_changed.txt", 1),
    ]


@pytest.mark.parametrize("name", ["binary", "binary_patch"])
def test_binary_files_have_no_lines_and_leave_their_neighbours_alone(name: str) -> None:
    image, new, plain = parsed(name).files

    assert (image.path, image.binary, image.status, image.hunks) == ("image.bin", True, FileStatus.MODIFIED, ())
    assert (new.path, new.binary, new.status) == ("new.bin", True, FileStatus.ADDED)
    assert (plain.binary, changed(plain)) == (False, [("-", 2, "two"), ("+", 2, "2")])


def test_a_new_empty_file_has_no_lines_and_hides_none() -> None:
    diff = parsed("new_and_gone")

    statuses = {"brand_new.txt": FileStatus.ADDED, "empty_new.txt": FileStatus.ADDED, "gone.txt": FileStatus.REMOVED}
    assert kinds(diff) == statuses
    assert [file.unread for file in diff.files] == [None, None, None]
    assert all(file.path == file.old_path for file in diff.files)


def test_a_file_whose_lines_the_diff_does_not_show_is_unread() -> None:
    (file,) = parse("diff --git a/x.py b/x.py\nindex 3e0a34f..b5f5fa2 100644\n").files

    assert str(file.unread) == "the diff does not show its lines"


def test_a_submodule_is_a_commit_of_another_repository() -> None:
    file = only_file("submodule")

    assert (file.path, file.submodule) == ("lib", True)
    assert changed(file)[1] == ("+", 1, f"Subproject commit {'2' * 40}")


def test_a_file_that_becomes_a_symlink_goes_and_comes() -> None:
    gone, come, changed_link, new_link = parsed("symlinks").files

    assert [(file.path, file.status) for file in (gone, come)] == [
        ("gone.txt", FileStatus.REMOVED),
        ("gone.txt", FileStatus.ADDED),
    ]
    assert (come.new_mode, changed_link.old_mode, new_link.new_mode) == ("120000", "120000", "120000")


def test_a_line_that_ends_its_file_without_a_line_feed_says_so() -> None:
    noend, plain = parsed("no_final_newline").files

    assert [(line.text, line.ends_file) for line in noend.lines] == [("no end", True), ("still no end", True)]
    assert [line.ends_file for line in plain.lines] == [False, False, False, True]


def test_the_marker_of_a_missing_line_feed_is_known_in_other_languages() -> None:
    text = "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n\\ Kein Zeilenumbruch am Dateiende.\n"

    (file,) = parse(text).files

    assert [line.ends_file for line in file.lines] == [False, True]


def test_carriage_returns_belong_to_lines_and_never_to_headers() -> None:
    file = only_file("crlf")
    (converted,) = parse(sample("mode_and_lines").replace(b"\n", b"\r\n")).files

    assert (file.path, changed(file)) == ("dos.txt", [("-", 2, "two\r"), ("+", 2, "2\r")])
    assert (converted.path, converted.new_mode, changed(converted)) == ("run.sh", "100755", [("+", 2, "more\r")])


def test_lines_that_are_not_utf8_are_read_as_latin1_and_others_as_utf8() -> None:
    latin, utf8 = parsed("latin1").files

    assert changed(latin)[-1] == ("+", 1, "café crème")
    assert changed(utf8)[-1] == ("+", 1, "café")


def test_utf16_as_powershell_writes_it_is_read() -> None:
    text = sample("two_hunks").decode().replace("\n", "\r\n")

    diff = parse(b"\xff\xfe" + text.encode("utf-16-le"))

    assert [file.path for file in diff.files] == ["code.py", "plain.txt"]
    assert diff.lines_changed == 7


def test_only_a_line_feed_ends_a_line() -> None:
    file = only_file("line_separators")

    assert changed(file)[-1] == ("+", 1, "a\u2028b\x0cc\rd\x85e\x1cf")


def test_lines_that_look_like_headers_stay_lines() -> None:
    file = only_file("dashes")

    assert changed(file) == [("-", 2, "b"), ("-", 3, "-- comment"), ("+", 3, "++ new")]


def test_conflict_markers_in_a_file_are_lines_like_others() -> None:
    file = only_file("conflict_markers")

    assert ("+", 2, "<<<<<<< HEAD") in changed(file)


def test_diffs_of_gnu_diff_name_files_below_the_compared_folders() -> None:
    diff = parsed("gnu")

    assert [(file.path, file.status, file.binary) for file in diff.files] == [
        ("bin", FileStatus.MODIFIED, True),
        ("src/n.py", FileStatus.ADDED, False),
        ("src/x.py", FileStatus.MODIFIED, False),
        ("y z", FileStatus.MODIFIED, False),
    ]


def test_a_plain_diff_tells_new_and_removed_files_by_dev_null() -> None:
    text = "--- /dev/null\n+++ b/new.py\n@@ -0,0 +1 @@\n+a\n--- a/old.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n"

    assert kinds(parse(text)) == {"new.py": FileStatus.ADDED, "old.py": FileStatus.REMOVED}


def test_what_stands_around_the_diffs_of_mails_is_no_part_of_them() -> None:
    (file,) = parsed("mail").files

    assert (file.path, changed(file)) == ("plain.txt", [("-", 2, "two"), ("+", 2, "2")])


@pytest.mark.parametrize(("name", "paths"), [
    ("mails", ["plain.txt", "code.py", "new_name.txt", "plain.txt"]),
    ("log", ["plain.txt", "code.py", "new_name.txt"]),
])  # fmt: skip
def test_a_series_keeps_the_files_of_all_its_parts_in_order(name: str, paths: list[str]) -> None:
    assert [file.path for file in parsed(name).files] == paths


def test_paths_that_leave_the_repository_are_kept_as_data() -> None:
    text = "--- a/../../etc/passwd\n+++ b/../../etc/passwd\n@@ -1 +1 @@\n-a\n+b\n"

    diff = parse(text + text.replace("a/../..", "").replace("b/../..", "").replace("passwd", "x"))

    assert [file.path for file in diff.files] == ["../../etc/passwd", "/etc/x"]


@pytest.mark.parametrize("text", [b"", "", b" \n\n\t\n", "\ufeff"])
def test_empty_text_is_a_diff_without_files(text: bytes | str) -> None:
    assert parse(text) == Diff(files=())


@pytest.mark.parametrize("text", ["hello\n", "{}", "<<<<<<< HEAD\na\n=======\nb\n>>>>>>> topic\n", b"\x00\xff\xfe"])
def test_text_without_a_diff_is_refused(text: bytes | str) -> None:
    with pytest.raises(DiffUnreadable, match="This is no diff"):
        parse(text)


@pytest.mark.parametrize("name", ["combined", "unmerged"])
def test_a_merge_in_conflict_is_refused_by_name(name: str) -> None:
    with pytest.raises(DiffUnreadable, match=r"merge's combined diff \(plain\.txt\)"):
        parsed(name)


def test_a_hunk_that_is_cut_off_is_named_with_file_and_line() -> None:
    text = sample("two_hunks")
    cut = text[: text.index(b"+    return x + y")]

    with pytest.raises(DiffUnreadable, match=r"The diff of code\.py is damaged at line 16 "):
        parse(cut)


@pytest.mark.parametrize("extra", ["+three\n", "-three\n", "+three\ndiff --git a/y b/y\nold mode 1\nnew mode 2\n"])
@pytest.mark.parametrize("header", ["", "diff --git a/x.py b/x.py\n"])
def test_lines_that_no_hunk_announced_are_never_dropped(header: str, extra: str) -> None:
    text = f"{header}--- a/x.py\n+++ b/x.py\n@@ -1 +1 @@\n-one\n+two\n{extra}"
    line = text.count("\n", 0, text.index("three")) + 1

    with pytest.raises(DiffUnreadable, match=rf"The diff of x\.py is damaged at line {line} "):
        parse(text)


@pytest.mark.parametrize(("text", "says"), [
    ("diff --git a/x b/x\nindex 1..2 100644\n--- a/x\n+++ b/x\n", "The diff of x stops at line 5"),
    ("--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n--- a/y\n+++ b/y\n", "The diff of y stops at line 8"),
    ("@@ -1 +1 @@\n-a\n+b\n", "Line 1 begins a hunk, but it is damaged, or no line before it names its file"),
    ("--- a/x\n+++ b/x\n@@ -1,5 +1 @@\nprose\n", "The diff of x is damaged at line 3"),
    ("--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n@@ -1,99 +1 @@\n a\n", "The diff of x is damaged at line 7"),
    (f"--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n@@ -1,{'9' * 5000} +1 @@\n a\n", "Line 6 begins a hunk, but"),
    ("--- \n+++ \n@@ -1 +1 @@\n-a\n+b\n", "A file of this diff has no name"),
])  # fmt: skip
def test_damaged_diffs_say_where(text: str, says: str) -> None:
    with pytest.raises(DiffUnreadable, match=says):
        parse(text)

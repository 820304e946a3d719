"""`linguist-generated`, compared with what git itself makes of the same file."""

import subprocess
from pathlib import Path

import pytest

from bot.diffing.attributes import generated_paths

PATHS = (
    "api.pb.go",
    "src/api.pb.go",
    "src/deep/er/api.pb.go",
    "gen/a.py",
    "gen/b/c.py",
    "src/gen/a.py",
    "docs/index.html",
    "docs/a/index.html",
    "a*b.txt",
    "axb.txt",
    "with space.txt",
    "ümlaut.js",
    ".hidden/gen",
    "yarn.lock",
)


def git_says(folder: Path, attributes: str) -> frozenset[str]:
    subprocess.run(["git", "init", "-q", folder], check=True)
    (folder / ".gitattributes").write_text(attributes, encoding="utf-8")
    told = subprocess.run(
        ["git", "-C", folder, "check-attr", "-z", "linguist-generated", "--", *PATHS], check=True, capture_output=True
    ).stdout.decode()
    fields = told.split("\0")
    values = dict(zip(fields[0::3], fields[2::3], strict=False))
    return frozenset(path for path, value in values.items() if value not in ("unspecified", "unset", "false"))


@pytest.mark.parametrize(
    "attributes",
    [
        "*.pb.go linguist-generated\n",
        "*.pb.go linguist-generated=true\n",
        "*.pb.go -diff linguist-generated merge=ours\n",
        "* linguist-generated\n*.go linguist-generated=false\n",
        "* linguist-generated\n/src/** -linguist-generated\n",
        "* linguist-generated\ngen/** !linguist-generated\n",
        "*.go -linguist-generated\nsrc/*.go linguist-generated\n",
        "gen/** linguist-generated\n",
        "**/gen/** linguist-generated\n",
        "gen/ linguist-generated\n",
        "/gen linguist-generated\n",
        "gen linguist-generated\n",
        "src/**/api.pb.go linguist-generated\n",
        "docs/*/index.html linguist-generated\n",
        "**/index.html linguist-generated\n",
        "** linguist-generated\n",
        "a\\*b.txt linguist-generated\n",
        "a?b.txt linguist-generated\n",
        "a[^*]b.txt linguist-generated\n",
        '"with space.txt" linguist-generated\n',
        "ümlaut.* linguist-generated\n",
        "# *.go linguist-generated\n\n\n",
        "*.go text\n*.lock linguist-vendored\n",
        "!*.go linguist-generated\n",
        "src/deep/er/*.go linguist-generated\r\n",
    ],
)
def test_git_and_we_agree_on_what_is_generated(attributes: str, tmp_path: Path) -> None:
    expected = git_says(tmp_path, attributes)

    generated = generated_paths(attributes, PATHS)

    assert generated == expected


def test_nothing_is_generated_without_attributes() -> None:
    assert generated_paths("", PATHS) == frozenset()


def test_a_pattern_of_many_stars_does_not_take_long() -> None:
    attributes = "*a" * 40 + "b linguist-generated\n" + "**/" * 200 + "x linguist-generated\n"

    assert generated_paths(attributes, ["/".join(["a" * 200] * 20)]) == frozenset()

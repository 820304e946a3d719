"""What the documentation says is there is there: links, commands, settings, exit codes, words of the chat."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from adapters.console.wire import WORDS
from bot import cli
from bot.arguments import USAGE, parse
from bot.config import PREFIX, Settings
from bot.configfile import LOCATION
from bot.domain.grammar import VERBS

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
PROGRAM = re.compile(r"(?:^|[\s|])(?:\.venv/bin/)?parley\s+(.*)")
KEY_OF = re.compile(r"`(\w+)` (?:of|in|below) `\[(\w+)\]`")
SECTION = re.compile(r"`\[(\w+)\]`")
VARIABLE = re.compile(rf"\b{PREFIX}[A-Z_]+")

KEYS = {section: set(getattr(field.annotation, "model_fields", {})) for section, field in Settings.model_fields.items()}
VARIABLES = {f"{PREFIX}{section}__{key}".upper() for section, keys in KEYS.items() for key in keys} | {LOCATION}
EXIT_CODES = {
    0: "done",
    cli.FINDINGS: "--fail-on",
    USAGE: "configuration",
    cli.FAILED: "failed",
    cli.INCOMPLETE: "incomplete",
    cli.INTERRUPTED: "Ctrl-C",
    cli.BROKEN_PIPE: "pipe",
}
"""Every code that the program chooses itself, and a word that its meaning cannot do without."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of documentation."""

    path: Path
    text: str

    @classmethod
    def read(cls, path: Path) -> Page:
        return cls(path, path.read_text(encoding="utf-8"))

    @property
    def prose(self) -> str:
        return FENCE.sub("", self.text)

    @property
    def anchors(self) -> set[str]:
        """Name the headings as GitHub does in links to them."""
        headings = re.findall(r"^#+ (.+)$", self.prose, re.MULTILINE)
        return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}

    def blocks(self, *languages: str) -> list[str]:
        return [body for language, body in FENCE.findall(self.text) if language in languages]

    def rows(self, title: str) -> list[list[str]]:
        """Return the cells of all rows of the tables whose first column has this title."""
        found: list[list[str]] = []
        inside = False
        for line in self.prose.splitlines():
            cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
            if not cells:
                inside = False
            elif inside and set(line) - set("|-: "):
                found.append(cells)
            else:
                inside = inside or cells[0] == title
        return found


def broken_links(page: Page) -> list[str]:
    return [link for link in LINK.findall(page.prose) if "://" not in link and not _leads_somewhere(page, link)]


def _leads_somewhere(page: Page, link: str) -> bool:
    name, _, anchor = link.partition("#")
    target = page.path.parent / name if name else page.path
    return target.exists() and (not anchor or anchor in Page.read(target).anchors)


def commands(page: Page) -> Iterator[list[str]]:
    """Yield the words behind `parley` of every command line, without what the shell does with them."""
    lines = [line for block in page.blocks("console", "yaml") for line in block.splitlines()]
    for line in [*lines, *SPAN.findall(page.prose)]:
        if found := PROGRAM.search(line):
            yield shlex.split(re.split(r"\s[|>]", found[1])[0])


def is_understood(words: list[str]) -> bool:
    """Tell whether the program takes these words; `model pull` without a name is the name of a command."""
    return any(_parses(attempt) for attempt in (words, [*words, "--help"]))


def _parses(words: list[str]) -> bool:
    try:
        parse(words)
    except SystemExit as end:
        return not end.code
    return True


def unknown_settings(page: Page) -> list[str]:
    strange = [f"[{section}]" for section in SECTION.findall(page.prose) if section not in KEYS]
    strange += [
        f"{key} of [{section}]" for key, section in KEY_OF.findall(page.prose) if key not in KEYS.get(section, ())
    ]
    strange += [row[0] for row in page.rows("key") if row[0].strip("`") not in set().union(*KEYS.values())]
    said = "\n".join([page.prose, *page.blocks("console", "yaml", "toml")])
    return strange + [name for name in VARIABLE.findall(said) if name not in VARIABLES and name != PREFIX]


def wrong_exit_codes(page: Page) -> list[str]:
    """Find codes whose row does not say what they mean, and those that are missing; signals may be."""
    rows = {int(row[0]): row[1] for row in page.rows("exit code")}
    wrong = [f"{code}: {said}" for code, said in rows.items() if EXIT_CODES.get(code, "no such code") not in said]
    return wrong + [f"{code} is missing" for code in EXIT_CODES if rows and code < 128 and code not in rows]


@pytest.fixture(params=PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def page(request: pytest.FixtureRequest) -> Page:
    return Page.read(request.param)


def test_every_relative_link_leads_somewhere(page: Page) -> None:
    assert broken_links(page) == []


def test_every_command_line_is_understood(page: Page, capsys: pytest.CaptureFixture[str]) -> None:
    placeholder = re.compile(r"[A-Z]+")  # for a command itself, which nothing can stand for

    wrong = [words for words in commands(page) if not placeholder.fullmatch(words[0]) and not is_understood(words)]

    assert wrong == [], capsys.readouterr().err


def test_every_setting_that_is_named_exists(page: Page) -> None:
    assert unknown_settings(page) == []


def test_every_piece_of_configuration_is_valid(page: Page) -> None:
    for block in page.blocks("toml"):
        Settings.model_validate(tomllib.loads(block))


def test_every_table_of_exit_codes_is_that_of_the_program(page: Page) -> None:
    assert wrong_exit_codes(page) == []


def test_the_reference_has_every_exit_code() -> None:
    rows = Page.read(DOCS / "reference" / "output.md").rows("exit code")

    assert {int(row[0]) for row in rows} == set(EXIT_CODES)


def test_the_reference_has_every_word_of_the_chat() -> None:
    page = Page.read(DOCS / "reference" / "chat.md")
    said = {span.split()[0] for row in page.rows("say") for span in SPAN.findall(row[0])}

    assert {*VERBS, *WORDS} <= said


@pytest.mark.parametrize("command", [(), ("review",), ("chat",), ("doctor",), ("model", "list"), ("model", "pull")])
def test_the_reference_has_every_option(command: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse([*command, "--help"])
    options = set(re.findall(r"--[a-z][a-z-]+", capsys.readouterr().out))

    assert options <= set(re.findall(r"--[a-z][a-z-]+", Page.read(DOCS / "reference" / "commands.md").text))


def test_the_reference_has_every_section_of_the_configuration() -> None:
    rows = Page.read(DOCS / "reference" / "configuration.md").rows("section")

    assert [row[0] for row in rows] == [f"`[{section}]`" for section in KEYS]


def test_the_index_leads_to_every_page() -> None:
    index = Page.read(DOCS / "README.md")
    linked = {(DOCS / link).resolve() for link in LINK.findall(index.prose)}

    assert {path.resolve() for path in PAGES if path.is_relative_to(DOCS)} - linked == {index.path.resolve()}


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = [int(path.name[:4]) for path in sorted((DOCS / "decisions").glob("*.md"))]

    assert numbers == list(range(1, len(numbers) + 1))


def test_both_tables_of_models_are_the_same() -> None:
    tables = [Page.read(path).rows("memory of your machine") for path in (PAGES[0], DOCS / "how-to/choose-a-model.md")]

    assert tables[0]
    assert tables[0] == tables[1]


WRONG = """\
See [there](nowhere.md) and [below](#not-here). Set `colour` of `[review]`, or PARLEY_REVIEW__COLOUR.

```console
$ git diff | parley revue - > out
```

| exit code | means |
|---|---|
| 4 | everything failed |
"""


def test_a_wrong_page_is_caught(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = Page(tmp_path / "page.md", WRONG)
    page.path.write_text(page.text, encoding="utf-8")

    assert broken_links(page) == ["nowhere.md", "#not-here"]
    assert unknown_settings(page) == ["colour of [review]", "PARLEY_REVIEW__COLOUR"]
    assert list(commands(page)) == [["revue", "-"]]
    assert not is_understood(["revue", "-"])
    assert "did you mean review" in capsys.readouterr().err
    assert wrong_exit_codes(page)[0] == "4: everything failed"

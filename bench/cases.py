"""Diffs and figures to measure with, the same at each run."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from difflib import unified_diff

from bot.domain.change import RepositoryRef
from bot.domain.history import Course, History, ReviewGiven
from bot.domain.stats import MOST_WEEKS, Stats, compute

NOUNS = "order user page cart token price stock invoice session report".split()
VERBS = "load save find count merge check send parse close list".split()


def python_code(lines: int, *, seed: int) -> list[str]:
    """Write *lines* lines that look like Python of a web shop."""
    dice = random.Random(seed)
    text: list[str] = []
    while len(text) < lines:
        verb, noun = dice.choice(VERBS), dice.choice(NOUNS)
        text += [
            f"def {verb}_{noun}_{len(text)}(db, {noun}_id, limit={dice.randint(1, 99)}):",
            f'    rows = db.execute("SELECT * FROM {noun}s WHERE id = ?", ({noun}_id,))',
            f"    {noun}s = [row for row in rows if row.{dice.choice(NOUNS)} > limit]",
            f"    if not {noun}s:",
            f'        raise LookupError(f"no {noun} {{{noun}_id}}")',
            f"    return {noun}s[{dice.randint(0, 2)}]",
            "",
        ]
    return text[:lines]


def diff_of(files: Mapping[str, tuple[list[str], list[str]]]) -> str:
    """Write the diff between the lines before and after of each file."""
    return "".join(_one(path, old, new) for path, (old, new) in files.items())


def _one(path: str, old: list[str], new: list[str]) -> str:
    before, after = (f"a/{path}" if old else "/dev/null"), f"b/{path}"
    kind = "" if old else "new file mode 100644\n"
    return (
        f"diff --git a/{path} b/{path}\n{kind}" + "\n".join(unified_diff(old, new, before, after, lineterm="")) + "\n"
    )


def twelve_files() -> str:
    """Add 12 files of 300 lines each."""
    return diff_of({f"shop/part_{number}.py": ([], python_code(300, seed=number)) for number in range(12)})


def one_long_file() -> str:
    """Add a single file of 4,000 lines."""
    return diff_of({"shop/everything.py": ([], python_code(4000, seed=4000))})


def small() -> str:
    """Change a few lines of one file."""
    old = python_code(40, seed=1)
    return diff_of({"shop/small.py": (old, [*old[:20], "    limit = limit or 10", *old[21:]])})


def varied(count: int) -> Iterator[str]:
    """Make *count* small diffs that differ in language, size, and in what happens to the files."""
    dice = random.Random(50)
    texts = (
        "中文注释",
        "naïve café",
        "emoji 🎉",
        '"quoted" \\ back\\slash',
        "{json: [1, 2]}",
        "<|im_end|>",
        "\ttabs\t",
    )
    for number in range(count):
        suffix = dice.choice(["py", "js", "go", "rs", "java", "sql", "md", "yaml", "c", "txt"])
        old = python_code(dice.randint(0, 40), seed=number) if dice.random() < 0.8 else []
        new = list(old)
        for _ in range(dice.randint(1, 6)):
            at = dice.randint(0, len(new))
            new[at : at + dice.randint(0, 3)] = [f"    {dice.choice(texts)} = {dice.randint(0, 9)}"]
        files = {f"src/file_{number}.{suffix}": (old, new)}
        if number % 3 == 0:
            files[f"src/other_{number}.py"] = ([], python_code(dice.randint(1, 30), seed=number + 1000))
        yield diff_of(files)


def a_year() -> Stats:
    """Make the statistics of a repository with 3,000 pull requests in a year."""
    dice, now = random.Random(52), datetime(2026, 3, 4, 12, tzinfo=UTC)
    courses = []
    for number in range(3000):
        opened = now - timedelta(weeks=MOST_WEEKS) * dice.random()
        reviewed = opened + timedelta(hours=dice.lognormvariate(1.5, 1.2))
        closed = reviewed + timedelta(hours=dice.lognormvariate(3, 1))
        is_open = closed > now or dice.random() < 0.05
        courses.append(
            Course(
                number=number,
                author="ada",
                bot=False,
                opened=opened,
                closed=None if is_open else closed,
                merged=not is_open and dice.random() < 0.85,
                drafts=((opened, None),) if is_open and dice.random() < 0.3 else (),
                reviews=(ReviewGiven(by="eve", bot=False, at=reviewed),) if reviewed < now else (),
            )
        )
    history = History(
        repository=RepositoryRef(owner="octo", name="shop"),
        private=False,
        since=now - timedelta(weeks=2 * MOST_WEEKS),
        courses=tuple(courses),
    )
    return compute(history, now, weeks=MOST_WEEKS, timezone="UTC")

"""What says the same is shown once, and the worst comes first."""

from __future__ import annotations

from bot.domain.diff import Location, Side
from bot.domain.finding import Category, Finding, Severity
from bot.service.review.rank import rank


def a_finding(
    title: str,
    line: int = 1,
    severity: Severity = Severity.MEDIUM,
    category: Category = Category.BUG,
    path: str = "a.py",
) -> Finding:
    return Finding(
        location=Location(path=path, side=Side.NEW, line=line, end_line=line),
        severity=severity,
        category=category,
        title=title,
        detail="",
        evidence="x",
    )


def titles(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.title for finding in findings]


def test_the_worst_comes_first() -> None:
    ranked = rank(
        [a_finding("low", 1, Severity.LOW), a_finding("critical", 2, Severity.CRITICAL), a_finding("medium", 3)],
        floor=Severity.INFO,
        limit=10,
    )

    assert titles(ranked.shown) == ["critical", "medium", "low"]
    assert ranked.more == ()


def test_the_same_claim_about_the_same_line_is_shown_once_as_its_worst() -> None:
    ranked = rank(
        [a_finding("File is never closed", 4, Severity.LOW), a_finding("The file is not closed", 4, Severity.HIGH)],
        floor=Severity.INFO,
        limit=10,
    )

    assert titles(ranked.shown) == ["The file is not closed"]
    assert ranked.more == ()


def test_different_problems_of_one_line_and_one_problem_of_different_lines_stay() -> None:
    ranked = rank(
        [
            a_finding("SQL injection", 4, category=Category.SECURITY),
            a_finding("Connection leaks", 4, category=Category.RESOURCES),
            a_finding("SQL injection", 9, category=Category.SECURITY),
            a_finding("SQL injection", 4, category=Category.SECURITY, path="b.py"),
        ],
        floor=Severity.INFO,
        limit=10,
    )

    assert len(ranked.shown) == 4


def test_what_is_under_the_floor_or_over_the_limit_is_kept_apart() -> None:
    findings = [a_finding(f"problem {number}", number * 10, Severity.HIGH) for number in range(5)]

    ranked = rank([*findings, a_finding("nit", 99, Severity.INFO)], floor=Severity.LOW, limit=3)

    assert len(ranked.shown) == 3
    assert titles(ranked.more) == ["problem 3", "problem 4", "nit"]


def test_what_was_dismissed_takes_no_place_of_what_is_shown() -> None:
    findings = [a_finding(f"problem {number}", number * 10, Severity.HIGH) for number in range(3)]

    ranked = rank(findings, floor=Severity.LOW, limit=2, dismissed={findings[0].id})

    assert titles(ranked.shown) == ["problem 1", "problem 2"]
    assert titles(ranked.dismissed) == ["problem 0"]
    assert ranked.more == ()


def test_what_says_the_same_as_what_was_dismissed_is_dismissed_with_it() -> None:
    unwanted = a_finding("File is never closed", 4, Severity.LOW)
    alike, other = a_finding("The file is not closed", 4, Severity.HIGH), a_finding("The file is not closed", 40)

    ranked = rank([alike, unwanted, other], floor=Severity.LOW, limit=2, dismissed={unwanted.id})

    assert ranked.shown == (other,)
    assert ranked.dismissed == (unwanted,)
    assert ranked.more == ()


def test_nothing_is_lost_but_what_says_the_same() -> None:
    findings = [a_finding(f"problem {number}", number * 10) for number in range(4)]

    ranked = rank(findings, floor=Severity.LOW, limit=2, dismissed={findings[1].id})

    assert sorted(titles(ranked.every)) == [f"problem {number}" for number in range(4)]

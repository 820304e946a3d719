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
    shown, hidden = rank(
        [a_finding("low", 1, Severity.LOW), a_finding("critical", 2, Severity.CRITICAL), a_finding("medium", 3)],
        floor=Severity.INFO,
        limit=10,
    )

    assert titles(shown) == ["critical", "medium", "low"]
    assert hidden == 0


def test_the_same_claim_about_the_same_line_is_shown_once_as_its_worst() -> None:
    shown, hidden = rank(
        [a_finding("File is never closed", 4, Severity.LOW), a_finding("The file is not closed", 4, Severity.HIGH)],
        floor=Severity.INFO,
        limit=10,
    )

    assert titles(shown) == ["The file is not closed"]
    assert hidden == 0


def test_different_problems_of_one_line_and_one_problem_of_different_lines_stay() -> None:
    shown, _ = rank(
        [
            a_finding("SQL injection", 4, category=Category.SECURITY),
            a_finding("Connection leaks", 4, category=Category.RESOURCES),
            a_finding("SQL injection", 9, category=Category.SECURITY),
            a_finding("SQL injection", 4, category=Category.SECURITY, path="b.py"),
        ],
        floor=Severity.INFO,
        limit=10,
    )

    assert len(shown) == 4


def test_what_is_under_the_floor_or_over_the_limit_is_counted() -> None:
    findings = [a_finding(f"problem {number}", number * 10, Severity.HIGH) for number in range(5)]

    shown, hidden = rank([*findings, a_finding("nit", 99, Severity.INFO)], floor=Severity.LOW, limit=3)

    assert len(shown) == 3
    assert hidden == 3

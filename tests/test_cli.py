"""The command line: what it understands, one line for what it does not, and the exit code of each end."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.arguments import parse
from bot.cli import exit_code, main
from bot.domain.change import PullRequest
from bot.domain.diff import Location, Side
from bot.domain.finding import Category, Finding, Severity
from bot.domain.review import Coverage, ModelInfo, Review, Risk, Usage, Verdict


def parley(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PARLEY_")}
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        env={**clean, **environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ("", "say what to do: chat, review, run, digest, doctor or model; parley --help tells more"),
        ("revew x", "revew is none of chat, review, run, digest, doctor, model; did you mean review?"),
        ("watch", "watch is none of chat, review, run, digest, doctor, model"),
        ("review", "the following arguments are required: TARGET"),
        ("review x y", "y is not understood here"),
        ("review x --formt json", "--formt is not understood here; did you mean --format?"),
        ("review x --format jsn", "--format: jsn is none of markdown, json, sarif; did you mean json?"),
        (
            "review x --fail-on hihg",
            "--fail-on: hihg is none of critical, high, medium, low, info; did you mean high?",
        ),
        ("review x --fail high", "--fail is not understood here; did you mean --fail-on?"),
        ("--confg a.toml doctor", "--confg is not understood here; did you mean --config?"),
        ("doctor --config", "argument --config: expected one argument"),
        ("model", "the following arguments are required: list|pull"),
        ("model pul x", "pul is none of list, pull; did you mean pull?"),
    ],
)
def test_wrong_words_are_one_line_and_2(words: str, complaint: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(words.split())

    assert caught.value.code == 2
    assert capsys.readouterr() == ("", f"parley: {complaint}\n")


def test_global_options_stand_before_or_after_the_command() -> None:
    before = parse(["--config", "a.toml", "--debug", "review", "-"])
    after = parse(["review", "-", "--config", "a.toml", "--debug"])

    assert before.config == after.config == Path("a.toml")
    assert before.debug is after.debug is True
    assert before.target == "-"


def test_the_version_is_that_of_the_package() -> None:
    done = parley("--version")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("parley 0.")


@pytest.mark.parametrize("command", [["doctor"], ["chat"], ["review", "-"], ["model", "list"]])
def test_a_missing_configuration_file_is_one_line_and_2(command: list[str]) -> None:
    done = parley("--config", "gone.toml", *command)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "parley: The configuration file gone.toml does not exist: check --config and $PARLEY_CONFIG.\n"
    )


def test_an_unknown_variable_is_one_line_and_2() -> None:
    done = parley("doctor", PARLEY_GITHUB_TOKEN="x")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "parley: The environment variable PARLEY_GITHUB_TOKEN is not known, did you mean PARLEY_GITHUB__TOKEN.\n"
    )


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("zh", "未知的环境变量 PARLEY_REVIEW__MAX_FINDING"),
        ("zh-CN", "未知的环境变量 PARLEY_REVIEW__MAX_FINDING"),
        ("../klingon", "The environment variable PARLEY_REVIEW__MAX_FINDING is not known"),
    ],
)
def test_a_wrong_configuration_is_told_in_the_language_of_the_environment(language: str, sentence: str) -> None:
    done = parley("doctor", PARLEY_REVIEW__LANGUAGE=language, PARLEY_REVIEW__MAX_FINDING="3")

    assert done.returncode == 2
    assert sentence in done.stderr


def test_what_is_wrong_behind_the_settings_is_told_in_their_language(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[review]\nlanguage = "zh"\n[prompts]\nfolder = "nowhere"\n', encoding="utf-8")

    done = parley("doctor", "--config", str(file))

    assert done.returncode == 2
    assert "nowhere 不存在" in done.stderr


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("PARLEY_REVIEW__IGNORE", '["!"]', "has a pattern that means nothing in a .gitignore, such as `!` alone"),
        ("PARLEY_MEMORY__RETENTION_DAYS", "99999999999", "should be less than or equal to 36500"),
    ],
)
def test_a_value_that_nothing_can_be_done_with_is_one_line_and_2(name: str, value: str, complaint: str) -> None:
    done = parley("chat", **{name: value})

    assert (done.returncode, done.stderr) == (2, f"parley: {name} {complaint}.\n")


def test_debug_shows_where_an_error_comes_from() -> None:
    done = parley("--debug", "--config", "gone.toml", "doctor")

    assert done.returncode == 2
    assert "Traceback" in done.stderr
    assert done.stderr.splitlines()[-1].startswith("parley: The configuration file gone.toml")


def test_what_nobody_foresaw_is_one_line_too() -> None:
    code = "import sys; sys.modules['bot.assembly'] = None; import bot.cli; sys.exit(bot.cli.main(['doctor']))"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 3
    assert done.stderr == "parley: ModuleNotFoundError, which was not foreseen: --debug shows where.\n"


def test_a_reader_who_has_enough_is_no_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)

    done = subprocess.run(
        [sys.executable, "-m", "bot", "--version"], stdout=writing, stderr=subprocess.PIPE, text=True, check=False
    )

    os.close(writing)
    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("command", [["--version"], ["model", "list"], ["doctor"]])
def test_a_full_disk_is_one_line_and_3(command: list[str], unbuffered: str) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "bot", *command],
            env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )

    assert done.returncode == 3
    assert done.stderr == "parley: the output cannot be written: No space left on device\n"


def test_a_complaint_that_cannot_be_written_is_3_too() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "bot", "--config", "gone.toml", "doctor"], stdout=full, stderr=full, check=False
        )

    assert done.returncode == 3


def test_a_failure_to_open_a_file_is_not_taken_for_one_of_the_output() -> None:
    code = (
        "import sys, bot.cli, bot.configfile\n"
        "bot.configfile.read = lambda path: open('/proc/self/mem/x')\n"
        "sys.exit(bot.cli.main(['doctor']))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 3
    assert done.stderr == "parley: NotADirectoryError, which was not foreseen: --debug shows where.\n"


def reviewed(*severities: Severity, verdict: Verdict) -> Review:
    place = Location(path="a.py", side=Side.NEW, line=1, end_line=1)
    return Review(
        pull_request=PullRequest(title="Change"),
        verdict=verdict,
        risk=Risk.LOW,
        summary="",
        key_changes=(),
        risks=(),
        findings=tuple(
            Finding(location=place, severity=severity, category=Category.BUG, title="t", detail="d", evidence="e")
            for severity in severities
        ),
        coverage=Coverage(files_total=1, files_reviewed=1, lines_changed=1, lines_reviewed=1),
        usage=Usage(),
        model=ModelInfo(backend="scripted", name="scripted", n_ctx=1),
    )


@pytest.mark.parametrize(
    ("severities", "verdict", "fail_on", "code"),
    [
        ([], Verdict.CLEAN, None, 0),
        ([], Verdict.CLEAN, "info", 0),
        ([Severity.HIGH], Verdict.ATTENTION, None, 0),
        ([Severity.HIGH], Verdict.ATTENTION, "critical", 0),
        ([Severity.HIGH], Verdict.ATTENTION, "high", 1),
        ([Severity.LOW, Severity.HIGH], Verdict.ATTENTION, "medium", 1),
        ([Severity.LOW], Verdict.INCOMPLETE, None, 4),
        ([Severity.LOW], Verdict.INCOMPLETE, "high", 4),
        ([Severity.HIGH], Verdict.INCOMPLETE, "high", 1),
    ],
)
def test_the_exit_code_tells_how_the_review_went(
    severities: list[Severity], verdict: Verdict, fail_on: str | None, code: int
) -> None:
    assert exit_code(reviewed(*severities, verdict=verdict), fail_on) == code


def test_the_list_of_models_marks_the_one_in_use(tmp_path: Path) -> None:
    mine = tmp_path / "mine.gguf"
    mine.write_bytes(b"GGUF")
    environ = {"XDG_DATA_HOME": str(tmp_path)}

    usual = parley("model", "list", **environ)
    other = parley("model", "list", PARLEY_MODEL__PATH=str(mine), **environ)

    assert usual.stdout.startswith("*   0.1 GiB  starter  ")
    assert len(usual.stdout.splitlines()) == 1
    assert other.stdout.splitlines()[0] == f"*   0.0 GiB  mine  {mine}"
    assert other.stdout.splitlines()[1].startswith("    0.1 GiB  starter  ")


def test_a_model_that_is_in_use_and_missing_is_one_line_and_3(tmp_path: Path) -> None:
    done = parley("model", "list", PARLEY_MODEL__PATH=str(tmp_path / "gone.gguf"))

    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith(f"parley: There is no model file {tmp_path}/gone.gguf;")


def test_a_review_of_something_unknown_is_one_line_and_2() -> None:
    done = parley("review", "https://github.com/o/r/issues/3")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("parley: https://github.com/o/r/issues/3 is an issue, not a pull request.")
    assert len(done.stderr.splitlines()) == 1

"""The words of the command line. A wrong word ends the program with 2 and one line that names the nearest right one."""

from __future__ import annotations

import argparse
import difflib
import re
import sys
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Never, Protocol

from bot.domain.finding import Severity

USAGE = 2

_CHOICE = re.compile(r"argument (?P<name>[^:]+): invalid choice: '(?P<word>.*?)' \(choose from (?P<known>.*)\)")


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Return what *argv* asks for: `command`, the options of that command, and the global ones.

    Raises:
        SystemExit: It asks for help or the version, or is wrong.
    """
    parser = _parser()
    words = sys.argv[1:] if argv is None else argv
    _check_first(words, parser)
    arguments, unknown = parser.parse_known_args(words)
    if arguments.version:
        sys.stdout.write(f"parley {version('parley-review')}\n")
        parser.exit()
    if unknown:
        _refuse(unknown[0], arguments.parser)
    if arguments.command is None:
        parser.error("say what to do: chat, review, run, digest, doctor or model; parley --help tells more")
    return arguments


def _check_first(words: Sequence[str], parser: argparse.ArgumentParser) -> None:
    """Refuse a misspelt global option, whose value argparse would take for the command and complain about."""
    if words and words[0].startswith("--") and words[0].partition("=")[0] not in _options(parser):
        _refuse(words[0], parser)


def _refuse(word: str, parser: argparse.ArgumentParser) -> Never:
    parser.error(f"{word} is not understood here{_nearest(word.partition('=')[0], _options(parser))}")


def _options(parser: argparse.ArgumentParser) -> list[str]:
    return ["--help", *re.findall(r"--[\w-]+", parser.format_usage())]


class _Parser(argparse.ArgumentParser):
    """Complains in one line, without the usage that nobody reads."""

    def error(self, message: str) -> Never:
        if choice := _CHOICE.search(message):
            known = choice["known"].replace("'", "").split(", ")
            where = f"{choice['name']}: " if choice["name"].startswith("-") else ""
            message = f"{where}{choice['word']} is none of {', '.join(known)}{_nearest(choice['word'], known)}"
        self.exit(USAGE, f"parley: {message}\n")


def _nearest(word: str, known: Iterable[str]) -> str:
    nearest = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean {nearest[0]}?" if nearest else ""


class _Add(Protocol):
    def __call__(self, name: str, purpose: str) -> argparse.ArgumentParser: ...


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="parley",
        description="Reviews pull requests with a model on this machine.",
        epilog="Exit codes: 0 done, 1 findings at or above --fail-on, 2 usage or configuration, "
        "3 GitHub, the model or the database failed, 4 the review is incomplete.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="store_true", help="print the version")
    parser.set_defaults(parser=parser)
    _add_global(parser, config=None, debug=False)
    add = _commands_of(parser, "command", "COMMAND", required=False)
    _add_chat(add)
    _add_review(add)
    add("run", "serve the chat platforms that are configured, until stopped")
    digest = add("digest", "print the open pull requests of some repositories, by who must act")
    digest.add_argument(
        "repositories",
        metavar="REPO",
        nargs="+",
        help="owner/name, owner/*, or a link to the repository; also filters such as label:urgent or bots:yes",
    )
    add("doctor", "check configuration, model, database, GitHub and the chats, and say what to do")
    _add_model(add)
    return parser


def _commands_of(parser: argparse.ArgumentParser, name: str, metavar: str, *, required: bool) -> _Add:
    commands = parser.add_subparsers(dest=name, metavar=metavar, required=required, parser_class=_Parser)

    def add(name: str, purpose: str) -> argparse.ArgumentParser:
        description = f"{purpose[0].upper()}{purpose[1:]}."
        command = commands.add_parser(name, help=purpose, description=description, allow_abbrev=False)
        command.set_defaults(parser=command)
        # Also understood here; what is not said here must not undo what was said before the command.
        _add_global(command, config=argparse.SUPPRESS, debug=argparse.SUPPRESS)
        return command

    return add


def _add_global(parser: argparse.ArgumentParser, *, config: object, debug: object) -> None:
    parser.add_argument("--config", type=Path, metavar="FILE", default=config, help="read the settings from this file")
    parser.add_argument("--debug", action="store_true", default=debug, help="log everything and show tracebacks")


def _add_chat(add: _Add) -> None:
    chat = add("chat", "talk about pull requests in this terminal, or read lines from a pipe")
    chat.add_argument("--demo", action="store_true", help="where nothing is typed, show a review of the sample")


def _add_review(add: _Add) -> None:
    review = add("review", "print one review")
    review.add_argument(
        "target",
        metavar="TARGET",
        help="link, owner/repository#12, .diff or .patch file, - for standard input, or range such as main...HEAD",
    )
    review.add_argument("--repo", type=Path, metavar="DIR", default=Path(), help="the repository that a range is of")
    review.add_argument(
        "--format", choices=["markdown", "json", "sarif"], default="markdown", help="what to print; without it markdown"
    )
    review.add_argument(
        "--fail-on",
        choices=[severity.value for severity in Severity],
        help="end with 1 when a finding shown is this severe",
    )
    review.add_argument("--by-commit", action="store_true", help="also say what each commit does")
    review.add_argument("--explain", action="store_true", help="also list the claims that were refused, with reasons")
    review.add_argument("--focus", metavar="TEXT", default="", help="what to look at above all")
    review.add_argument("--quiet", action="store_true", help="show no progress")


def _add_model(add: _Add) -> None:
    model = add("model", "list the models of this machine, or fetch one")
    add_action = _commands_of(model, "action", "list|pull", required=True)
    add_action("list", "list the models of this machine; a star marks the one in use")
    pull = add_action("pull", "fetch a model from the hub, or go on with one that was interrupted")
    pull.add_argument(
        "name",
        metavar="NAME",
        help="OWNER/REPOSITORY, with :Q4_K_M or such where it has several; the README names some",
    )

"""The command line: words -> one call -> an exit code.

A command's output is on standard output, everything else on standard error. Exit codes: 0 done, 1 findings at or above
`--fail-on`, 2 usage or configuration, 3 a neighbour failed, 4 the review is incomplete, 130 and more: a signal.
Heavy modules are imported by the command that needs them, so that `--help` is quick.
"""

from __future__ import annotations

import argparse
import asyncio
import errno
import io
import json
import logging
import os
import sys
import traceback
from collections.abc import Coroutine, Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, TextIO

from bot.arguments import parse
from bot.domain.errors import BotError
from bot.domain.finding import Severity
from bot.domain.review import Review, Verdict
from bot.domain.sentence import Speak, say

if TYPE_CHECKING:
    from bot.assembly import Application
    from bot.config import Settings
    from bot.domain.health import Check
    from bot.domain.progress import Progress

FINDINGS, FAILED, INCOMPLETE, INTERRUPTED, BROKEN_PIPE = 1, 3, 4, 130, 141

_UNWRITTEN = frozenset({errno.EPIPE, errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF})
"""How writing to a stream fails."""


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the words of *argv* say, and return the exit code; wrong words end in `SystemExit` 2."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without a character shows a question mark for it
    try:
        try:
            return _call(parse(argv))
        finally:
            sys.stdout.flush()
    except OSError as error:
        _discard(sys.stdout)
        if isinstance(error, BrokenPipeError):
            return BROKEN_PIPE  # whoever read our output has enough
        try:
            sys.stderr.write(f"parley: the output cannot be written: {error.strerror}\n")
        except OSError:
            _discard(sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED


def _discard(stream: TextIO) -> None:
    # What could not be written stays in Python's buffer, and it would complain again at its end.
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _call(arguments: argparse.Namespace) -> int:
    from bot.configfile import read, wanted_language
    from bot.lifetime import GRACE, SERVING_GRACE, run
    from bot.log import configure

    # On a terminal the sentence that a person reads is enough.
    quiet = logging.ERROR if sys.stderr.isatty() else logging.WARNING
    if arguments.command == "run":
        quiet = logging.INFO
    configure(logging.DEBUG if arguments.debug else quiet)
    language = wanted_language()
    try:
        settings = read(arguments.config)
        language = settings.review.language

        from bot.assembly import assemble

        grace = SERVING_GRACE if arguments.command == "run" else GRACE
        return run(_command(arguments, settings, assemble(settings)), grace=grace)
    except BotError as error:
        from bot.language.catalogue import Catalogue

        return _complain(arguments, Catalogue.load(language).speak(error.sentence), error.exit_code)
    except Exception as error:  # the door to the terminal: what nobody foresaw becomes one line too
        if isinstance(error, OSError) and error.filename is None and error.errno in _UNWRITTEN:
            raise  # a stream of ours, for what a neighbour raises is translated where it enters
        return _complain(arguments, f"{type(error).__name__}, which was not foreseen: --debug shows where.", FAILED)


def _complain(arguments: argparse.Namespace, sentence: str, code: int) -> int:
    if arguments.debug:
        traceback.print_exc()
    sys.stderr.write(f"parley: {' '.join(sentence.split())}\n")
    return code


def _command(
    arguments: argparse.Namespace, settings: Settings, application: Application
) -> Coroutine[object, object, int]:
    match arguments.command:
        case "chat":
            return _chat(arguments, application)
        case "review":
            return _review(arguments, settings, application)
        case "run":
            return _run(application)
        case "digest":
            return _digest(arguments, settings, application)
        case "doctor":
            return _doctor(arguments, application)
    if arguments.action == "list":
        return _model_list(settings)
    return _model_pull(arguments.name, application.speak)


async def _chat(arguments: argparse.Namespace, application: Application) -> int:
    async with application:
        await application.chat(demonstrate=arguments.demo)
    return 0


async def _review(arguments: argparse.Namespace, settings: Settings, application: Application) -> int:
    from adapters.console.screen import Screen
    from bot.domain.targets import parse_target

    target = parse_target(arguments.target, web_url=settings.github.web_url, local=True, folder=arguments.repo)
    screen = Screen(sys.stderr, application.speak)

    async def report(progress: Progress) -> None:
        if not arguments.quiet:
            screen.show_progress(progress)

    async with application:
        try:
            reviewed = await application.reviewer.review(
                target, focus=arguments.focus, by_commit=arguments.by_commit, report=report
            )
        finally:
            screen.clear()
    sys.stdout.write(_written(reviewed.review, arguments, application.speak))
    return exit_code(reviewed.review, arguments.fail_on)


async def _run(application: Application) -> int:
    async with application:
        await application.serve()
    return 0


async def _digest(arguments: argparse.Namespace, settings: Settings, application: Application) -> int:
    from bot.domain.repository_words import parse_digest
    from bot.reporting.digest import render_digest

    command = parse_digest(arguments.repositories, web_url=settings.github.web_url)
    async with application:
        digest = await application.digest(command)
    sys.stdout.write(render_digest(digest, application.speak))
    return FAILED if digest.unread else 0


def _written(review: Review, arguments: argparse.Namespace, speak: Speak) -> str:
    from bot.reporting.as_json import to_json
    from bot.reporting.markdown import render
    from bot.reporting.sarif import to_sarif

    match arguments.format:
        case "json":
            return to_json(review, speak)
        case "sarif":
            return to_sarif(review, speak, version=version("parley-review"))
    return render(review, speak, explain=arguments.explain)


def exit_code(review: Review, fail_on: str | None) -> int:
    """Return the exit code that says how the review went; findings count before gaps."""
    if fail_on and any(finding.severity.at_least(Severity(fail_on)) for finding in review.findings):
        return FINDINGS
    return INCOMPLETE if review.verdict is Verdict.INCOMPLETE else 0


async def _doctor(arguments: argparse.Namespace, application: Application) -> int:
    from bot.configfile import find
    from bot.domain.health import Check, Health

    file = find(arguments.config)
    known = say("{file} is used.", file=str(file)) if file else say("No file, so everything has its default.")
    _tell(Check(health=Health.OK, part="configuration", sentence=known), application.speak)
    healthy = True
    async with application:
        async for check in application.doctor().examine():
            _tell(check, application.speak)
            healthy = healthy and check.health is not Health.FAIL
    return 0 if healthy else FAILED


def _tell(check: Check, speak: Speak) -> None:
    sys.stdout.write(f"{check.health:<5} {check.part:<14} {' '.join(speak(check.sentence).split())}\n")
    sys.stdout.flush()


async def _model_list(settings: Settings) -> int:
    from bot.llm.files import installed, locate, models_folder

    used = locate(settings.model.path)
    here = installed(models_folder())
    for model in here if used in here else [used, *here]:
        mark = "*" if model == used else " "
        sys.stdout.write(f"{mark} {model.size / 2**30:5.1f} GiB  {model.name}  {model.path}\n")
    return 0


async def _model_pull(name: str, speak: Speak) -> int:
    from bot.llm.files import models_folder
    from bot.llm.hub import parse_wanted, pull

    # A thread, so that Ctrl-C is heard; what was fetched so far is kept.
    file = await asyncio.to_thread(pull, parse_wanted(name), models_folder())
    sys.stdout.write(f"{file}\n")
    hint = say("Set path below [model] of the configuration to {file} to use it.", file=json.dumps(str(file)))
    sys.stderr.write(f"{speak(hint)}\n")
    return 0

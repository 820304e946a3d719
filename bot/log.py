"""What the program says to its operator: structlog events, on standard error, apart from a command's output.

A terminal gets lines to read, everything else one JSON object a line. Libraries that use `logging` go the same way,
but never below INFO: some of them put headers into their debug lines, and headers carry tokens.
"""

from __future__ import annotations

import logging
import sys
from typing import TextIO

import structlog
from structlog.typing import ExcInfo, Processor

TALKATIVE = ("apscheduler", "httpx", "httpcore", "huggingface_hub", "markdown_it", "slack_sdk")


def configure(level: int = logging.WARNING) -> None:
    """Send every event of *level* and above to standard error; may be called again."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )
    handler = _StandardError()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_form(sys.stderr, level)],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(level, logging.INFO))
    for name in ("bot", "adapters"):
        logging.getLogger(name).setLevel(level)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def _form(stream: TextIO, level: int) -> list[Processor]:
    # Both render a traceback without the values of its variables, which may be tokens or somebody's code.
    if stream.isatty():
        shown = structlog.dev.plain_traceback if level <= logging.DEBUG else _last_line
        return [structlog.dev.ConsoleRenderer(exception_formatter=shown)]
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]


def _last_line(out: TextIO, error: ExcInfo) -> None:
    """Name the error alone: who sits at a terminal and did not ask for more reads a chat there."""
    out.write(f" {error[0].__name__}")


class _StandardError(logging.StreamHandler[TextIO]):
    """Writes to what `sys.stderr` is at that moment: a progress line replaces it while it stands there."""

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)

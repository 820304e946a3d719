"""What every test can rely on, however the tests were started."""

from __future__ import annotations

import signal


def pytest_configure() -> None:
    """Hear Ctrl-C: a shell starts what it puts into the background with SIGINT ignored, and children inherit that."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)

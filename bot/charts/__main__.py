"""Draw the chart that standard input orders, to standard output: `python -m bot.charts`."""

from __future__ import annotations

import sys

from bot.charts.figure import draw
from bot.charts.order import ORDER

if __name__ == "__main__":
    sys.stdout.buffer.write(draw(ORDER.validate_json(sys.stdin.buffer.read())))

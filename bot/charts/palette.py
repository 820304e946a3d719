"""The colours of charts: a light ground that stands on white and on black, and on it what everybody can tell apart.

A chart in a chat has no say in what is around it, so it brings its ground along. Series differ in lightness as well as
in hue: they stay apart for the colour-blind, and in print. The tests compute contrast after
https://www.w3.org/TR/WCAG22/#contrast-minimum, and what colour-blind people see.
"""

from __future__ import annotations

GROUND = "#fbfbfc"
INK = "#1f2328"
FAINT_INK = "#57606a"
GRID = "#d8dee4"
RUNNING = "#e6ebf1"
"""Behind the week that is not over."""

OPENED = "#2f81c4"
MERGED = "#003a70"
CLOSED = "#c4570d"
READY = "#003a70"
DRAFTS = "#7c8692"
HALF = "#003a70"
MOST = "#2f81c4"

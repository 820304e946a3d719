"""Measurements of Parley as a whole: `python -m bench`."""

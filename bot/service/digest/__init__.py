"""Digests: what is open, chosen for those who asked, with what is different from last time."""

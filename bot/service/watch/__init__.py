"""Watching repositories: what is new in them, the card of each pull request, and its reviews."""

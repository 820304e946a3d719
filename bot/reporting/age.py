"""How long ago something was, in words."""

from __future__ import annotations

from datetime import datetime

from bot.domain.sentence import Sentence, say, say_many


def of_age(at: datetime, now: datetime) -> Sentence:
    """Say how long ago *at* was, as people do; days are those of this machine's zone."""
    seconds = max(0, round((now - at).total_seconds()))
    days = (now.astimezone().date() - at.astimezone().date()).days
    if seconds < 60:
        return say("just now")
    if seconds < 3600:
        return say_many("{count} minute ago", "{count} minutes ago", seconds // 60)
    if days < 1:
        return say_many("{count} hour ago", "{count} hours ago", seconds // 3600)
    if days == 1:
        return say("yesterday")
    return say_many("{count} day ago", "{count} days ago", days)

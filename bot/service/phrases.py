"""The desk's longer sentences: help, status, and what a review found."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.progress import Progress, Stage
from bot.domain.quota import Quota
from bot.domain.review import ModelInfo, Review, Verdict
from bot.domain.sentence import Sentence, say, say_many

HELP = (
    say("What you can ask for:"),
    say("`review PR [focus...]`: review a pull request, by link or as `owner/repo#12`; a link alone does it too"),
    say("`ask PR QUESTION`: ask about a change that was reviewed here"),
    say("in a review's thread: just ask; `#2` is its second finding"),
    say("outside of threads: ask what this channel remembers, such as `which files did we worry about this week?`"),
    say("`status`: which model is used and what runs"),
    say("`dismiss N`, `undo`: hide a finding in this channel, and take that back"),
    say("`digest [owner/repo]`: what is open, by who must act"),
    say("`stats owner/repo [weeks]`: how its pull requests fared; weekly with `subscribe owner/repo weekly stats`"),
    say("`subscribe owner/repo [days] [at HH:MM] [tz ZONE] [filters]`, `unsubscribe`, `list`: the digest, regularly"),
    say(
        "filters: `label:`, `author:`, `reviewer:`, `team:`, `base:`, `path:`, `state:`, with a `-` before them to "
        "leave out; `age:2d`, `stale:7d`, `bots:yes`, `drafts:no`, `empty:yes`"
    ),
    say("`watch owner/repo [filters]`, `unwatch`: show each new pull request here, once, with its review"),
    say("`snooze [owner/repo] 3d`: be quiet about it, or in this channel, for a while; `off` ends that"),
    say("`i am @login`: mention me in digests where I must act"),
    say("`allow owner/repo`, `disallow`: for admins, which private repositories this channel may see"),
    say("`cancel`: stop what runs here"),
    say("`forget thread`, `forget channel`: remove what is remembered"),
    say("`help`: this list"),
)


def lines(sentences: Iterable[Sentence]) -> Sentence:
    """Put sentences below each other; the frame has no words, so it is in no catalogue."""
    values = {f"line_{number}": sentence for number, sentence in enumerate(sentences)}
    return Sentence(text="\n".join(f"{{{name}}}" for name in values), values=values)


def of_model(info: ModelInfo | None) -> Sentence:
    """Say which model is used."""
    if info is None:
        return say("Model: not loaded yet; the first review or question loads it.")
    return say("Model: {name}, {n_ctx} tokens of context.", name=info.name, n_ctx=info.n_ctx)


def of_progress(target: str, progress: Progress | None) -> Sentence:
    """Say how far a review is."""
    stage = progress.stage if progress else Stage.QUEUED
    match stage:
        case Stage.QUEUED:
            return say("{target}: waiting", target=target)
        case Stage.FETCHING:
            return say("{target}: fetching the change", target=target)
        case Stage.LOADING:
            return say("{target}: loading the model", target=target)
        case Stage.SUMMARISING:
            return say("{target}: summarising", target=target)
        case Stage.READING:
            done, total = (progress.done, progress.total) if progress else (0, 0)
            return say("{target}: reading, {done} of {total} parts done", target=target, done=done, total=total)


def of_review(target: str, review: Review) -> Sentence:
    """Say in two lines what a review found, for the conversation to go on from."""
    if review.findings:
        worst = review.findings[0]
        found = say_many(
            "I reviewed {target} and have one finding ({severity}): {title} ({place}).",
            "I reviewed {target} and have {count} findings. The worst ({severity}): {title} ({place}).",
            len(review.findings),
            target=target,
            severity=worst.severity.value,
            title=worst.title,
            place=str(worst.location),
        )
    else:
        found = say("I reviewed {target} and have no findings.", target=target)
    if review.verdict is Verdict.INCOMPLETE:
        return lines((found, say("The review is incomplete: not everything could be read.")))
    return found


def of_memory(count: int, *, most: int) -> Sentence:
    """Say how many reviews a channel remembers, when no more than *most* were counted."""
    if count >= most:
        return say("{most} reviews or more are remembered in this channel.", most=most)
    return say_many(
        "One review is remembered in this channel.", "{count} reviews are remembered in this channel.", count
    )


def of_quota(quota: Quota) -> Sentence:
    """Say how much the code host may still be asked."""
    return say(
        "GitHub ({name}): {left:,} of {limit:,} calls left until {reset} UTC.",
        name=quota.name,
        left=quota.left,
        limit=quota.limit,
        reset=f"{quota.reset:%H:%M}",
    )


def of_forgotten(count: int) -> Sentence:
    """Say how much was forgotten."""
    if not count:
        return say("Nothing was remembered here.")
    return say_many("Forgotten: one review or message.", "Forgotten: {count} reviews and messages.", count)

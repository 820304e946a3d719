"""How an answer's prompt is put together: what is stable first, the question last, for the model's prefix cache."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import dropwhile

from bot.domain.completion import Message, Prompt, Speaker
from bot.domain.conversation import Role, Turn

_SPEAKERS = {Role.PERSON: Speaker.USER, Role.BOT: Speaker.ASSISTANT}


def build(system: str, turns: Sequence[Turn], question: str) -> Prompt:
    """Make a prompt in which a person and the bot take turns, the person first, as many chat templates demand.

    Args:
        question: Material and question together.
    """
    said = dropwhile(lambda turn: turn.role is Role.BOT, turns)
    messages = (Message(speaker=_SPEAKERS[turn.role], text=spoken(turn)) for turn in said)
    last = Message(speaker=Speaker.USER, text=question)
    return (Message(speaker=Speaker.SYSTEM, text=system), *_merged([*messages, last]))


def spoken(turn: Turn) -> str:
    """Put the person's name before what was said: several may talk in one thread."""
    return f"{turn.author}: {turn.text}" if turn.author else turn.text


def harmless(text: str) -> str:
    """Keep *text* from ending the marked part of a prompt that it is put in."""
    return text.replace("</change", "<\u200b/change")


def _merged(messages: Iterable[Message]) -> Iterator[Message]:
    held: Message | None = None
    for message in messages:
        if held is None:
            held = message
        elif held.speaker is message.speaker:
            held = Message(speaker=held.speaker, text=f"{held.text}\n\n{message.text}")
        else:
            yield held
            held = message
    if held is not None:
        yield held

"""Messages to the text that a model was trained to read: its chat template.

The template comes from the model file, or by name from llama.cpp. It is rendered with marks in place of what people
wrote, so that afterwards template and text can be told apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TypeAlias

from bot.domain.completion import Message, Prompt, Speaker

Render: TypeAlias = Callable[[list[dict[str, str]]], str]
"""Turns messages (`role`, `content`) into text that ends where the model's answer begins."""

_PAD = "\u2003"
_MARK = re.compile(f"({_PAD}?)\ue000(\\d+)\ue001({_PAD}?)")
_OPEN_THINKING = re.compile(r"<think>\s*$")


class TemplateUnusable(Exception):
    """The template refuses even a plain conversation, or loses what was said."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a rendered prompt.

    Attributes:
        ours: It belongs to the template; otherwise somebody wrote it, and it may hold anything.
    """

    text: str
    ours: bool


class ChatTemplate:
    """A template whose habits are known.

    Models without a system role either raise on it or silently drop it; some want the speakers to take turns.

    Raises:
        TemplateUnusable: No way of asking was found.
    """

    def __init__(self, render: Render) -> None:
        self._render = render
        self._has_system = self._takes(Speaker.SYSTEM, Speaker.USER)
        self._takes_turns = not self._takes(Speaker.USER, Speaker.USER)
        if not self._takes(Speaker.USER) or not self._takes(Speaker.USER, Speaker.ASSISTANT, Speaker.USER):
            raise TemplateUnusable

    def fill(self, prompt: Prompt) -> tuple[Part, ...]:
        """Render *prompt*; reasoning that the template opens is closed again.

        Raises:
            TemplateUnusable: The template refuses these messages.
        """
        messages = self._adapted(prompt)
        parts = list(_parts(self._marked(messages), [message.text for message in messages]))
        if sum(not part.ours for part in parts) != len(messages):
            raise TemplateUnusable
        return (*parts, *_closed_thinking(parts))

    def _adapted(self, prompt: Prompt) -> Prompt:
        if not self._has_system:
            prompt = _without_system(prompt)
        return _in_turns(prompt) if self._takes_turns else prompt

    def _takes(self, *speakers: Speaker) -> bool:
        trial = tuple(Message(speaker=speaker, text="") for speaker in speakers)
        try:
            found = [int(match[2]) for match in _MARK.finditer(self._marked(trial))]
        except TemplateUnusable:
            return False
        return sorted(found) == list(range(len(trial)))

    def _marked(self, messages: Sequence[Message]) -> str:
        marks = (f"{_PAD}\ue000{number}\ue001{_PAD}" for number in range(len(messages)))
        return self._render(
            [{"role": message.speaker, "content": mark} for message, mark in zip(messages, marks, strict=True)]
        )


def _parts(rendered: str, texts: Sequence[str]) -> Iterator[Part]:
    """Put the texts where their marks are, stripped on the sides on which the template strips."""
    at = 0
    for match in _MARK.finditer(rendered):
        yield Part(rendered[at : match.start()], True)
        text = texts[int(match[2])]
        text = text if match[1] else text.lstrip()
        yield Part(text if match[3] else text.rstrip(), False)
        at = match.end()
    yield Part(rendered[at:], True)


def _closed_thinking(parts: Sequence[Part]) -> Iterator[Part]:
    if parts[-1].ours and (found := _OPEN_THINKING.search(parts[-1].text)):
        yield Part("</think>\n\n" if found[0].endswith("\n") else "\n</think>\n\n", True)


def _without_system(prompt: Prompt) -> Prompt:
    """Put what the system says in front of what the user says first."""
    said = [message.text for message in prompt if message.speaker is Speaker.SYSTEM]
    rest = [message for message in prompt if message.speaker is not Speaker.SYSTEM]
    first = next((at for at, message in enumerate(rest) if message.speaker is Speaker.USER), None)
    if first is None:
        rest.insert(0, Message(speaker=Speaker.USER, text=""))
        first = 0
    text = "\n\n".join(text for text in (*said, rest[first].text) if text)
    rest[first] = replace(rest[first], text=text)
    return tuple(rest)


def _in_turns(prompt: Prompt) -> Prompt:
    """Join what one speaker says several times in a row."""
    runs = ((speaker, list(run)) for speaker, run in groupby(prompt, key=lambda message: message.speaker))
    return tuple(Message(speaker=speaker, text="\n\n".join(m.text for m in run)) for speaker, run in runs)

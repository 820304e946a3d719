"""Recall what was said in a thread, within a budget: the newest turns as they are, the older ones summarised."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

import structlog

from bot.domain.completion import Message, Prompt, Speaker
from bot.domain.conversation import Conversation, Role, ThreadRef, Turn
from bot.ports.language_model import LanguageModel
from bot.ports.memory import Memory
from bot.ports.prompts import Prompts
from bot.service.dialogue.prompt import spoken
from bot.service.dialogue.retrieve import clip

log = structlog.get_logger()

SUMMARY_TOKENS = 200
"""Longest rolling summary; it is part of every later prompt of its thread."""

_TEMPLATE_TOKENS = 8
"""What a chat template puts around one message, generously."""


class Recollection:
    """Loads conversations and keeps their rolling summaries."""

    def __init__(self, *, memory: Memory, model: LanguageModel, prompts: Prompts, language_name: str) -> None:
        self._memory = memory
        self._model = model
        self._prompts = prompts
        self._language = language_name
        # Two questions at once must not both cover the same turns.
        self._summarising = asyncio.Lock()

    async def recall(self, where: ThreadRef, *, room: int, n_ctx: int) -> Conversation:
        """Load a conversation of at most *room* tokens, besides its summary.

        When the turns outgrow the room, all but the newest half of it is summarised and stored at once, so that this
        costs a call of the model every dozen questions and not at each.
        """
        async with self._summarising:
            conversation = await self._memory.conversation(where)
            sizes = await self._sizes(conversation.turns)
            if sum(sizes) <= room:
                return conversation
            old = len(sizes) - sum(total <= room // 2 for total in accumulate(reversed(sizes)))
            # A prompt begins with a person: an answer whose question is summarised goes with it.
            while old < len(sizes) and conversation.turns[old].role is Role.BOT:
                old += 1
            summary = await self._cover(where, conversation.summary, conversation.turns[:old], n_ctx)
            return Conversation(turns=conversation.turns[old:], summary=summary)

    async def _sizes(self, turns: Sequence[Turn]) -> list[int]:
        return [_TEMPLATE_TOKENS + size for size in await self._model.count_texts([spoken(turn) for turn in turns])]

    async def _cover(self, where: ThreadRef, summary: str, turns: Sequence[Turn], n_ctx: int) -> str:
        """Fold *turns* into *summary*, as many at a time as one prompt holds, and save after each step."""
        room = n_ctx - SUMMARY_TOKENS - await self._model.count(self._prompt(summary, ())) - SUMMARY_TOKENS
        while turns:
            batch = await self._batch(turns, room)
            completion = await self._model.complete(self._prompt(summary, batch), max_tokens=SUMMARY_TOKENS)
            if not completion.text.strip():
                log.warning("conversation.not_summarised", turns=len(turns))
                return summary
            summary = completion.text.strip()
            await self._memory.save_summary(where, summary, covers=len(batch))
            log.info("conversation.summarised", turns=len(batch))
            turns = turns[len(batch) :]
        return summary

    async def _batch(self, turns: Sequence[Turn], room: int) -> Sequence[Turn]:
        sizes = await self._sizes(turns)
        count = sum(total <= room for total in accumulate(sizes))
        if count:
            return turns[:count]
        return [replace(turns[0], text=await clip(turns[0].text, self._model, room=room - 2 * _TEMPLATE_TOKENS))]

    def _prompt(self, summary: str, turns: Sequence[Turn]) -> Prompt:
        said = [f"{'Bot' if turn.role is Role.BOT else turn.author or 'Person'}: {turn.text}" for turn in turns]
        text = self._prompts.render("dialogue/summary", summary=summary, said=said, language=self._language)
        return (Message(speaker=Speaker.USER, text=text),)

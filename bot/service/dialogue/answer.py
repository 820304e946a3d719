"""A follow-up question about one review: say what is certain, recall, retrieve, ask, remember."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial

from bot.domain.completion import Prompt
from bot.domain.conversation import Conversation, ReviewRecord, Role, Turn
from bot.domain.sentence import Speak, say
from bot.ports.chat import Chat
from bot.ports.clock import Clock
from bot.ports.language_model import LanguageModel
from bot.ports.memory import Memory
from bot.ports.prompts import Prompts
from bot.service.dialogue.facts import facts
from bot.service.dialogue.overview import overview
from bot.service.dialogue.pieces import Piece
from bot.service.dialogue.prompt import build, harmless
from bot.service.dialogue.recall import Recollection
from bot.service.dialogue.retrieve import in_order, retrieve
from bot.service.dialogue.writer import AnswerWriter, Room

_MOST_SOURCES = 4


class FollowUps:
    """Answers questions about a remembered review."""

    def __init__(
        self,
        *,
        memory: Memory,
        model: LanguageModel,
        writer: AnswerWriter,
        prompts: Prompts,
        clock: Clock,
        language_name: str = "English",
        speak: Speak = str,
    ) -> None:
        self._memory = memory
        self._model = model
        self._writer = writer
        self._prompts = prompts
        self._clock = clock
        self._language = language_name
        self._speak = speak
        self._recollection = Recollection(memory=memory, model=model, prompts=prompts, language_name=language_name)

    async def answer(self, question: str, record: ReviewRecord, chat: Chat) -> None:
        """Answer in *chat* from *record* and from what was said in its thread, and remember both turns there.

        Nothing is remembered of an answer that was not finished.

        Raises:
            BotError: The model or the memory cannot be used. A failure while the answer is written is said in it.
        """
        known = await asyncio.to_thread(facts, question, record)  # it reads every line of the change
        for sentence in known.sentences:
            await chat.say(sentence)
        if not known.answerable:
            return
        asked = self._clock.now()
        room = await self._writer.open()
        conversation = await self._recollection.recall(record.where, room=room.turns, n_ctx=room.total + room.answer)
        prompt, pieces = await self._compose(question, record, conversation, room)
        sources = partial(self._sources, pieces=pieces)
        text = await self._writer.write(prompt, chat, max_tokens=room.answer, sources=sources)
        if text:
            person = Turn(role=Role.PERSON, author=chat.person, text=question, at=asked)
            bot = Turn(role=Role.BOT, author="", text=text, at=self._clock.now())
            await self._memory.add_turns(record.where, (person, bot))

    async def _compose(
        self, question: str, record: ReviewRecord, conversation: Conversation, room: Room
    ) -> tuple[Prompt, list[Piece]]:
        known = await overview(record, self._model, self._prompts, self._speak, room=room.overview)

        shown = Conversation(summary=conversation.summary) if room.imitates else conversation

        def prompt(pieces: Sequence[Piece]) -> Prompt:
            return self._prompt(question, known, shown, pieces)

        free = room.total - await self._model.count(prompt(()))
        background = " ".join(turn.text for turn in conversation.turns[-2:])
        pieces = await retrieve(question, record, self._model, room=min(free, room.material), background=background)
        # Texts that are counted one by one can take a little more together; the prompt as it is sent decides.
        while pieces and await self._model.count(prompt(pieces)) > room.total:
            pieces.pop()
        return prompt(pieces), pieces

    def _prompt(self, question: str, known: str, conversation: Conversation, pieces: Sequence[Piece]) -> Prompt:
        render = partial(self._prompts.render, language=self._language)
        system = render("dialogue/system", overview=harmless(known), summary=conversation.summary)
        material = [harmless(piece.text) for piece in in_order(pieces)]
        return build(system, conversation.turns, render("dialogue/question", pieces=material, question=question))

    def _sources(self, text: str, *, pieces: Sequence[Piece]) -> list[str]:
        """Name the pieces whose file the answer speaks of, or else those that fitted the question best."""
        spoken_of = [piece for piece in pieces if piece.path.rpartition("/")[2] in text]
        return list(dict.fromkeys(self._name(piece) for piece in spoken_of or pieces))[:_MOST_SOURCES]

    def _name(self, piece: Piece) -> str:
        return self._speak(say("finding {number}", number=piece.finding)) if piece.finding else piece.place

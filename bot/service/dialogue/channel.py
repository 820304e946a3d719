"""A question outside a thread, answered from what the channel remembers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from functools import partial

from bot.domain.access import Audience
from bot.domain.completion import Prompt
from bot.domain.conversation import ReviewNote, ReviewRecord, Role, ThreadRef, Turn
from bot.domain.sentence import Speak, say, say_many
from bot.ports.chat import Chat
from bot.ports.clock import Clock
from bot.ports.language_model import LanguageModel
from bot.ports.memory import Memory
from bot.ports.prompts import Prompts
from bot.service.dialogue.named import is_called
from bot.service.dialogue.prompt import build, harmless, spoken
from bot.service.dialogue.retrieve import clip
from bot.service.dialogue.search import Search, fitting_turns, found, nothing, understand
from bot.service.dialogue.worries import worries, worst_paths
from bot.service.dialogue.writer import AnswerWriter, Room

Hidden = Callable[[Audience, Sequence[ReviewNote]], Awaitable[Collection[str]]]

_MOST_RECORDS = 50
"""Reviews searched for one question: each is loaded with its change."""

_MOST_NOTES = 200
"""Reviews looked at for whether they may be spoken of: as many as turns are searched, of which each made two."""

_MOST_SOURCES = 8
_THREADS_READ = 3


class ChannelMemory:
    """Answers questions from a channel's reviews and turns.

    Args:
        web_url: Where the pages of the code host are, for the links in questions.
        hidden: Returns the ids of the reviews that a channel may not see any more.
    """

    def __init__(
        self,
        *,
        memory: Memory,
        model: LanguageModel,
        writer: AnswerWriter,
        prompts: Prompts,
        clock: Clock,
        web_url: str,
        language_name: str = "English",
        speak: Speak = str,
        hidden: Hidden,
    ) -> None:
        self._memory = memory
        self._hidden = hidden
        self._model = model
        self._writer = writer
        self._prompts = prompts
        self._clock = clock
        self._web_url = web_url
        self._language = language_name
        self._speak = speak

    async def knows(self, names: Sequence[str], channel: str) -> bool:
        """Tell whether one of the reviews that are searched is called one of *names*, such as `#12`."""
        records = await self._memory.reviews(channel, limit=_MOST_RECORDS)
        return any(is_called(record.target, names) for record in records)

    async def answer(self, question: str, chat: Chat) -> None:
        """Answer in *chat* and remember both turns there; where nothing is remembered, say that and ask no model.

        The reviews that were found are listed with the answer: whatever the model makes of them, they are shown.

        Raises:
            BotError: The model or the memory cannot be used.
        """
        asked = self._clock.now()
        search = understand(question, asked, web_url=self._web_url)
        since = search.period[0] if search.period else None
        channel = chat.where.channel
        notes = await self._memory.notes((channel,), limit=_MOST_NOTES)
        hidden = await self._hidden(chat.audience, notes)
        remembered = await self._memory.reviews(channel, since=since, limit=_MOST_RECORDS)
        records = found(search, [record for record in remembered if record.id not in hidden])
        closed = {note.where for note in notes if note.id in hidden}
        turns = await self._turns(search, records, channel, closed)
        if not records and (search.pull_requests or search.files or not turns):
            await chat.say(nothing(search))
            return
        if not records:
            await chat.say(say("I find no review that fits, only what was said in this channel."))
        room = await self._writer.open()
        prompt = await self._compose(search, records, turns, room)
        sources = [self._line(record) for record in records[:_MOST_SOURCES]]
        if len(records) > _MOST_SOURCES:
            more = len(records) - _MOST_SOURCES
            sources.append(self._speak(say_many("and one more review", "and {count} more reviews", more)))
        text = await self._writer.write(prompt, chat, max_tokens=room.answer, sources=lambda _: sources)
        if text:
            person = Turn(role=Role.PERSON, author=chat.person, text=question, at=asked)
            bot = Turn(role=Role.BOT, author="", text=text, at=self._clock.now())
            await self._memory.add_turns(chat.where, (person, bot))

    async def _turns(
        self, search: Search, records: Sequence[ReviewRecord], channel: str, closed: Collection[ThreadRef]
    ) -> list[Turn]:
        """Load what was said in the threads of the reviews that the question names, or else anywhere here.

        Where some threads are *closed*, what was said elsewhere may be about them, so that it is left out too.
        """
        if not (search.pull_requests or search.files or closed):
            since = search.period[0] if search.period else None
            return fitting_turns(search, await self._memory.channel_turns(channel, since=since))
        places = list(dict.fromkeys(record.where for record in records if record.where not in closed))[:_THREADS_READ]
        conversations = [await self._memory.conversation(where) for where in places]
        return fitting_turns(search, [turn for conversation in conversations for turn in conversation.turns])

    async def _compose(
        self, search: Search, records: Sequence[ReviewRecord], turns: Sequence[Turn], room: Room
    ) -> Prompt:
        render = partial(self._prompts.render, language=self._language)
        system = render("dialogue/channel_system")

        def prompt(material: str) -> Prompt:
            question = render("dialogue/channel_question", material=harmless(material), question=search.question)
            return build(system, (), question)

        free = min(room.material, room.total - await self._model.count(prompt("")))
        details = await self._fit([self._details(record) for record in records], free * 3 // 4)
        heard = [] if room.imitates and records else [f"{turn.at:%Y-%m-%d} {spoken(turn)}" for turn in reversed(turns)]
        said = await self._fit(heard, free // 4)
        material = self._prompts.render(
            "dialogue/channel_material",
            today=f"{self._clock.now():%Y-%m-%d}",
            worries=worries(records),
            reviews=details,
            more_reviews=len(records) - len(details),
            said=said[::-1],
        )
        # The list of files is not measured before; the whole is, and loses its end where it must.
        return prompt(await clip(material, self._model, room=free))

    async def _fit(self, texts: Sequence[str], room: int) -> list[str]:
        taken = []
        for text, size in zip(texts, await self._model.count_texts(texts), strict=True):
            room -= size + 1
            if room < 0:
                break
            taken.append(text)
        if texts and not taken:
            return [await clip(texts[0], self._model, room=room + (await self._model.count_texts(texts))[0])]
        return taken

    def _details(self, record: ReviewRecord) -> str:
        return self._prompts.render(
            "dialogue/channel_review",
            target=record.target,
            date=f"{record.at:%Y-%m-%d}",
            review=record.review,
        ).strip()

    def _line(self, record: ReviewRecord) -> str:
        """Name a review, when it was, and its worst findings, in one line without the model."""
        review = record.review
        if not review.findings:
            sentence = say("{target}, {date}: no findings", target=record.target, date=f"{record.at:%Y-%m-%d}")
        else:
            sentence = say_many(
                "{target}, {date}: one finding, {worst} ({paths})",
                "{target}, {date}: {count} findings, the worst {worst} ({paths})",
                len(review.findings),
                target=record.target,
                date=f"{record.at:%Y-%m-%d}",
                worst=review.findings[0].severity.value,
                paths=", ".join(worst_paths(review, most=2)),
            )
        return self._speak(sentence)

from __future__ import annotations

import asyncio

from bot.domain.completion import Prompt
from bot.domain.conversation import Role
from bot.prompting.templates import TemplatePrompts
from bot.service.dialogue.recall import SUMMARY_TOKENS, Recollection
from tests.builders import a_thread, a_turn
from tests.doubles.language_model import ScriptedModel
from tests.doubles.memory import DictMemory

ROOM = 1500


def a_recollection(model: ScriptedModel, memory: DictMemory) -> Recollection:
    return Recollection(memory=memory, model=model, prompts=TemplatePrompts(), language_name="English")


async def a_long_talk(count: int = 200, words: str = "is the loop bounded?") -> DictMemory:
    memory = DictMemory()
    roles = (Role.PERSON, Role.BOT)
    await memory.add_turns(a_thread(), [a_turn(f"{n}: {words}", role=roles[n % 2]) for n in range(count)])
    return memory


async def test_a_short_talk_is_recalled_as_it_was() -> None:
    model, memory = ScriptedModel(), await a_long_talk(4)

    conversation = await a_recollection(model, memory).recall(a_thread(), room=ROOM, n_ctx=8192)

    assert len(conversation.turns) == 4
    assert not model.asked


async def test_what_does_not_fit_is_summarised_once() -> None:
    model, memory = ScriptedModel(script=("They spoke of a loop.",)), await a_long_talk()
    recollection = a_recollection(model, memory)

    conversation = await recollection.recall(a_thread(), room=ROOM, n_ctx=8192)
    again = await recollection.recall(a_thread(), room=ROOM, n_ctx=8192)

    assert conversation == again
    assert conversation.summary == "They spoke of a loop."
    assert conversation.turns[-1].text.startswith("199:")
    assert 0 < len(conversation.turns) < 200
    assert len(model.asked) == 1
    assert model.asked[0].max_tokens == SUMMARY_TOKENS


async def test_two_questions_at_once_summarise_once() -> None:
    model, memory = ScriptedModel(script=("They spoke of a loop.",)), await a_long_talk()
    recollection = a_recollection(model, memory)

    first, second = await asyncio.gather(*(recollection.recall(a_thread(), room=ROOM, n_ctx=8192) for _ in range(2)))

    assert first == second
    assert len(model.asked) == 1


async def test_a_small_context_is_given_the_old_turns_in_several_steps() -> None:
    def script(prompt: Prompt) -> str:
        return "Said before." if "Said before." not in prompt[0].text else "Said before. And more."

    model, memory = ScriptedModel(script=script, n_ctx=1024), await a_long_talk()

    conversation = await a_recollection(model, memory).recall(a_thread(), room=200, n_ctx=1024)

    assert conversation.summary == "Said before. And more."
    assert len(model.asked) > 1
    numbers = "\n".join(asked.text for asked in model.asked)
    assert all(f" {n}:" in numbers for n in range(200 - len(conversation.turns)))


async def test_a_turn_larger_than_the_context_is_cut_for_the_summary() -> None:
    model, memory = ScriptedModel(script=("A long log.",)), await a_long_talk(1, "log " * 20_000)

    conversation = await a_recollection(model, memory).recall(a_thread(), room=ROOM, n_ctx=8192)

    assert conversation.summary == "A long log."
    assert "(cut)" in model.asked[0].text


async def test_an_empty_summary_covers_nothing() -> None:
    model, memory = ScriptedModel(script=("",)), await a_long_talk()

    conversation = await a_recollection(model, memory).recall(a_thread(), room=ROOM, n_ctx=8192)

    assert not memory.summaries
    assert conversation.turns

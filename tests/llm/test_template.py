from __future__ import annotations

import pytest

from bot.domain.completion import Message, Prompt, Speaker
from bot.domain.errors import ModelUnusable
from bot.llm.chat_formats import by_name, from_file, jinja, names
from bot.llm.gguf import Header
from bot.llm.template import ChatTemplate, Part, TemplateUnusable

CHATML = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
"""As written by SmolLM2, Qwen 2.5 and many others."""

NO_SYSTEM = (
    "{{ bos_token }}{% for m in messages %}"
    "{% if m.role == 'system' %}{{ raise_exception('no system role here') }}{% endif %}"
    "{% if (m.role == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('take turns') }}{% endif %}"
    "<turn>{{ 'model' if m.role == 'assistant' else m.role }}\n{{ m.content | trim }}<end>\n{% endfor %}"
    "{% if add_generation_prompt %}<turn>model\n{% endif %}"
)
"""As Gemma's: raises on a system message and when somebody speaks twice, and strips."""

DROPS_SYSTEM = "{% for m in messages if m.role != 'system' %}[{{ m.role }}] {{ m.content }} {% endfor %}[assistant]"
"""As early Mistral formats: says nothing and drops it."""

OPENS_THINKING = "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}<assistant><think>\n"
"""As R1's: the answer begins inside the block."""

SWITCHES_THINKING = CHATML + "{% if enable_thinking is false %}<think>\n\n</think>\n\n{% endif %}"
"""As Qwen 3's."""


def message(speaker: Speaker, text: str) -> Message:
    return Message(speaker=speaker, text=text)


SYSTEM = message(Speaker.SYSTEM, "Be terse.")
QUESTION = message(Speaker.USER, "Why?")
ANSWER = message(Speaker.ASSISTANT, "Because.")
AGAIN = message(Speaker.USER, "Really?")


def rendered(template: str, *prompt: Message) -> str:
    return "".join(part.text for part in ChatTemplate(jinja(template, bos="<bos>")).fill(prompt))


def test_a_template_gets_the_messages_in_order() -> None:
    assert rendered(CHATML, SYSTEM, QUESTION, ANSWER, AGAIN) == (
        "<|im_start|>system\nBe terse.<|im_end|>\n<|im_start|>user\nWhy?<|im_end|>\n"
        "<|im_start|>assistant\nBecause.<|im_end|>\n<|im_start|>user\nReally?<|im_end|>\n<|im_start|>assistant\n"
    )


def test_what_people_wrote_is_told_apart_from_the_template() -> None:
    text = "<|im_end|>{{ 1 + 1 }} \ue0000\ue001"

    parts = ChatTemplate(jinja(CHATML)).fill((message(Speaker.USER, text),))

    assert parts == (
        Part("<|im_start|>user\n", True),
        Part(text, False),
        Part("<|im_end|>\n<|im_start|>assistant\n", True),
    )


@pytest.mark.parametrize("template", [NO_SYSTEM, DROPS_SYSTEM])
def test_without_a_system_role_its_text_goes_before_the_first_question(template: str) -> None:
    text = rendered(template, SYSTEM, QUESTION, ANSWER, AGAIN)

    assert text.count("Be terse.\n\nWhy?") == 1
    assert "Really?" in text
    assert "system" not in text


def test_a_template_that_wants_turns_gets_them() -> None:
    assert rendered(NO_SYSTEM, QUESTION, AGAIN) == "<bos><turn>user\nWhy?\n\nReally?<end>\n<turn>model\n"


def test_a_template_that_strips_texts_still_does() -> None:
    padded = message(Speaker.USER, "\n  Why?  \n")

    assert rendered(NO_SYSTEM, padded) == "<bos><turn>user\nWhy?<end>\n<turn>model\n"
    assert "user\n\n  Why?  \n<|im_end|>" in rendered(CHATML, padded)


def test_reasoning_that_a_template_opens_is_closed_again() -> None:
    assert rendered(OPENS_THINKING, QUESTION).endswith("<assistant><think>\n</think>\n\n")


def test_reasoning_is_switched_off_where_the_template_can() -> None:
    assert rendered(SWITCHES_THINKING, QUESTION).endswith("<|im_start|>assistant\n<think>\n\n</think>\n\n")


@pytest.mark.parametrize("template", ["{{ raise_exception('never') }}", "nothing of it", "{{ messages[9].x.y }}"])
def test_a_template_that_loses_what_is_said_is_unusable(template: str) -> None:
    with pytest.raises(TemplateUnusable):
        ChatTemplate(jinja(template))


def test_a_template_cannot_reach_python() -> None:
    harmful = "{{ messages.__class__.__mro__[1].__subclasses__() }}" + CHATML

    with pytest.raises(TemplateUnusable):
        ChatTemplate(jinja(harmful))


@pytest.mark.parametrize(
    ("name", "beginning"), [("chatml", "<|im_start|>system\nBe terse."), ("llama-2", "[INST] <<SYS>>\nBe terse.")]
)
def test_a_named_template_is_llama_cpps(name: str, beginning: str) -> None:
    parts = ChatTemplate(by_name(name)).fill((SYSTEM, QUESTION))

    assert "".join(part.text for part in parts).startswith(beginning)
    assert [part.text for part in parts if not part.ours] == ["Be terse.", "Why?"]


def test_every_named_template_takes_a_whole_conversation() -> None:
    conversation: Prompt = (SYSTEM, QUESTION, ANSWER, AGAIN)

    for name in names():
        text = "".join(part.text for part in ChatTemplate(by_name(name)).fill(conversation))
        assert all(said in text for said in ("Be terse.", "Why?", "Because.", "Really?")), name


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(ModelUnusable, match=r"no chat template chatlm; chat_format in \[model\] can be .*chatml"):
        by_name("chatlm")


def test_a_model_without_a_template_names_the_key() -> None:
    with pytest.raises(ModelUnusable, match=r"carries no chat template; set chat_format in \[model\].*chatml"):
        from_file(Header(values={"general.architecture": "llama"}), name="base-model", bos="", eos="")

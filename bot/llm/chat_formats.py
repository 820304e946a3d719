"""Where a chat template comes from: the model file, or llama.cpp by name."""

from __future__ import annotations

import ctypes
from typing import Any

from jinja2 import TemplateError

from bot.domain.errors import ModelUnusable
from bot.domain.sentence import say
from bot.llm.gguf import Header
from bot.llm.native import library
from bot.llm.template import ChatTemplate, Render, TemplateUnusable
from bot.llm.vocabulary import Vocabulary

EXAMPLES = "chatml, llama3, gemma, mistral-v7, phi3"
"""What an error names: the usual ones of `names`."""

OTHER_NAMES = {"llama-2": "llama2-sys", "llama-3": "llama3", "mistral-instruct": "mistral-v1"}
"""What llama-cpp-python calls some of them."""

_KEY = "tokenizer.chat_template"


def chat_template(header: Header, vocabulary: Vocabulary, *, name: str, chat_format: str) -> ChatTemplate:
    """Find out how the model *name* is spoken to.

    Args:
        chat_format: The name of a template of llama.cpp, used instead of the file's own; empty for that.

    Raises:
        ModelUnusable: There is no such template, or it cannot be used.
    """
    try:
        return ChatTemplate(
            by_name(chat_format)
            if chat_format
            else from_file(header, name=name, bos=vocabulary.bos, eos=vocabulary.eos)
        )
    except (TemplateUnusable, TemplateError) as error:
        raise ModelUnusable(
            say(
                "The chat template of {model} cannot be used; set chat_format in [model] to another,"
                " such as {examples}.",
                model=name,
                examples=EXAMPLES,
            )
        ) from error


def from_file(header: Header, *, name: str, bos: str, eos: str) -> Render:
    """Take the Jinja template that the model file carries.

    Raises:
        ModelUnusable: It carries none.
        TemplateError: It is no valid Jinja.
    """
    template = header.text(_KEY)
    if not template:
        raise ModelUnusable(
            say(
                "{model} carries no chat template; set chat_format in [model] to the one it was trained with,"
                " such as {examples}.",
                model=name,
                examples=EXAMPLES,
            )
        )
    return jinja(template, bos=bos, eos=eos)


def jinja(template: str, *, bos: str = "", eos: str = "") -> Render:
    """Render with llama-cpp-python's Jinja, whose sandbox keeps a downloaded template from doing harm.

    Reasoning models are asked, in the words that each family understands, not to reason.

    Raises:
        TemplateError: It is no valid Jinja.
    """
    from llama_cpp.llama_chat_format import Jinja2ChatFormatter

    formatter = Jinja2ChatFormatter(template, eos_token=eos, bos_token=bos)

    def render(messages: list[dict[str, str]]) -> str:
        try:
            response = formatter(messages=messages, enable_thinking=False, thinking=False, reasoning_effort="low")
        except (TemplateError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError) as error:
            raise TemplateUnusable from error  # `raise_exception` of a template is a ValueError
        return str(response.prompt)

    return render


def names() -> tuple[str, ...]:
    """List the templates that llama.cpp knows by name."""
    api = library()
    count = api.llama_chat_builtin_templates(None, 0)
    found = (ctypes.c_char_p * count)()
    api.llama_chat_builtin_templates(found, count)
    return tuple(sorted(name.decode() for name in found if name))


def by_name(chat_format: str) -> Render:
    """Take a template that llama.cpp knows.

    Raises:
        ModelUnusable: It knows none of that name.
    """
    name = OTHER_NAMES.get(chat_format, chat_format)
    known = names()
    if name not in known:
        raise ModelUnusable(
            say(
                "There is no chat template {name}; chat_format in [model] can be {known}.",
                name=chat_format,
                known=", ".join(known),
            )
        )
    return lambda messages: _apply(library(), name.encode(), messages)


def _apply(api: Any, name: bytes, messages: list[dict[str, str]]) -> str:
    encoded = [(message["role"].encode(), message["content"].encode()) for message in messages]
    chat = (api.llama_chat_message * len(encoded))(*encoded)
    size = api.llama_chat_apply_template(name, chat, len(encoded), True, None, 0)
    if size < 0:
        raise TemplateUnusable
    rendered = ctypes.create_string_buffer(size + 1)
    api.llama_chat_apply_template(name, chat, len(encoded), True, rendered, size + 1)
    return rendered.raw[:size].decode("utf-8")

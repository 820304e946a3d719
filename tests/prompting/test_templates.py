"""Templates are strict, replaceable, and documented."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jinja2 import Environment, meta

from bot.domain.errors import ConfigInvalid
from bot.prompting.templates import SHIPPED, TemplatePrompts

NAMES = sorted(str(path.relative_to(SHIPPED)).removesuffix(".md.j2") for path in SHIPPED.rglob("*.j2"))


def test_a_missing_variable_is_an_error_that_names_the_template() -> None:
    with pytest.raises(ConfigInvalid, match=r"review/task .*'language' is undefined"):
        TemplatePrompts().render("review/task", lines="1 +x")


def test_a_template_of_the_configured_folder_replaces_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "review").mkdir()
    (tmp_path / "review" / "task.md.j2").write_text("Ours: {{ lines }}", encoding="utf-8")
    prompts = TemplatePrompts(tmp_path)

    assert prompts.render("review/task", lines="1 +x", language="English") == "Ours: 1 +x"
    assert "careful code reviewer" in prompts.render("review/system", language="en", instructions="", focus="")


def test_a_damaged_template_is_an_error_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "review").mkdir()
    (tmp_path / "review" / "task.md.j2").write_text("{% for %}", encoding="utf-8")

    with pytest.raises(ConfigInvalid, match="review/task"):
        TemplatePrompts(tmp_path).render("review/task", lines="", language="")


def test_a_template_cannot_reach_into_python(tmp_path: Path) -> None:
    (tmp_path / "review").mkdir()
    (tmp_path / "review" / "task.md.j2").write_text("{{ lines.__class__.__mro__ }}", encoding="utf-8")

    with pytest.raises(ConfigInvalid, match="review/task"):
        TemplatePrompts(tmp_path).render("review/task", lines="", language="")


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigInvalid, match="nowhere"):
        TemplatePrompts(tmp_path / "nowhere")


def test_text_of_the_change_is_not_taken_for_a_template() -> None:
    rendered = TemplatePrompts().render("review/task", lines="1 +{{ 7 * 7 }} {% raw %} <b>", language="English")

    assert "1 +{{ 7 * 7 }} {% raw %} <b>" in rendered


@pytest.mark.parametrize("name", NAMES)
def test_the_readme_names_the_variables_of_each_template(name: str) -> None:
    readme = (SHIPPED / "README.md").read_text(encoding="utf-8")
    source = (SHIPPED / f"{name}.md.j2").read_text(encoding="utf-8")

    row = re.search(rf"^\| `{name}` \|[^|]*\|([^|]*)\|$", readme, re.M)

    assert row is not None
    used = meta.find_undeclared_variables(Environment().parse(source))
    assert set(re.findall(r"`(\w+)`", row[1])) == used

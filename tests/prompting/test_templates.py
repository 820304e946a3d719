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


@pytest.mark.parametrize("content", [b"{% for %}", b"{{ lines", b"{{ lines | nofilter }}", b"\xff{{ lines }}"])
def test_a_damaged_template_is_an_error_before_it_is_needed(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "review").mkdir()
    (tmp_path / "review" / "task.md.j2").write_bytes(content)

    with pytest.raises(ConfigInvalid, match="The prompt template review/task cannot be used"):
        TemplatePrompts(tmp_path)


@pytest.mark.parametrize(
    ("file", "advice"),
    [
        ("review/tsak.md.j2", ", did you mean review/task.md.j2?"),
        ("summarise.md.j2", ", did you mean review/summarise.md.j2?"),
        ("reviews/system.md.j2", ", did you mean review/system.md.j2?"),
        ("kitchen/of/somebody.md.j2", ": prompts/README.md lists the names there are."),
    ],
)
def test_a_template_that_replaces_none_is_refused(tmp_path: Path, file: str, advice: str) -> None:
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).write_text("Ours", encoding="utf-8")

    with pytest.raises(ConfigInvalid) as caught:
        TemplatePrompts(tmp_path)

    assert str(caught.value) == f"The prompt template {file} in {tmp_path} replaces nothing{advice}"


def test_other_files_may_stand_beside_the_templates(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("Ours {{", encoding="utf-8")

    assert str(TemplatePrompts(tmp_path).describe()) == f"{tmp_path} replaces 0 of the shipped templates."


def test_it_is_told_whose_templates_are_used(tmp_path: Path) -> None:
    (tmp_path / "review").mkdir()
    (tmp_path / "review" / "task.md.j2").write_text("Ours: {{ lines }}", encoding="utf-8")

    assert str(TemplatePrompts().describe()) == "The shipped templates are used."
    assert str(TemplatePrompts(tmp_path).describe()) == f"{tmp_path} replaces one of the shipped templates."


def test_a_template_that_cannot_compute_is_an_error_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "review").mkdir()
    (tmp_path / "review" / "task.md.j2").write_text("{{ lines + 1 }}", encoding="utf-8")

    with pytest.raises(ConfigInvalid, match="review/task"):
        TemplatePrompts(tmp_path).render("review/task", lines="x", language="")


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

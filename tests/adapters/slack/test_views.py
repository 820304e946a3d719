"""App Home and its form, inside Slack's limits."""

from __future__ import annotations

from typing import Any

from adapters.slack.views import MOST_SUBSCRIPTIONS, SUBMIT, Edited, form, page
from bot.domain.desk import DeskState
from bot.domain.filter_words import parse_filters
from bot.domain.review import ModelInfo
from bot.domain.subscription import Day, Kind, Subscription
from tests import builders
from tests.builders import a_note, a_thread
from tests.standins.slack.limits import view_problems
from tests.standins.slack.writing import shown

IDLE = DeskState(model=None, reviews=0, answers=0)


def a_subscription(name: str = "stats", **fields: Any) -> Subscription:
    known = {"days": (Day.MONDAY, Day.THURSDAY), "timezone": "Europe/Berlin"}
    return builders.a_subscription(f"octo/{name}", id=name, **{**known, **fields})


def test_an_empty_page_says_what_could_be_there() -> None:
    view = page((), (), IDLE, str)

    assert shown(view["blocks"]).count("None yet") == 2
    assert view_problems(view) == []


def test_a_subscription_shows_where_and_when_and_can_be_changed() -> None:
    blocks = page((a_subscription(),), (), IDLE, str)["blocks"]
    buttons = [element for block in blocks for element in block.get("elements", []) if element["type"] == "button"]

    assert "*octo/stats* · <#C1> · Monday, Thursday at 09:30 (Europe/Berlin)" in shown(blocks)
    assert [button["action_id"] for button in buttons] == [
        "subscription_edit",
        "subscription_remove",
        "subscription_add",
    ]
    assert Edited.load(buttons[0]["value"]) == Edited(channel="slack:T1/C1", id="stats")


def test_reviews_are_linked_and_what_the_bot_does_is_told() -> None:
    note = a_note(where=a_thread("17.1", channel="slack:T1/C1"), title="Split <!channel> it\nup")
    model = ModelInfo(backend="llama_cpp", name="small", n_ctx=8192)
    blocks = page((), (note,), DeskState(model=model, reviews=1, answers=2), str)["blocks"]
    words = shown(blocks)

    assert "octo/stats#12 Split <!channel> it up · Comments · 1 finding · 2026-03-04" in words
    assert any(note.url in str(block) for block in blocks)
    assert "Model: small, 8192 tokens of context." in words
    assert "Running or waiting: 1 review, 2 answers." in words
    assert all(block["type"] == "rich_text" for block in blocks if "<!channel>" in str(block)), "nothing parses it"


def test_a_review_without_an_address_is_shown_without_a_link() -> None:
    view = page((), (a_note(url=""),), IDLE, str)

    assert view_problems(view) == []
    assert "octo/stats#12" in shown(view["blocks"])


def test_more_than_fits_is_counted() -> None:
    many = [a_subscription(f"repository-{number}" + "x" * 80) for number in range(MOST_SUBSCRIPTIONS + 5)]
    view = page(many, [a_note(title="long " * 200) for _ in range(30)], IDLE, str)

    assert "and 5 more" in shown(view["blocks"])
    assert len(view["blocks"]) <= 100
    assert view_problems(view) == []


def test_the_form_begins_with_weekdays_and_the_zone_of_the_person() -> None:
    view = form(None, str, timezone="Asia/Tokyo")
    elements = {block["block_id"]: block["element"] for block in view["blocks"]}

    assert view["callback_id"] == SUBMIT
    assert "private_metadata" not in view
    assert [option["value"] for option in elements["days"]["initial_options"]] == ["mon", "tue", "wed", "thu", "fri"]
    assert elements["timezone"]["initial_value"] == "Asia/Tokyo"
    assert elements["channel"]["filter"]["include"] == ["public", "private"]
    assert view_problems(view) == []


def test_the_form_of_weekly_stats_takes_one_day_and_says_what_it_is_of() -> None:
    weekly = a_subscription(kind=Kind.STATS, days=(Day.MONDAY,))
    view = form(weekly, str, timezone="Asia/Tokyo")
    elements = {block["block_id"]: block["element"] for block in view["blocks"] if "block_id" in block}

    assert view["title"]["text"] == "Weekly stats"
    assert elements["days"]["max_selected_items"] == 1
    assert Edited.load(view["private_metadata"]) == Edited.of(weekly)
    assert view_problems(view) == []


def test_what_an_earlier_version_wrote_on_a_button_is_a_digest() -> None:
    assert Edited.load('["slack:T1/C1", "s1"]') == Edited(channel="slack:T1/C1", id="s1", kind=Kind.DIGEST)


def test_the_form_of_a_subscription_is_filled_in_and_stays_in_its_channel() -> None:
    view = form(a_subscription(), str, timezone="Europe/Berlin")
    elements = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}

    assert "channel" not in elements
    assert elements["repository"]["initial_value"] == "octo/stats"
    assert [option["value"] for option in elements["days"]["initial_options"]] == ["mon", "thu"]
    assert elements["at"]["initial_time"] == "09:30"
    assert "initial_value" not in elements["filters"]
    assert Edited.load(view["private_metadata"]) == Edited.of(a_subscription())
    assert view_problems(view) == []


def test_filters_are_shown_and_filled_in() -> None:
    only_urgent = a_subscription(filters=parse_filters(["label:urgent", "-author:renovate"]))
    view = form(only_urgent, str, timezone="UTC")
    elements = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}

    assert elements["filters"]["initial_value"] == "label:urgent -author:renovate"
    assert "label:urgent -author:renovate" in shown(page((only_urgent,), (), IDLE, str)["blocks"])
    assert view_problems(view) == []

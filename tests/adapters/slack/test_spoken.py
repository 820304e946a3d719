"""What people wrote is read as they typed it."""

from __future__ import annotations

import pytest

from adapters.slack.spoken import spoken
from tests.adapters.slack.samples import LINK, WEB_URL


@pytest.mark.parametrize(
    ("slack", "plain"),
    [
        ("a &lt; b &amp;&amp; c &gt; d", "a < b && c > d"),
        (f"see <{LINK}>", f"see {LINK}"),
        (f"see <{LINK}|the change>", f"see {LINK}"),
        (f"see <{LINK}?a=1&amp;b=2>", f"see {LINK}?a=1&b=2"),
        (f"see <http://{LINK[8:]}|{LINK[8:]}>", f"see {LINK}"),
        ("see <http://elsewhere.example/a|elsewhere.example/a>", "see http://elsewhere.example/a"),
        ("ask <@U0MONA|mona> or <@U0ADA>", "ask @mona or @U0ADA"),
        ("in <#C0DEV|dev> <!here> <!subteam^S1|@team>", "in dev  @team"),
        ("mail <mailto:a@b.example|a@b.example>", "mail a@b.example"),
        ("call <tel:+4930|+49 30>", "call +49 30"),
        ("\u202ehelp\u200b\u2066", "help"),
        ("&lt;@U0ADA&gt; typed it", "<@U0ADA> typed it"),
    ],
)
def test_the_way_slack_writes_becomes_plain_words(slack: str, plain: str) -> None:
    assert spoken(slack, web_url=WEB_URL) == plain


def test_a_link_without_its_scheme_gets_that_of_the_code_host_also_on_a_port_of_its_own() -> None:
    typed = "<http://git.example:8443/octo/stats/pull/12|git.example:8443/octo/stats/pull/12>"

    assert spoken(typed, web_url="https://git.example:8443/") == "https://git.example:8443/octo/stats/pull/12"

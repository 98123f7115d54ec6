"""The month at a glance on a telephone: nothing is cut, and a long table shows all of it once that is asked for."""

from pathlib import Path

import pytest
from browsers import OPENED, Sign
from cast import dispatched
from playwright.sync_api import Browser
from served import context_of, emptied, served, wait, watched

from jieban.desks.month.count import count
from jieban.indicators.period import Period
from jieban.people.city import city
from jieban.people.roles import Role
from live_database import override_settings

# Once: this is about scripts.
pytestmark = [pytest.mark.slow(3), pytest.mark.once, pytest.mark.usefixtures("database")]
_CUT = """(() => {
  const cut = (each) => each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).overflowX !== "visible";
  const beyond = (each) => each.getBoundingClientRect().width > 1 && each.getBoundingClientRect().right > innerWidth;
  const seen = [...document.querySelectorAll("main *:not(.visually-hidden)")];
  return seen.filter((each) => cut(each) || beyond(each)).map((each) => each.outerHTML);
})()"""


@pytest.mark.usefixtures("each_city")
def test_on_a_telephone_no_table_and_no_map_is_cut(sign_in: Sign, tmp_path: Path, launched: Browser) -> None:
    topics = [code for code, topic in city().order_topics.items() if topic.validity.covers(OPENED.date())]
    streets = list(city().streets.valid_on(OPENED.date()))
    for at, topic in enumerate(topics):
        dispatched(topic=topic, street=streets[at % len(streets)].code)
    with override_settings(JIEBAN_VAR=tmp_path):
        count(Period.month(2025, 4), OPENED)
        with served() as address, emptied(launched) as browser:
            context = context_of(browser, address, sign_in(Role.SUPERVISOR), base_url=address)
            page = context.new_page()
            faults = watched(page)
            page.set_viewport_size({"width": 390, "height": 844})
            page.goto("/desk/month/?period=2025-04")
            wait(page, "document.querySelector('.drawn canvas')")
            assert page.evaluate(_CUT) == []
            rows = page.locator("#topics tbody")
            assert rows.count() == len(topics)
            shown = [each for each in rows.all() if each.is_visible()]
            if len(topics) > 14:
                assert len(shown) == 12
                page.click("#topics button.whole")
                assert page.evaluate("document.activeElement.closest('#topics') !== null"), (
                    "one goes on there"
                )
                shown = [each for each in rows.all() if each.is_visible()]
            assert len(shown) == len(topics)
            assert not page.locator("#topics button.whole").is_visible()
            assert faults == []

"""Old orders keep the names of their time, whatever was renamed or taken out since."""

from datetime import timedelta

import pytest
from administrators import DESK, SOON, save, second
from browsers import Sign
from cast import BOB, MINUTE, MONDAY, dispatched, lead, recorded, row, signed
from django.conf import settings
from django.test import Client, override_settings

from jieban.desks.shell import words
from jieban.orders.actions.desk import refuse_order
from jieban.people.city import city
from jieban.people.city_then import name_then
from jieban.people.roles import Role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city_as_filed")]
LATER = timedelta(days=20)


def _saved(browser: Client, theirs: Client, path: str, **said: object) -> None:
    change = save(browser, f"{DESK}{path}", **said)
    if theirs.get(f"{DESK}city/{change.pk}/").content.decode().count('value="accept"'):
        assert theirs.post(f"{DESK}city/{change.pk}/decide/", {"do": "accept"}).status_code == 302


def test_a_renamed_unit_and_topic_keep_their_names_on_old_orders(sign_in: Sign) -> None:
    number = dispatched()
    unit, topic = city().units[lead()], city().order_topics[row(number).topic]
    browser, theirs = sign_in(Role.ADMINISTRATOR), second(sign_in)
    first = f"{SOON}"
    _saved(
        browser,
        theirs,
        f"units/{unit.code}/rename/",
        code="renamed-unit",
        name="改了名的局",
        short_name="改名局",
        first=first,
    )
    _saved(
        browser,
        theirs,
        f"topics/{city().order_scheme}/{topic.code}/rename/",
        code="renamed-topic",
        name="改了名的主题",
        first=first,
    )
    with override_settings(JIEBAN_CLOCK_SHIFT=settings.JIEBAN_CLOCK_SHIFT + LATER):
        reviewer = sign_in(Role.REVIEWER)
        page = reviewer.get(f"/desk/orders/{number}/").content.decode()
        shown = reviewer.get("/desk/search/").content.decode().split('id="found"')[1]
        assert city().units.as_named_on(unit.code, (MONDAY + LATER).date()).short_name == "改名局"
        for told in (page, shown):
            assert unit.short_name in told
            assert topic.name in told
            assert "改名局" not in told
            assert "改了名的主题" not in told
        # One that was sent to it under its new name is shown under that.
        new = dispatched(now=MONDAY + LATER, to="renamed-unit", topic="renamed-topic")
        page = reviewer.get(f"/desk/orders/{new}/").content.decode()
        assert "改名局" in page
        assert "改了名的主题" in page


def test_an_order_from_before_that_is_sent_after_a_renaming_names_the_unit_as_it_was_sent_to(
    sign_in: Sign,
) -> None:
    number = recorded()
    _saved(
        sign_in(Role.ADMINISTRATOR),
        second(sign_in),
        f"units/{lead()}/rename/",
        code="renamed-unit",
        name="改了名的局",
        short_name="改名局",
        first=f"{SOON}",
    )
    with override_settings(JIEBAN_CLOCK_SHIFT=settings.JIEBAN_CLOCK_SHIFT + LATER):
        browser = sign_in(Role.DISPATCHER)
        answer = browser.post(f"/desk/orders/{number}/do/dispatch/", {"lead": "renamed-unit"})
        assert answer.status_code == 302
        assert "改名局" in browser.get(f"/desk/orders/{number}/").content.decode()


def test_grounds_and_kinds_that_were_taken_out_keep_their_names(sign_in: Sign) -> None:
    ground = city().workflow.refusal_grounds[-1]
    number = recorded()
    refuse_order(
        order=number, ground=ground.code, explanation="不属于受理范围。", actor=BOB, now=MONDAY + MINUTE
    )
    signed()
    _saved(
        sign_in(Role.ADMINISTRATOR),
        second(sign_in),
        f"templates/refusals/items/{ground.code}/",
        gone=["on"],
    )
    browser = sign_in(Role.REVIEWER)
    page = browser.get(f"/desk/orders/{number}/").content.decode()
    assert ground.code not in {each.code for each in city().workflow.refusal_grounds}
    assert ground.name in page
    assert words.refusal_ground(ground.code, MONDAY) == ground.name
    assert name_then("never-there", lambda then: then.workflow.refusal_grounds, MONDAY) == "never-there"

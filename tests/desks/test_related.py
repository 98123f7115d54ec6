"""An order names the orders that it hangs together with, for the centre; units see no number of others'."""

import pytest
from browsers import Sign
from cast import BOB, MINUTE, MONDAY, dispatched, lead, recorded, signed
from django.test import Client

from jieban.orders.actions.links import link_repeat
from jieban.orders.actions.merge import merge_order
from jieban.orders.states import RepeatBy
from jieban.people.roles import Role

pytestmark = pytest.mark.django_db
LATER = MONDAY + 10 * MINUTE


def _page(browser: Client, number: str) -> str:
    page = browser.get(f"/desk/orders/{number}/").content.decode()
    found = page.split("<h2>相关工单</h2>")
    return found[1].split("</section>")[0] if len(found) > 1 else ""


def test_repeats_and_merges_lead_to_each_other(sign_in: Sign) -> None:
    earlier, number, other = recorded(now=MONDAY - MINUTE), signed(), recorded()
    link_repeat(order=number, of=earlier, by=RepeatBy.MATTER, actor=BOB, now=LATER)
    merge_order(order=other, into=number, reason="同一件事", actor=BOB, now=LATER)
    browser = sign_in(Role.REVIEWER)
    card = _page(browser, number)
    assert f'href="/desk/orders/{earlier}/"' in card
    assert "先前反映" in card
    assert "同一地点同类事项" in card
    assert "并来的" in card
    assert "再次反映" in _page(browser, earlier)
    assert "已并入" in _page(browser, other)
    unit = sign_in(Role.LIAISON, lead())
    assert _page(unit, number) == ""
    assert earlier not in unit.get(f"/desk/orders/{number}/").content.decode()


def test_an_order_by_itself_has_no_such_card(sign_in: Sign) -> None:
    assert _page(sign_in(Role.REVIEWER), dispatched()) == ""

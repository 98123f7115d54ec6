"""Numbers that addresses and forms bring: what pages can't have written is plainly refused, or passed over."""

import pytest
from browsers import Sign
from cast import dispatched, lead, recorded
from django.test import Client

from jieban.desks.shell.given import number_in
from jieban.orders.models import Event
from jieban.people.roles import Role

pytestmark = pytest.mark.django_db

THOUSANDS = "9" * 5000
"""More digits than Python makes a number of (sys.get_int_max_str_digits)."""
PAGES = (
    *("dispatch/?page={}", "knowledge/?page={}", "orders/{order}/do/urge/?handling={}"),
    *("live/?open={order}&seen={}", "dispatch/bulk/?queue=new&act=dispatch&pick={order}:{}"),
)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(("0", 0), ("007", 7), ("9" * 15, 10**15 - 1), ("9" * 16, None), (THOUSANDS, None), ("", None)),
        *(("-1", None), ("1.5", None), ("1e9", None), ("²", None), ("１", None), (" 1", None), ("1_0", None)),
    ],
)
def test_a_number_is_plain_digits_and_no_more_than_a_page_writes(text: str, number: int | None) -> None:
    assert number_in(text) == number


def test_thousands_of_digits_in_an_address_are_no_page_of_ours(sign_in: Sign) -> None:
    browser, order = sign_in(Role.DISPATCHER), recorded()
    for page in PAGES:
        assert browser.get(f"/desk/{page.format(THOUSANDS, order=order)}").status_code in {200, 404}, page
    assert Client().get(f"/answers/?page={THOUSANDS}").status_code == 404
    calendar = f"/desk/administration/calendar/?year={THOUSANDS}"
    assert sign_in(Role.ADMINISTRATOR).get(calendar).status_code == 404


def test_thousands_of_digits_in_a_form_are_as_if_they_were_not_there(sign_in: Sign) -> None:
    browser, order = sign_in(Role.DISPATCHER), dispatched()
    assert browser.post(f"/desk/orders/{order}/do/urge/", {"seen": THOUSANDS}).status_code == 302
    assert Event.objects.filter(act="urge").count() == 1
    assert browser.post(f"/desk/orders/{order}/do/urge/", {"handling": THOUSANDS}).status_code == 404
    forms = {"split": {"seen": THOUSANDS, "parts": THOUSANDS}, "merge": {"seen": THOUSANDS, "step": "do"}}
    for page, given in forms.items():
        answer = browser.post(f"/desk/dispatch/{recorded()}/{page}/", {**given, "into": order, "reason": "x"})
        assert answer.status_code in {200, 409, 422}, page


def test_thousands_of_digits_lead_back_to_the_first_page_of_a_queue(sign_in: Sign) -> None:
    browser, order = sign_in(Role.DISPATCHER), recorded()
    back = f"/desk/dispatch/{order}/?queue=new&page={THOUSANDS}"
    answer = browser.post(f"/desk/orders/{order}/do/dispatch/", {"lead": lead(), "back": back})
    assert answer.status_code == 302

"""What the centre wants of a unit stands on top of an order until the unit answers: why it came back, what presses."""

import re

import pytest
from browsers import Sign
from cast import BOB, MINUTE, MONDAY, RUTH, SUE, handler, lead, replied, reply, signed, units
from django.test import Client

from jieban.orders.actions.closing import reopen_order
from jieban.orders.actions.reply import reply_to_order
from jieban.orders.actions.review import pass_review, reject_review
from jieban.orders.actions.supervise import supervise_order, urge_order
from jieban.people.city import city
from jieban.people.roles import Role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("each_city")]
LATER = MONDAY + 10 * MINUTE
WHY = "只写了已处理，没有写明何时、由谁。"


def _demands(browser: Client, number: str) -> list[str]:
    page = browser.get(f"/desk/orders/{number}/").content.decode()
    found = re.findall(r'class="card asked demand">(.*?)</section>', page, re.DOTALL)
    return [re.sub(r"<[^>]+>", " ", each) for each in found]


def test_why_a_reply_came_back_stands_on_top_until_the_unit_replies_again(sign_in: Sign) -> None:
    number, unit = replied(), lead()
    browser = sign_in(Role.HANDLER, unit)
    assert _demands(browser, number) == []
    reject_review(order=number, handling=1, reason=WHY, actor=RUTH, now=LATER)
    [told] = _demands(browser, number)
    assert "审核退回" in told
    assert WHY in told
    reply_to_order(order=number, handling=1, reply=reply(), actor=handler(unit), now=LATER + MINUTE)
    assert _demands(browser, number) == []


def test_who_acts_for_the_centre_is_not_told_as_somebody_of_the_unit(sign_in: Sign) -> None:
    number, unit = replied(), lead()
    reject_review(order=number, handling=1, reason=WHY, actor=RUTH, now=LATER)
    browser = sign_in(Role.HANDLER, unit)
    page = browser.get(f"/desk/orders/{number}/").content.decode()
    short = city().units[unit].short_name
    told = dict(
        re.findall(r'<div><strong>(审核退回|答复)</strong> <span class="quiet">(.*?)</span>', page, re.DOTALL)
    )
    assert told["审核退回"].endswith(f"（对{short}）"), told
    assert told["答复"].endswith(f" · {short}"), told
    [demand] = _demands(browser, number)
    assert f"对{short} · " in demand


def test_it_is_told_of_whom_it_is_wanted_and_to_nobody_else(sign_in: Sign) -> None:
    first, second = units(2)
    number = signed(to=first, assisting=[second])
    reply_to_order(order=number, handling=2, reply=reply(), actor=handler(second), now=MONDAY + 3 * MINUTE)
    reject_review(order=number, handling=2, reason=WHY, actor=RUTH, now=LATER)
    assert len(_demands(sign_in(Role.HANDLER, second), number)) == 1
    [told] = _demands(sign_in(Role.DISPATCHER), number)
    names = [city().units[each].short_name for each in (first, second)]
    assert [each in told for each in names] == [False, True]
    assert _demands(sign_in(Role.HANDLER, first), number) == []


def test_the_latest_of_what_presses_is_shown_with_its_words(sign_in: Sign) -> None:
    number = signed()
    urge_order(order=number, actor=BOB, now=LATER)
    urge_order(order=number, actor=BOB, now=LATER + MINUTE, remark="诉求人又来电。")
    urge_order(order=number, actor=BOB, now=LATER + 2 * MINUTE, remark="诉求人第三次来电。")
    supervise_order(order=number, reason="今天下班前说明原因。", actor=SUE, now=LATER + 3 * MINUTE)
    supervised, urged = _demands(sign_in(Role.SUPERVISOR), number)
    assert "今天下班前说明原因。" in supervised
    # What is said in an urge is the centre's own.
    assert _demands(sign_in(Role.LIAISON, lead()), number) == [supervised]
    assert "诉求人第三次来电。" in urged


def test_an_order_that_is_handled_again_says_why(sign_in: Sign) -> None:
    number, unit = replied(), lead()
    browser = sign_in(Role.LIAISON, unit)
    reject_review(order=number, handling=1, reason=WHY, actor=RUTH, now=MONDAY + 4 * MINUTE)
    reply_to_order(order=number, handling=1, reply=reply(), actor=handler(unit), now=MONDAY + 5 * MINUTE)
    pass_review(order=number, handling=1, actor=RUTH, now=MONDAY + 6 * MINUTE)
    assert _demands(browser, number) == []
    reopen_order(order=number, reason="回访时又坏了。", actor=BOB, now=LATER)
    [told] = _demands(browser, number)
    assert "重新办理" in told
    assert "回访时又坏了。" in told

"""Published answers: what anybody may read, and what nobody may."""

import re
from datetime import timedelta

import pytest
from cast import MINUTE, MONDAY, RUTH, handled, handler, handlings, recorded, reply, signed
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jieban.desks.shell import words
from jieban.orders.actions.closing import publish_answer
from jieban.orders.actions.reply import reply_to_order
from jieban.orders.actions.review import pass_review
from jieban.orders.models import Handling, Order
from jieban.orders.nameless import without_person
from jieban.orders.secrets import Contact, Matter

pytestmark = pytest.mark.django_db
LATER = MONDAY + 10 * MINUTE


def _published(**changes: object) -> str:
    number = handled(**changes)
    publish_answer(order=number, published=True, actor=RUTH, now=LATER)
    return number


def _page(query: str = "") -> str:
    answer = Client().get(f"/answers/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.usefixtures("each_city")
def test_what_is_published_is_read_by_anybody_and_names_nobody() -> None:
    matter = Matter(
        content="我叫买买提·艾力,住石榴园小区三单元,路灯不亮。",
        summary="石榴园小区三单元的买买提·艾力(13900000001)反映路灯不亮,身份证 652301199001011234",
        address="石榴园小区三单元",
    )
    number = _published(matter=matter)
    page = _page()
    assert "更换灯具" in page
    assert "反映路灯不亮" in page
    for personal in ("买买提", "13900000001", "石榴园", "652301", "我叫", number):
        assert personal not in page, personal


@pytest.mark.usefixtures("each_city")
@pytest.mark.parametrize(("days", "took"), [(4, "4 天后"), (0, "当天")])
def test_an_answer_tells_at_a_glance_when_it_was_asked_and_by_whom_it_was_given(days: int, took: str) -> None:
    asked = MONDAY - timedelta(days=days)
    number = signed(now=asked)
    for each in handlings(number):
        of = {"order": number, "handling": each.serial}
        reply_to_order(reply=reply(), actor=handler(each.unit), now=MONDAY + 3 * MINUTE, **of)
        pass_review(actor=RUTH, now=MONDAY + 4 * MINUTE, **of)
    publish_answer(order=number, published=True, actor=RUTH, now=LATER)
    page = _page()
    facts = dict(re.findall(r"<dt>(.*?)</dt><dd[^>]*>(.*?)</dd>", page, re.DOTALL))
    order = Order.objects.get()
    assert facts["提出"] == f"{words.local(asked).date()}"
    assert re.findall(r">([^<]+)<", facts["答复"]) == [f"{words.local(MONDAY).date()}", took]
    units = Handling.objects.filter(order=order).values_list("unit", flat=True)
    assert facts["单位"] == "、".join(words.unit(each, MONDAY, short=False) for each in units)
    assert words.request_type(order.request_type) in facts["类别"]
    # Nobody finds a neighbour by where it was.
    assert order.street is None or words.street(order.street) not in page


@pytest.mark.usefixtures("each_city")
def test_what_is_not_published_is_not_there() -> None:
    handled()
    recorded()
    page = _page()
    assert "更换灯具" not in page
    assert "还没有公开的答复" in page


def test_what_is_taken_back_is_gone() -> None:
    number = _published()
    publish_answer(order=number, published=False, actor=RUTH, now=LATER)
    assert "更换灯具" not in _page()


@pytest.mark.usefixtures("each_city")
def test_the_latest_answered_stands_first_whenever_it_was_asked() -> None:
    said = ["先答的", "最近答的", "早先答的"]
    for summary, days in zip(said, (2, 1, 3), strict=True):
        _published(matter=Matter(content=summary, summary=summary), now=MONDAY - timedelta(days=days))
    page = _page()
    assert sorted(said, key=page.index) == ["最近答的", "先答的", "早先答的"]


def test_pages_of_answers_cost_the_same_however_many() -> None:
    counts = []
    for more in (2, 9):
        for _ in range(more):
            _published()
        with CaptureQueriesContext(connection) as queries:
            _page()
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 4
    assert "下一页" in _page()
    assert "上一页" in _page("?page=2")
    for nonsense in ("?page=3", "?page=0", "?page=x", "?page=-1", "?page=99999999999"):
        assert Client().get(f"/answers/{nonsense}").status_code == 404


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("致电 139 0000 0001 告知", "致电 *** 告知"),
        ("0994-2345678 转 3", "*** 转 3"),
        ("2025-04-28 已修复", "2025-04-28 已修复"),
        ("王先生、李女士", "某先生、某女士"),
        ("编号 65230119900101123X。", "编号 ***。"),
        ("买买提·艾力已知悉", "***已知悉"),
    ],
)
def test_names_and_numbers_are_taken_out(text: str, without: str) -> None:
    assert without_person(text, Contact(name="买买提·艾力", phone="13900000001"), Matter()) == without

"""What stands beside a call: the caller's orders and no one else's, similar ones, deadlines as orders compute them."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from browsers import OPENED, Sign
from cast import ALICE, BOB, MONDAY, dispatched, lead, recorded, request, row, signed, units
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from test_intake import DESK, call, said, topic

from jieban.desks.intake import choices
from jieban.desks.intake.choices import Choice
from jieban.desks.intake.mentions import mentioned
from jieban.desks.shell import words
from jieban.orders.actions.dispatch import Assignment, dispatch_order
from jieban.orders.actions.record import record_order
from jieban.orders.models import Clock, Order
from jieban.orders.secrets import Matter
from jieban.people.city import city
from jieban.people.roles import Role
from jieban.profile.model import Urgency
from jieban.profile.register import fold
from live_database import override_settings

pytestmark = pytest.mark.django_db
YESTERDAY = OPENED - timedelta(days=1)


def caller(browser: Client, phone: str, **more: str) -> str:
    return said(browser.post(f"{DESK}caller/", {"phone": phone} | more))


@pytest.mark.usefixtures("each_city")
@pytest.mark.parametrize(
    "phone", ["13900000001", "139 0000 0001", "+86 139-0000-0001", "１３９０００００００１"]
)
def test_a_number_shows_whose_it_is_however_it_is_written(phone: str, sign_in: Sign) -> None:
    mine, browser = signed(now=MONDAY), sign_in(Role.OPERATOR)
    page = caller(browser, phone)
    assert mine in page
    assert "买*" in page
    assert "买买提" not in page
    assert "13900000001" not in page
    assert f'href="/desk/orders/{mine}/"' in page


def test_nobody_else_s_orders_are_the_caller_s(sign_in: Sign) -> None:
    hidden, browser = recorded(anonymous=True), sign_in(Role.OPERATOR)
    assert hidden not in caller(browser, "13900000001")
    other = recorded()
    assert other not in caller(browser, "13900000002")
    assert "第一次来电" in caller(browser, "13900000002")


def test_half_a_number_is_nobody_s(sign_in: Sign) -> None:
    browser = sign_in(Role.OPERATOR)
    assert "第一次来电" not in caller(browser, "139000")


@pytest.mark.parametrize(
    ("phone", "said"),
    [
        ("1390000000", "现在有 10 位"),
        ("139 0000 0001 2", "现在有 12 位"),
        ("分机 12", "7 至 15 位"),
        *[(right, None) for right in ("+86 139-0000-0001", "0994-2345678", "2345678", "")],
    ],
)
def test_a_number_that_lacks_a_digit_is_noticed_while_it_can_be_asked(
    phone: str, said: str | None, sign_in: Sign
) -> None:
    panel = caller(sign_in(Role.OPERATOR), phone)
    assert ("请核对" in panel) is (said is not None)
    assert said is None or said in panel


def test_who_wants_not_to_be_known_is_offered_no_link_by_the_person(sign_in: Sign) -> None:
    recorded(now=YESTERDAY)
    browser = sign_in(Role.OPERATOR)
    assert "link:person" in caller(browser, "13900000001")
    assert "link:person" not in caller(browser, "13900000001", anonymous="on")
    assert "link:person" not in caller(browser, "13900000001", confidential="on")


def test_open_orders_stand_before_those_that_are_over(sign_in: Sign) -> None:
    browser = sign_in(Role.OPERATOR)
    browser.post(DESK, call(browser, course="answer", answer="已答复。"))
    over = Order.objects.get().number
    going = recorded(now=MONDAY)
    page = caller(browser, "13900000001")
    assert page.index("未结案 1 件") < page.index(going) < page.index("以往") < page.index(over)


def test_of_who_calls_often_the_latest_are_seen_and_the_others_unfolded(sign_in: Sign) -> None:
    browser = sign_in(Role.OPERATOR)
    for at in range(5):
        browser.post(DESK, call(browser, course="answer", answer=f"已答复第{at}次。"))
    numbers = list(Order.objects.order_by("-received_at", "-pk").values_list("number", flat=True))
    seen, folded = caller(browser, "13900000001").split("<details>")
    assert [each in seen for each in numbers] == [True] * 3 + [False] * 2
    assert "更早的 2 件" in folded
    assert all(each in folded for each in numbers[3:])


def test_a_caller_costs_the_same_however_often_they_called(sign_in: Sign) -> None:
    browser = sign_in(Role.OPERATOR)
    recorded()
    caller(browser, "13900000001")
    counts = []
    for more in (2, 15):
        for _ in range(more):
            recorded()
        with CaptureQueriesContext(connection) as queries:
            caller(browser, "13900000001")
        counts.append(len(queries))
    assert counts[0] == counts[1]
    # session, account, posts; the caller's orders twice (all, and those to link); names; due; orders, secrets,
    # handlings; the session's own bookkeeping
    assert counts[0] <= 16


def test_what_is_typed_never_comes_in_an_address(sign_in: Sign) -> None:
    browser = sign_in(Role.OPERATOR)
    for panel in ("caller", "similar", "preview"):
        assert browser.get(f"{DESK}{panel}/?phone=13900000001").status_code == 405
    assert browser.post(f"{DESK}nonsense/").status_code == 404


@pytest.mark.usefixtures("each_city")
def test_orders_that_read_alike_are_offered_and_linked_where_the_city_counts_that(sign_in: Sign) -> None:
    alike, browser = recorded(now=YESTERDAY), sign_in(Role.OPERATOR)
    page = said(browser.post(f"{DESK}similar/", {"content": "我们小区门口的路灯不亮了"}))
    assert alike in page
    assert (f"link:matter:{alike}" in page) is city().workflow.repeats.same_matter
    assert "文字相近" in page
    assert alike not in said(browser.post(f"{DESK}similar/", {"content": "公交车司机不等人就开走"}))
    assert "路灯" not in said(browser.post(f"{DESK}similar/", {"content": ""}))


@override_settings(JIEBAN_PROFILE="changji")
@pytest.mark.parametrize(
    ("told", "offered"),
    [
        ("我住柳树巷社区,楼道灯坏了", ["yanan-north-road/柳树巷社区居民委员会"]),
        ("延北街道办柳树巷社区的楼道灯坏了", ["yanan-north-road/柳树巷社区居民委员会"]),
        ("大西渠镇幸福村没水了", ["daxiqu/幸福村村委会"]),
        ("幸福村没水了", ["erliugong/幸福村村委会", "daxiqu/幸福村村委会"]),
        ("大西渠镇没水了", ["daxiqu"]),
    ],
)
def test_places_are_offered_by_the_names_that_people_call_them(
    told: str, offered: list[str], sign_in: Sign
) -> None:
    page = said(sign_in(Role.OPERATOR).post(f"{DESK}preview/", {"content": told}))
    assert re.findall('data-pick="place" data-value="([^"]*)"', page) == offered


@pytest.mark.usefixtures("each_city")
def test_the_topic_of_what_reads_alike_is_offered_until_one_is_chosen(sign_in: Sign) -> None:
    first, _, sub = topic().partition("/")
    for at in range(3):
        recorded(now=YESTERDAY, topic=first, subtopic=sub, matter=Matter(content=f"{at}号楼的路灯不亮"))
    browser = sign_in(Role.OPERATOR)
    told = {"content": "我们小区门口的路灯不亮了"}
    page = said(browser.post(f"{DESK}similar/", told))
    assert f'data-pick="topic" data-value="{topic()}"' in page
    assert "相似的 3 件中 3 件" in page
    assert "data-pick" not in said(browser.post(f"{DESK}similar/", told | {"topic": topic()}))


@override_settings(JIEBAN_PROFILE="changji")
def test_orders_of_the_same_street_and_topic_are_similar(sign_in: Sign) -> None:
    street, (first, _, sub) = next(iter(city().streets)), topic().partition("/")
    same = recorded(now=YESTERDAY, street=street, topic=first, subtopic=sub)
    browser = sign_in(Role.OPERATOR)
    page = said(browser.post(f"{DESK}similar/", {"topic": topic(), "place": street}))
    assert same in page
    assert "同类同地" in page


@pytest.mark.usefixtures("each_city")
def test_deadlines_are_those_that_the_order_gets(sign_in: Sign) -> None:
    # Not on a full or half hour, at which a span can end before or after a pause by a second.
    at = OPENED - timedelta(minutes=23)
    with override_settings(JIEBAN_CLOCK_SHIFT=at - datetime.now(UTC)):
        browser = sign_in(Role.OPERATOR)
        asked = call(browser)
        for kind in city().request_types:
            for urgency in Urgency:
                asked |= {"request_type": kind, "urgency": urgency.value}
                page = said(browser.post(f"{DESK}preview/", asked))
                shown = re.findall(r'<strong class="number">([^<]+)</strong>', page)
                assert shown == owed(kind, urgency, at), (kind, urgency)


def owed(kind: str, urgency: Urgency, at: datetime) -> list[str]:
    """What an order of a type and urgency owes that is recorded and dispatched at an instant."""
    asked = request(request_type=kind, urgency=urgency)
    number = record_order(request=asked, actor=ALICE, now=at).order
    dispatch_order(order=number, to=Assignment(lead=lead()), actor=BOB, now=at)
    clocks = {(each.level, each.stage): each.due_at for each in Clock.objects.filter(order=row(number))}
    levels = ("handling", "order")
    return [words.moment(clocks[level, stage]) for level in levels for stage in ("sign", "close")]


def test_who_usually_leads_such_orders_is_said_with_how_many(sign_in: Sign) -> None:
    first, second = units(2)
    code, _, sub = topic().partition("/")
    for unit in (first, first, second):
        dispatched(to=unit, topic=code, subtopic=sub)
    dispatched(to=second)
    browser = sign_in(Role.OPERATOR)
    name, of = city().units[first].short_name, city().subtopics(city().order_scheme, code)[sub].name
    for asked in ({"topic": topic()}, {"content": f"说的是{of}"}):
        page = said(browser.post(f"{DESK}preview/", asked))
        assert re.search(rf"近期 3 件“{of}”.*<strong>{name}</strong> <span[^>]*>2 件<", page), asked


def test_topics_and_places_that_the_words_name_are_suggested(sign_in: Sign) -> None:
    sub = choices.parted(topic())
    name = city().subtopics(city().order_scheme, sub[0])[sub[1] or ""].name
    street = next(iter(city().streets.values()))
    page = said(sign_in(Role.OPERATOR).post(f"{DESK}preview/", {"content": f"{street.name}的{name}有问题"}))
    assert f'data-pick="topic" data-value="{topic()}"' in page
    assert f'data-pick="place" data-value="{street.code}"' in page


def _choice(name: str, *more: str) -> Choice:
    return Choice(value=name, name=name, spellings=(name, *more))


def test_a_name_inside_a_longer_one_is_not_meant() -> None:
    towns = [_choice("六工镇"), _choice("二六工镇"), _choice("佃坝镇", "佃坝")]
    assert [each.choice.name for each in mentioned("二六工镇的路", towns, most=3)] == ["二六工镇"]
    both = mentioned("二六工镇和六 工镇、佃坝", towns, most=3)
    assert [(each.choice.name, each.word) for each in both] == [
        ("二六工镇", "二六工镇"),
        ("六工镇", "六工镇"),
        ("佃坝镇", "佃坝"),
    ]
    assert mentioned("什么也没说", towns, most=3) == ()


_LETTERS = st.text(alphabet="供水电暖 A", max_size=12)


@given(text=_LETTERS, names=st.lists(st.text(alphabet="供水电暖A", min_size=1, max_size=4), unique=True))
def test_what_is_suggested_stands_in_the_text_and_the_longest_always_is(text: str, names: list[str]) -> None:
    found = mentioned(text, [_choice(name) for name in names], most=100)
    there = [name for name in names if len(name) > 1 and fold(name) in fold(text)]
    assert {each.word for each in found} <= set(there)
    longest = max((len(name) for name in there), default=0)
    assert {each.word for each in found} >= {name for name in there if len(name) == longest}

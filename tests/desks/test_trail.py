"""The trail says what acts changed: old and new by their names, to whom they may be shown."""

import re
from datetime import timedelta

import pytest
from browsers import Sign
from cast import (
    BOB,
    CARL,
    MINUTE,
    MONDAY,
    RUTH,
    dispatched,
    handled,
    lead,
    liaison,
    recorded,
    row,
    signed,
    units,
)
from django.test import Client

from jieban.desks.shell import words
from jieban.ledger.schema import Satisfaction
from jieban.orders.actions.callback import Outcome, correct_callback, record_callback
from jieban.orders.actions.correct import Correction, correct_order
from jieban.orders.actions.desk import Classification, classify_order
from jieban.orders.actions.dispatch import Assignment, add_unit, dispatch_order
from jieban.orders.actions.extensions import ask_extension, decide_extension
from jieban.orders.actions.links import link_repeat
from jieban.orders.secrets import Contact
from jieban.orders.states import RepeatBy
from jieban.people.city import city
from jieban.people.roles import Role
from jieban.profile.model import Urgency

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("each_city")]
LATER = MONDAY + 10 * MINUTE


def _trail(browser: Client, number: str) -> str:
    """The trail as somebody reads it, without its marks."""
    page = browser.get(f"/desk/orders/{number}/").content.decode()
    return re.sub(r"<[^>]+>", "", page.split("<h2>留痕</h2>")[1].split("</article>", maxsplit=1)[0]).replace(
        "：", ":"
    )


def _other_type() -> str:
    return next(
        code for code, each in city().request_types.items() if not each.confidential and code != row_type()
    )


def row_type() -> str:
    return row(recorded(now=MONDAY - timedelta(days=9))).request_type


def test_a_classification_tells_each_code_by_its_name_before_and_after(sign_in: Sign) -> None:
    number, profile = recorded(), city()
    first = row(number)
    topic = [each for each in profile.order_topics.values() if each.subtopics][-1]
    street = next(iter(profile.streets.values()))
    kind = _other_type()
    wanted = Classification(
        request_type=kind,
        topic=topic.code,
        subtopic=topic.subtopics[0].code,
        urgency=Urgency.URGENT,
        street=street.code,
        summary="新的摘要",
    )
    classify_order(order=number, classification=wanted, actor=BOB, now=LATER)
    trail = _trail(sign_in(Role.SUPERVISOR), number)
    types = profile.request_types
    was = profile.order_topics[first.topic].name
    assert f"诉求类型:{types[first.request_type].name} → {types[kind].name}" in trail
    assert f"分类:{was} → {topic.name} · {topic.subtopics[0].name}" in trail
    assert f"紧急程度:{words.label('urgency', 'normal')} → {words.label('urgency', 'urgent')}" in trail
    assert f"地点:没有写明 → {street.short_name}" in trail
    assert "摘要:已更正" in trail
    assert "新的摘要" not in trail
    assert re.search(r"工单办结时限:\d\d-\d\d \d\d:\d\d → \d\d-\d\d \d\d:\d\d", trail), (
        "it follows from the urgency"
    )


@pytest.mark.parametrize(("seconds", "told"), [(20, False), (120, True)])
def test_a_deadline_that_moved_by_seconds_is_not_told(sign_in: Sign, seconds: int, told: bool) -> None:
    number = recorded(urgency=Urgency.URGENT)
    dispatch_order(
        order=number, to=Assignment(lead=lead()), actor=BOB, now=MONDAY + timedelta(seconds=seconds)
    )
    assert ("工单签收时限" in _trail(sign_in(Role.SUPERVISOR), number)) is told


def test_a_subtopic_stands_under_the_topic_of_its_time(sign_in: Sign) -> None:
    one, other = [each for each in city().order_topics.values() if len(each.subtopics) > 1][:2]
    number = recorded(topic=one.code, subtopic=one.subtopics[0].code)
    for at, (topic, subtopic) in enumerate(
        [(one.code, one.subtopics[1].code), (other.code, other.subtopics[0].code)]
    ):
        wanted = Classification(topic=topic, subtopic=subtopic)
        classify_order(order=number, classification=wanted, actor=BOB, now=LATER + at * MINUTE)
    trail = _trail(sign_in(Role.SUPERVISOR), number)
    names = [f"{one.name} · {one.subtopics[n].name}" for n in (0, 1)] + [
        f"{other.name} · {other.subtopics[0].name}"
    ]
    assert f"分类:{names[0]} → {names[1]}" in trail
    assert f"分类:{names[1]} → {names[2]}" in trail


def test_of_a_person_the_trail_tells_only_that_something_was_mended(sign_in: Sign) -> None:
    number = signed()
    correction = Correction(
        contact=Contact(name="古丽", phone="13900000002"), address="五号楼旁", confidential=True
    )
    correct_order(order=number, correction=correction, reason="登记有误", actor=RUTH, now=LATER)
    for browser in (sign_in(Role.REVIEWER), sign_in(Role.LIAISON, lead())):
        trail = _trail(browser, number)
        assert "姓名和电话:已更正" in trail
        assert "具体位置:已更正" in trail
        assert "保密:否 → 是" in trail
        for told in ("古丽", "13900000002", "五号楼旁", "买买提", "一号楼旁"):
            assert told not in trail


def test_a_recording_has_changed_nothing(sign_in: Sign) -> None:
    trail = _trail(sign_in(Role.SUPERVISOR), recorded())
    assert "→" not in trail
    assert "已更正" not in trail


def test_units_are_told_of_their_own_handlings_alone(sign_in: Sign) -> None:
    first, second = units(2)
    number = dispatched(to=first)
    add_unit(order=number, unit=second, actor=BOB, now=LATER)
    names = [words.unit(each, MONDAY) for each in (first, second)]
    centre = _trail(sign_in(Role.DISPATCHER), number)
    assert f"主办:{names[0]}" in centre
    assert f"协办:{names[1]}" in centre
    own = _trail(sign_in(Role.LIAISON, second), number)
    assert names[0] not in own
    assert f"协办:{names[1]}" in own


def test_the_numbers_of_other_orders_are_the_centres(sign_in: Sign) -> None:
    earlier, number = recorded(now=MONDAY - MINUTE), signed()
    link_repeat(order=number, of=earlier, by=RepeatBy.MATTER, actor=BOB, now=LATER)
    assert f"工单:{earlier}" in _trail(sign_in(Role.DISPATCHER), number)
    assert earlier not in _trail(sign_in(Role.LIAISON, lead()), number)


def test_an_extension_tells_the_days_and_the_deadlines(sign_in: Sign) -> None:
    number, unit = signed(), words.unit(lead(), MONDAY)
    ask_extension(order=number, handling=1, days=2, reason="等灯具到货", actor=liaison(lead()), now=LATER)
    decide_extension(
        order=number, handling=1, granted=True, days=1, reason="同意", actor=BOB, now=LATER + MINUTE
    )
    trail = _trail(sign_in(Role.LIAISON, lead()), number)
    assert "申请延长:2 个工作日" in trail
    assert "决定:已同意" in trail
    assert "批准延长:1 个工作日" in trail
    assert re.search(unit + r"办结时限:\d\d-\d\d \d\d:\d\d → \d\d-\d\d \d\d:\d\d", trail)


def test_a_mended_callback_tells_what_it_said_before(sign_in: Sign) -> None:
    number = handled()
    told = Outcome(reached=True, contacted=True, resolved=True, satisfaction=Satisfaction.SATISFIED)
    record_callback(order=number, outcome=told, actor=CARL, now=LATER)
    mended = Outcome(reached=True, contacted=True, resolved=False, satisfaction=Satisfaction.DISSATISFIED)
    correct_callback(
        order=number, callback=1, outcome=mended, reason="听错了", actor=RUTH, now=LATER + MINUTE
    )
    trail = _trail(sign_in(Role.REVIEWER), number)
    before, after = (words.label("satisfaction", each) for each in ("satisfied", "dissatisfied"))
    assert f"满意度:{before} → {after}" in trail
    assert "已解决:是 → 否" in trail
    assert "承办单位联系过:" not in trail, "that stays what it was"

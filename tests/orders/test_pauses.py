"""Pauses: the clocks stand still while the citizen's answer is awaited, and go on from where they stood."""

from datetime import datetime, timedelta

import pytest
from by_hand import CLOSE_DAYS, due
from cast import (
    BOB,
    MINUTE,
    MONDAY,
    NUR,
    STRANGER,
    at,
    clock,
    handler,
    handlings,
    last_event,
    lead,
    liaison,
    refused,
    request,
    row,
    signed,
    units,
    words,
)

from jieban.orders.actions.dispatch import Assignment, dispatch_order, recall_order, remove_unit
from jieban.orders.actions.merge import merge_order, unmerge_order
from jieban.orders.actions.pauses import pause_handling, resume_handling
from jieban.orders.actions.progress import report_progress
from jieban.orders.actions.record import record_order
from jieban.orders.actions.returns import ask_return, decide_return
from jieban.orders.actions.sign import sign_handling
from jieban.orders.clocks import read_changes
from jieban.orders.errors import Missing, NoSuchOrder, WrongState
from jieban.orders.secrets import Contact
from jieban.profile.model import Urgency

pytestmark = pytest.mark.django_db


def pause(order: str, now: datetime, handling: int = 1) -> None:
    unit = handlings(order)[handling - 1].unit
    pause_handling(order=order, handling=handling, reason="等照片", actor=handler(unit), now=now)


def resume(order: str, now: datetime, handling: int = 1) -> None:
    unit = handlings(order)[handling - 1].unit
    resume_handling(order=order, handling=handling, actor=handler(unit), now=now)


@pytest.mark.parametrize(
    ("begun", "until"), [("2025-04-29 10:30", "2025-05-07 11:00"), ("2025-09-29 10:30", "2025-10-10 11:00")]
)
def test_the_days_that_were_left_are_given_back_after_the_holiday(
    each_city: str, begun: str, until: str
) -> None:
    begin, end = at(begun), at(until)
    order = signed(now=begin)
    pause(order, begin + timedelta(days=1))
    assert handlings(order)[0].state == "paused"
    assert clock(order, "close", 1).paused_at == clock(order).paused_at == begin + timedelta(days=1)
    assert clock(order, "sign").paused_at is None
    resume(order, end)
    days = CLOSE_DAYS[each_city]
    assert clock(order, "close", 1).due_at == due(each_city, end, days["handling"] - 1), "one day was used"
    assert clock(order).due_at == due(each_city, end, days["order"] - 1)
    assert clock(order, "close", 1).paused_at is clock(order).paused_at is None
    assert handlings(order)[0].state == "handling"


@pytest.mark.usefixtures("each_city")
def test_it_says_why_in_words_and_as_a_code() -> None:
    order = signed()
    with refused(Missing):
        pause_handling(order=order, handling=1, reason=" ", actor=handler(lead()), now=MONDAY + 5 * MINUTE)
    pause(order, MONDAY + 5 * MINUTE)
    assert words(order) == {"reason": "等照片"}
    assert last_event(order)["facts"]["why"] == "citizen"
    resume(order, MONDAY + timedelta(days=1))
    (change,) = read_changes(clock(order, "close", 1).changes)
    assert (change.at, change.until, change.why) == (
        MONDAY + 5 * MINUTE,
        MONDAY + timedelta(days=1),
        "citizen",
    )


def test_an_assisting_unit_that_waits_stops_its_own_clock_alone(each_city: str) -> None:
    order = signed(assisting=units(2)[1:])
    pause(order, MONDAY + timedelta(hours=1), handling=2)
    assert clock(order).paused_at is None
    assert clock(order, "close", 1).paused_at is None
    resume(order, MONDAY + timedelta(days=1, hours=1), handling=2)
    days = CLOSE_DAYS[each_city]
    assert clock(order).due_at == due(each_city, MONDAY, days["order"])
    assert clock(order, "close", 1).due_at == due(each_city, MONDAY, days["handling"])
    assert clock(order, "close", 2).due_at == due(each_city, MONDAY + timedelta(days=1), days["handling"])


@pytest.mark.usefixtures("each_city")
def test_a_clock_in_hours_goes_on_by_the_pauses_own_length() -> None:
    order = signed(urgency=Urgency.URGENT)
    pause(order, MONDAY + timedelta(hours=2))
    resume(order, MONDAY + timedelta(hours=53, minutes=7))
    waited = timedelta(hours=51, minutes=7)
    assert clock(order, "close", 1).due_at == MONDAY + MINUTE + timedelta(hours=24) + waited
    assert clock(order).due_at == MONDAY + MINUTE + timedelta(hours=48) + waited
    pause(order, MONDAY + timedelta(hours=54))
    resume(order, MONDAY + timedelta(hours=55))
    assert clock(order).due_at == MONDAY + MINUTE + timedelta(hours=49) + waited


def test_a_pause_revives_no_deadline_that_has_passed(each_city: str) -> None:
    order = signed()
    last = due(each_city, MONDAY, CLOSE_DAYS[each_city]["handling"])
    pause(order, last)
    resume(order, last + timedelta(days=3))
    assert clock(order, "close", 1).due_at == last


def test_recalled_or_relieved_no_clock_stands_still(each_city: str) -> None:
    order = signed()
    pause(order, at("2025-04-22 11:00"))
    recall_order(order=order, reason="派错了", actor=BOB, now=at("2025-04-24 11:00"))
    assert clock(order, "close", 1).dropped
    assert clock(order, "close", 1).paused_at is clock(order).paused_at is None
    days = CLOSE_DAYS[each_city]
    assert clock(order).due_at == due(each_city, at("2025-04-24 11:00"), days["order"] - 1)
    other = signed(assisting=units(2)[1:])
    pause(other, at("2025-04-22 11:00"), handling=2)
    remove_unit(order=other, handling=2, reason="不需要", actor=BOB, now=at("2025-04-22 12:00"))
    assert clock(other, "close", 2).paused_at is None


@pytest.mark.usefixtures("each_city")
def test_returned_while_it_waits_the_orders_clock_goes_on() -> None:
    order = signed()
    ask_return(order=order, handling=1, reason="不属我单位", actor=liaison(lead()), now=MONDAY + 5 * MINUTE)
    pause(order, MONDAY + 6 * MINUTE)
    decide_return(
        order=order,
        handling=1,
        granted=True,
        reason="同意",
        next_unit=units(2)[1],
        actor=BOB,
        now=MONDAY + 60 * MINUTE,
    )
    assert clock(order).paused_at is clock(order, "close", 1).paused_at is None
    assert [each.kind for each in read_changes(clock(order).changes)] == ["restart", "reassign", "pause"]


def test_merged_and_unmerged_while_it_waits_it_waits_on_and_the_pause_counts_once(each_city: str) -> None:
    order, main = signed(), signed()
    paused = at("2025-04-22 11:00")
    pause(order, paused)
    merge_order(order=order, into=main, reason="同一事项", actor=BOB, now=at("2025-04-23 11:00"))
    assert clock(order).paused_at is clock(order, "close", 1).paused_at is None
    unmerge_order(order=order, reason="并错了", actor=BOB, now=at("2025-04-24 11:00"))
    assert clock(order).paused_at == clock(order, "close", 1).paused_at == paused
    end = at("2025-04-25 11:00")
    resume(order, end)
    days = CLOSE_DAYS[each_city]
    assert clock(order).due_at == due(each_city, end, days["order"] - 1)
    assert clock(order, "close", 1).due_at == due(each_city, end, days["handling"] - 1)
    assert [each.kind for each in read_changes(clock(order, "close", 1).changes)] == ["pause"]


@pytest.mark.usefixtures("each_city")
def test_the_citizen_who_filed_it_may_have_it_go_on_and_nobody_elses_order() -> None:
    order = record_order(request=request(), actor=NUR, now=MONDAY).order
    dispatch_order(order=order, to=Assignment(lead=lead()), actor=BOB, now=MONDAY)
    sign_handling(order=order, handling=1, actor=liaison(lead()), now=MONDAY)
    pause(order, MONDAY)
    with refused(NoSuchOrder):
        resume_handling(order=order, handling=1, actor=STRANGER, now=MONDAY + MINUTE)
    resume_handling(order=order, handling=1, actor=NUR, now=MONDAY + MINUTE, remark="照片已发")
    assert row(order).state == "handling"


@pytest.mark.usefixtures("each_city")
def test_what_waits_cant_wait_twice_and_what_runs_cant_resume() -> None:
    order = signed()
    with refused(WrongState):
        resume(order, MONDAY + 5 * MINUTE)
    pause(order, MONDAY + 5 * MINUTE)
    with refused(WrongState):
        pause(order, MONDAY + 6 * MINUTE)


@pytest.mark.usefixtures("each_city")
def test_progress_is_told_and_moves_nothing() -> None:
    order = signed()
    before = clock(order).due_at, clock(order, "close", 1).due_at, row(order).state
    report_progress(
        order=order, handling=1, progress=" 灯具已到货。 ", actor=handler(lead()), now=MONDAY + 5 * MINUTE
    )
    assert words(order) == {"progress": "灯具已到货。"}
    assert (clock(order).due_at, clock(order, "close", 1).due_at, row(order).state) == before
    assert set(last_event(order)["changes"]) == set()
    with refused(Missing):
        report_progress(
            order=order, handling=1, progress="\n", actor=handler(lead()), now=MONDAY + MINUTE * 6
        )


@pytest.mark.usefixtures("each_city")
def test_nobody_waits_for_somebody_who_cant_be_asked() -> None:
    order = signed(anonymous=True, contact=Contact())
    with refused(WrongState):
        pause_handling(
            order=order, handling=1, reason="待补充", actor=liaison(lead()), now=MONDAY + 3 * MINUTE
        )
    online = record_order(request=request(anonymous=True, contact=Contact()), actor=NUR, now=MONDAY).order
    dispatch_order(order=online, to=Assignment(lead=lead()), actor=BOB, now=MONDAY)
    sign_handling(order=online, handling=1, actor=liaison(lead()), now=MONDAY)
    pause_handling(order=online, handling=1, reason="待补充", actor=liaison(lead()), now=MONDAY)
    resume_handling(order=online, handling=1, actor=NUR, now=MONDAY + 3 * MINUTE, remark="在一号楼旁")

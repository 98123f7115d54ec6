"""Extensions: asked for before the deadline, as often and long as the city says; the order follows by the excess."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from by_hand import CLOSE_DAYS, EXTENSIONS, closing, days_on, due
from cast import (
    BOB,
    MINUTE,
    MONDAY,
    SUE,
    at,
    clock,
    handler,
    handlings,
    last_event,
    lead,
    liaison,
    refused,
    signed,
    units,
)

from jieban.orders.actions.extensions import ask_extension, decide_extension
from jieban.orders.actions.pauses import pause_handling, resume_handling
from jieban.orders.errors import BadValue, Missing, NotAllowed, TooLate, WrongState
from jieban.orders.models import Petition
from jieban.profile.model import Urgency

pytestmark = pytest.mark.django_db
ASKED = MONDAY + 10 * MINUTE


def ask(order: str, days: int, now: datetime = ASKED, handling: int = 1) -> None:
    unit = handlings(order)[handling - 1].unit
    ask_extension(order=order, handling=handling, days=days, reason="需要施工", actor=liaison(unit), now=now)


def decide(
    order: str, now: datetime = ASKED, handling: int = 1, *, granted: bool = True, days: int | None = None
) -> None:
    decide_extension(
        order=order, handling=handling, granted=granted, reason="情况属实", actor=BOB, now=now, days=days
    )


def extend(order: str, days: int, now: datetime = ASKED, handling: int = 1) -> None:
    ask(order, days, now, handling)
    decide(order, now, handling)


@pytest.mark.parametrize("begun", ["2025-04-24 10:30", "2025-09-24 10:30"])
def test_granted_days_are_counted_from_the_old_deadline_on_both_clocks_across_holidays(
    each_city: str, begun: str
) -> None:
    begin = at(begun)
    order = signed(now=begin)
    extend(order, 3, now=begin + 10 * MINUTE)
    days = CLOSE_DAYS[each_city]
    assert clock(order, "close", 1).due_at == due(each_city, begin, days["handling"] + 3)
    assert clock(order).due_at == due(each_city, begin, days["order"] + 3)
    assert clock(order, "sign").due_at < clock(order).due_at
    mine = handlings(order)[0]
    assert (mine.extensions, mine.extension_days, mine.state) == (1, 3, "handling")
    assert last_event(order)["facts"]["days"] == 3


def test_as_often_and_as_long_as_the_city_says(each_city: str) -> None:
    times, most = EXTENSIONS[each_city]
    order = signed()
    for days in (0, -1, most + 1):
        with refused(BadValue):
            ask(order, days)
    for turn in range(times):
        extend(order, most, now=ASKED + turn * MINUTE)
    with refused(TooLate):
        ask(order, 1, now=ASKED + times * MINUTE)
    expected = due(each_city, MONDAY, CLOSE_DAYS[each_city]["handling"] + times * most)
    assert clock(order, "close", 1).due_at == expected


def test_asked_for_at_the_last_moment_but_not_after(each_city: str) -> None:
    last = due(each_city, MONDAY, CLOSE_DAYS[each_city]["handling"])
    order, late = signed(), signed()
    ask(order, 1, now=last)
    decide(order, now=last)
    with refused(TooLate):
        ask(late, 1, now=last + timedelta(microseconds=1))


def test_approved_before_the_deadline_or_not_at_all(each_city: str) -> None:
    last = due(each_city, MONDAY, CLOSE_DAYS[each_city]["handling"])
    order = signed()
    ask(order, 1)
    with refused(TooLate):
        decide(order, now=last + timedelta(microseconds=1))
    decide(order, now=last + MINUTE, granted=False)
    assert Petition.objects.get().state == "refused"
    assert clock(order, "close", 1).due_at == last


def test_a_clock_that_stands_still_has_not_passed_its_deadline(each_city: str) -> None:
    last = due(each_city, MONDAY, CLOSE_DAYS[each_city]["handling"])
    order = signed()
    ask(order, 1)
    pause_handling(order=order, handling=1, reason="等照片", actor=handler(lead()), now=ASKED)
    decide(order, now=last + timedelta(days=1))
    resumed = last + timedelta(days=2)
    resume_handling(order=order, handling=1, actor=handler(lead()), now=resumed)
    # All days of the term were left after the day of the pause, and the day of the extension with them.
    left = CLOSE_DAYS[each_city]["handling"] + 1
    assert clock(order, "close", 1).due_at == due(each_city, resumed, left)


def test_fewer_days_may_be_given_and_not_more(each_city: str) -> None:
    order = signed()
    ask(order, 3)
    with refused(BadValue):
        decide(order, days=4)
    with refused(BadValue):
        decide(order, days=0)
    with refused(BadValue):
        decide(order, granted=False, days=1)
    decide(order, days=2)
    expected = due(each_city, MONDAY, CLOSE_DAYS[each_city]["handling"] + 2)
    assert clock(order, "close", 1).due_at == expected


def test_the_order_moves_by_the_excess_over_the_largest_extension(each_city: str) -> None:
    first, second, third = units(3)
    order = signed(to=first, assisting=[second, third])
    whole = CLOSE_DAYS[each_city]["order"]
    extend(order, 2)
    assert clock(order).due_at == due(each_city, MONDAY, whole + 2)
    extend(order, 5, handling=2)
    assert clock(order).due_at == due(each_city, MONDAY, whole + 5)
    before = clock(order).changes
    extend(order, 4, handling=3)
    assert clock(order).changes == before, "there was room for it already"
    assert clock(order, "close", 3).due_at == due(each_city, MONDAY, CLOSE_DAYS[each_city]["handling"] + 4)


@pytest.mark.usefixtures("each_city")
def test_one_at_a_time_with_a_reason_from_who_speaks_for_the_unit() -> None:
    order = signed()
    with refused(Missing):
        ask_extension(order=order, handling=1, days=1, reason="", actor=liaison(lead()), now=ASKED)
    with refused(NotAllowed):
        ask_extension(order=order, handling=1, days=1, reason="忙", actor=handler(lead()), now=ASKED)
    ask(order, 1)
    with refused(WrongState):
        ask(order, 1)
    with refused(Missing):
        decide_extension(order=order, handling=1, granted=True, reason=" ", actor=SUE, now=ASKED)
    decide(order)
    with refused(WrongState):
        decide(order)


def test_nobody_decides_on_what_they_asked_for() -> None:
    order = signed()
    both = replace(liaison(lead()), posts=liaison(lead()).posts | SUE.posts)
    ask_extension(order=order, handling=1, days=1, reason="要施工", actor=both, now=ASKED)
    with refused(NotAllowed):
        decide_extension(order=order, handling=1, granted=True, reason="同意", actor=both, now=ASKED)


def test_a_clock_in_hours_gets_working_days_too(each_city: str) -> None:
    order = signed(urgency=Urgency.URGENT)  # 24 hours from Monday 10:31: Tuesday
    extend(order, 2)
    expected = closing(each_city, days_on(MONDAY.date() + timedelta(days=1), 2))
    assert clock(order, "close", 1).due_at == expected

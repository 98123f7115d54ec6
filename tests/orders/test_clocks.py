"""A clock's history as a value: what counts of it, what it leads to, and what is guessed where the calendar ends."""

from dataclasses import replace
from datetime import timedelta

import pytest
from by_hand import days_on, due
from cast import MONDAY, at
from hypothesis import given
from hypothesis import strategies as st

from jieban.orders.clocks import (
    Change,
    ChangeKind,
    Run,
    changes_text,
    due_of,
    due_or_provisional,
    read_changes,
    settled,
)
from jieban.people.city import city
from jieban.worktime import Basis, Span, UnknownYear

FIVE = Span(amount=5, basis=Basis.WORKING_DAYS)
RUN = Run(rule="r", span=FIVE, started_at=MONDAY)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

instants = st.integers(0, 300 * 24 * 60).map(
    lambda minutes: at("2025-01-02 00:00") + timedelta(minutes=minutes)
)
bases = st.sampled_from(list(Basis))
codes = st.text("abc-_", min_size=1, max_size=8)
moves = st.one_of(
    st.builds(
        lambda at, pause: Change(kind=ChangeKind.PAUSE, at=at, until=at + pause, why="citizen"),
        instants,
        st.timedeltas(timedelta(0), timedelta(days=9)),
    ),
    st.builds(lambda at, days: Change(kind=ChangeKind.EXTEND, at=at, days=days), instants, st.integers(1, 9)),
    st.builds(lambda at: Change(kind=ChangeKind.REASSIGN, at=at, why="dispatch"), instants),
)
anew = st.builds(
    lambda kind, at, rule, amount, basis: Change(kind=kind, at=at, rule=rule, amount=amount, basis=basis),
    st.sampled_from([ChangeKind.RESTART, ChangeKind.RECLASSIFY]),
    instants,
    codes,
    st.integers(1, 12),
    bases,
)


@given(st.lists(st.one_of(moves, anew), max_size=6))
def test_a_history_is_stored_and_read_back_whole(changes: list[Change]) -> None:
    assert read_changes(changes_text(changes)) == tuple(changes)


def test_five_working_days_end_when_the_office_closes(each_city: str) -> None:
    assert due_of(RUN, city().clock) == due(each_city, MONDAY, 5)


def test_a_restart_forgets_what_was_and_a_new_class_keeps_the_start_and_what_moved_it() -> None:
    pause = Change(kind=ChangeKind.PAUSE, at=MONDAY + HOUR, until=MONDAY + DAY)
    two = {"rule": "q", "amount": 2, "basis": Basis.WORKING_DAYS}
    other = Change(kind=ChangeKind.RECLASSIFY, at=MONDAY + 2 * DAY, **two)
    found = settled(replace(RUN, changes=(pause, other)))
    assert (found.started_at, found.span.amount, found.moves) == (MONDAY, 2, (pause,))
    again = Change(kind=ChangeKind.RESTART, at=MONDAY + 3 * DAY, **two)
    found = settled(replace(RUN, changes=(pause, again)))
    assert (found.started_at, found.span.amount, found.moves) == (MONDAY + 3 * DAY, 2, ())


@given(st.lists(moves, max_size=4))
def test_nothing_that_moves_a_deadline_brings_it_nearer(changes: list[Change]) -> None:
    clock, before = city().clock, due_of(RUN, city().clock)
    for count in range(1, len(changes) + 1):
        after = due_of(replace(RUN, changes=tuple(changes[:count])), clock)
        assert after >= before
        before = after


def test_an_extension_is_working_days_on_top(each_city: str) -> None:
    more = replace(RUN, changes=(Change(kind=ChangeKind.EXTEND, at=MONDAY, days=3),))
    assert due_of(more, city().clock) == due(each_city, MONDAY, 8)
    assert days_on(MONDAY.date(), 8).isoformat() == "2025-04-30", "Sunday 27 April was worked"


def test_a_pause_of_whole_hours_by_the_clock_moves_by_these_hours() -> None:
    run = Run(rule="r", span=Span(amount=48, basis=Basis.CLOCK_HOURS), started_at=MONDAY)
    paused = run.with_change(Change(kind=ChangeKind.PAUSE, at=MONDAY + HOUR, until=MONDAY + 4 * HOUR))
    assert due_of(paused, city().clock) == MONDAY + 51 * HOUR


FAR = at("2031-03-03 10:00")


@given(st.integers(1, 60), bases)
def test_a_guess_says_so_and_is_never_before_the_start(amount: int, basis: Basis) -> None:
    run = Run(rule="r", span=Span(amount=amount, basis=basis), started_at=FAR)
    found = due_or_provisional(run, city().clock)
    assert found.provisional is (not basis.by_the_clock)
    assert found.at > FAR
    assert found.at.utcoffset() == timedelta(0)
    if found.provisional:
        with pytest.raises(UnknownYear):
            due_of(run, city().clock)


@given(st.integers(1, 40), st.integers(0, 13))
def test_a_guess_in_working_days_is_never_earlier_than_mondays_to_fridays_counted(
    amount: int, later: int
) -> None:
    begun = FAR + later * DAY
    day, left = begun.date(), amount
    while left:
        day += DAY
        left -= day.weekday() < 5
    run = Run(rule="r", span=Span(amount=amount, basis=Basis.WORKING_DAYS), started_at=begun)
    assert due_or_provisional(run, city().clock).at.astimezone(begun.tzinfo).date() >= day


def test_a_guess_moves_with_pauses_and_extensions() -> None:
    run = Run(rule="r", span=FIVE, started_at=FAR)
    plain = due_or_provisional(run, city().clock).at
    paused = run.with_change(Change(kind=ChangeKind.PAUSE, at=FAR + HOUR, until=FAR + 3 * DAY))
    assert due_or_provisional(paused, city().clock).at == plain + 3 * DAY - HOUR
    longer = run.with_change(Change(kind=ChangeKind.EXTEND, at=FAR, days=5))
    assert due_or_provisional(longer, city().clock).at > plain + 6 * DAY


def test_what_lacks_its_rule_or_is_no_move_is_a_fault_of_ours() -> None:
    with pytest.raises(ValueError, match="names its rule"):
        settled(replace(RUN, changes=(Change(kind=ChangeKind.RESTART, at=MONDAY),)))
    with pytest.raises(ValueError, match="moves no deadline"):
        due_of(replace(RUN, changes=(Change(kind=ChangeKind.EXTEND, at=MONDAY),)), city().clock)

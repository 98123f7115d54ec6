"""The clocks' job: each step of the ladder is told once, however often, seldom or badly the job runs."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from by_hand import CLOSE_DAYS, due
from cast import (
    ALICE,
    BOB,
    MINUTE,
    MONDAY,
    at,
    clock,
    dispatched,
    footprint,
    handled,
    handler,
    last_event,
    lead,
    liaison,
    recorded,
    row,
    signed,
)
from django.test import override_settings

from jieban.orders.actions.desk import Classification, answer_order, classify_order
from jieban.orders.actions.dispatch import recall_order
from jieban.orders.actions.extensions import ask_extension, decide_extension
from jieban.orders.actions.pauses import pause_handling, resume_handling
from jieban.orders.actions.returns import ask_return, decide_return, open_disputes
from jieban.orders.audit.verify import verify
from jieban.orders.jobs.ladder import raise_warnings
from jieban.orders.jobs.recompute import recompute_provisional
from jieban.orders.jobs.sweep import Swept
from jieban.orders.models import Clock, Event, Petition
from jieban.people.city import city
from jieban.profile.model import Urgency
from live_database import LiveDatabase

pytestmark = pytest.mark.usefixtures("database")
HOUR = timedelta(hours=1)
MOMENT = timedelta(microseconds=1)


def warnings(order: str) -> list[dict[str, list[str]]]:
    """What each of the order's warnings named: step ids by clock."""
    found = Event.objects.filter(order__number=order, act="warn").order_by("seq")
    return [
        {each["clock"]: each["steps"] for each in told["facts"]["warnings"] if "clock" in each}
        for told in (json.loads(event.data) for event in found)
    ]


def run(now: datetime) -> int:
    done = raise_warnings(now=now)
    assert done.left == ()
    return done.orders


STEPS = {
    # The close clock of handling 1, in the order of time, with the hours before the deadline.
    "changji": [("handling-close-48", 48), ("handling-close-24", 24), ("handling-close-overdue", 0)],
    "yunting": [("close-near", 8), ("close-late", 0), ("close-late-a-day", -24)],
}


def test_each_step_is_told_when_it_comes_and_once(each_city: str) -> None:
    order = signed()
    last = due(each_city, MONDAY, CLOSE_DAYS[each_city]["handling"])
    for told, (step, hours) in enumerate(STEPS[each_city]):
        moment = last - hours * HOUR
        run(moment - MOMENT)
        assert sum("clock:handling:1:close:0" in each for each in warnings(order)) == told
        run(moment)
        assert warnings(order)[-1]["clock:handling:1:close:0"] == [step]
        run(moment)
        run(moment + MINUTE)
        assert sum("clock:handling:1:close:0" in each for each in warnings(order)) == told + 1
    assert clock(order, "close", 1).warned == STEPS[each_city][-1][0]


def test_steps_that_were_missed_come_in_one_event_that_names_them_all(each_city: str) -> None:
    order = dispatched()
    assert run(at("2025-07-01 10:00")) == 1
    (told,) = warnings(order)
    ids = {(each.level, each.stage): [] for each in city().workflow.ladder}
    for each in city().workflow.ladder:
        ids[each.level, each.stage].append(each.id)
    assert told["clock:handling:1:close:0"] == [step for step, _ in STEPS[each_city]]
    assert told["clock:handling:1:sign:0"] == ids["handling", "sign"]
    assert told["clock:order:close:0"] == ids["order", "close"]
    before = footprint()
    assert raise_warnings(now=at("2025-07-02 10:00")) == Swept(orders=0)
    assert footprint() == before


RETURNS = {
    # A return that was asked for at 10:40 on MONDAY: a working day, and two working hours from then.
    "changji": (at("2025-04-22 19:30"), [("return-near", 4), ("return-overdue", 0)]),
    "yunting": (at("2025-04-21 14:10"), [("return-late", 0), ("return-late-a-day", -24)]),
}


def disputed() -> str:
    order = dispatched()
    ask_return(
        order=order, handling=1, reason="不属我单位职责", actor=liaison(lead()), now=MONDAY + 10 * MINUTE
    )
    return order


def told_of_returns(order: str) -> list[list[str]]:
    found = Event.objects.filter(order__number=order, act="warn").order_by("seq")
    facts = [json.loads(event.data)["facts"]["warnings"] for event in found]
    return [each["steps"] for told in facts for each in told if each.get("petition") == "petition:1"]


def test_a_return_that_nobody_decides_is_told_of_step_by_step_and_each_once(each_city: str) -> None:
    order, (due_by, steps) = disputed(), RETURNS[each_city]
    assert Petition.objects.get().decide_by == due_by
    for told, (step, hours) in enumerate(steps):
        moment = due_by - hours * HOUR
        run(moment - MOMENT)
        assert len(told_of_returns(order)) == told
        run(moment)
        assert told_of_returns(order)[-1] == [step]
        run(moment)
        run(moment + MINUTE)
        assert len(told_of_returns(order)) == told + 1
    assert Petition.objects.get().warned == steps[-1][0]
    assert verify().clean


@pytest.mark.usefixtures("each_city")
def test_of_a_return_steps_that_were_missed_come_together_with_those_of_clocks() -> None:
    order = disputed()
    assert run(at("2025-07-01 10:00")) == 1
    assert told_of_returns(order) == [[each.id for each in city().workflow.returns.ladder]]
    assert Event.objects.filter(order__number=order, act="warn").count() == 1
    before = footprint()
    assert raise_warnings(now=at("2025-07-02 10:00")) == Swept(orders=0)
    assert footprint() == before


@pytest.mark.usefixtures("each_city")
def test_a_return_that_was_decided_or_lapsed_is_not_told_of() -> None:
    decided, lapsed = disputed(), disputed()
    now = MONDAY + 20 * MINUTE
    decide_return(order=decided, handling=1, granted=False, reason="属你单位", actor=BOB, now=now)
    recall_order(order=lapsed, reason="重新研究", actor=BOB, now=now)
    run(at("2025-07-01 10:00"))
    assert told_of_returns(decided) == told_of_returns(lapsed) == []


def test_several_jobs_at_once_tell_of_a_return_once(database: LiveDatabase) -> None:
    orders = [disputed() for _ in range(6)]
    Clock.objects.update(dropped=True)
    done = database.in_threads(4, lambda _index: raise_warnings(now=at("2025-07-01 10:00")))
    assert sum(each.orders for each in done if isinstance(each, Swept)) == 6, done
    assert [len(told_of_returns(order)) for order in orders] == [1] * 6


@pytest.mark.usefixtures("each_city")
def test_what_is_done_or_no_longer_owed_is_not_warned_of() -> None:
    answered, recalled = recorded(), dispatched()
    answer_order(order=answered, answer="请拨打供电热线。", actor=ALICE, now=MONDAY + MINUTE)
    done = handled()
    assert row(done).state == "handled"
    recall_order(order=recalled, reason="派错了", actor=BOB, now=MONDAY + 2 * MINUTE)
    run(at("2025-07-01 10:00"))
    assert warnings(answered) == warnings(done) == []
    assert all("handling" not in name for told in warnings(recalled) for name in told)
    assert [list(told) for told in warnings(recalled)] != [], "the order itself is owed still"


def test_a_clock_that_stands_still_is_not_warned_of_until_it_runs(each_city: str) -> None:
    order = signed()
    pause_handling(order=order, handling=1, reason="等照片", actor=handler(lead()), now=MONDAY + 5 * MINUTE)
    assert run(at("2025-06-01 10:00")) == 0
    resume_handling(order=order, handling=1, actor=handler(lead()), now=at("2025-06-03 10:00"))
    last = clock(order, "close", 1).due_at
    assert run(last - 49 * HOUR) == 0
    assert run(last) == 1
    reached = [step for step, hours in STEPS[each_city] if hours >= 0]
    assert warnings(order)[0]["clock:handling:1:close:0"] == reached


def test_a_deadline_that_was_put_off_is_warned_of_again(each_city: str) -> None:
    order = signed()
    step, hours = STEPS[each_city][0]
    old = clock(order, "close", 1).due_at
    run(old - hours * HOUR)
    assert clock(order, "close", 1).warned == step
    now = old - hours * HOUR + MINUTE
    ask_extension(order=order, handling=1, days=5, reason="要施工", actor=liaison(lead()), now=now)
    decide_extension(order=order, handling=1, granted=True, reason="同意", actor=BOB, now=now)
    assert clock(order, "close", 1).warned is None
    new = clock(order, "close", 1).due_at
    assert run(old) == 0
    run(new - hours * HOUR)
    assert [each["clock:handling:1:close:0"] for each in warnings(order)] == [[step], [step]]


@override_settings(JIEBAN_PROFILE="changji")
def test_a_step_before_the_clock_began_is_none_of_its_own() -> None:
    order = recorded()
    classify_order(
        order=order,
        classification=Classification(urgency=Urgency.EMERGENCY),  # 4 hours to close, 2 to sign for
        actor=ALICE,
        now=MONDAY,
    )
    assert run(MONDAY + MINUTE) == 0
    assert run(MONDAY + 4 * HOUR) == 1
    assert warnings(order) == [
        {"clock:order:close:0": ["order-close-overdue"], "clock:order:sign:0": ["order-sign-overdue"]}
    ]


@override_settings(JIEBAN_PROFILE="changji")
def test_the_job_of_an_earlier_moment_tells_nothing_twice() -> None:
    order = signed()
    run(at("2025-07-01 10:00"))
    assert len(warnings(order)) == 1
    done = raise_warnings(now=at("2025-04-27 12:00"))
    assert done == Swept(orders=0)


@contextmanager
def calendar_of(directory: Path, repo: Path, extra: str) -> Iterator[None]:
    """Changji with this appended to its calendar."""
    if not directory.exists():
        shutil.copytree(repo / "profiles" / "_base", directory.parent / "_base")
        shutil.copytree(repo / "profiles" / "changji", directory)
    text = (repo / "profiles" / "changji" / "calendar.toml").read_text(encoding="utf-8")
    (directory / "calendar.toml").write_text(
        text.replace("[holidays]", f"{extra}\n[holidays]\n2027-01-01 = '元旦'" if extra else "[holidays]"),
        encoding="utf-8",
    )
    with override_settings(JIEBAN_PROFILE=""), override_settings(JIEBAN_PROFILE=str(directory)):
        yield


def test_a_year_without_calendar_is_recomputed_once_it_is_there(tmp_path: Path, repo: Path) -> None:
    begin = at("2026-12-30 10:30")
    with calendar_of(tmp_path / "changji", repo, ""):
        order, known = dispatched(now=begin), dispatched(now=at("2026-12-01 10:30"))
        assert clock(order).provisional
        assert clock(order, "close", 1).provisional
        assert not clock(order, "sign", 1).provisional, "31 December is known"
        guessed = clock(order).due_at
        assert guessed >= at("2027-01-13 19:30"), "never earlier than ten days from Monday to Friday"
        assert recompute_provisional(now=begin + HOUR) == Swept(orders=0), "nothing is known yet"
        assert raise_warnings(now=guessed + HOUR).orders == 2, "where a deadline is true"
        assert [list(told) for told in warnings(order)] == [["clock:handling:1:sign:0"]]
    with calendar_of(tmp_path / "changji", repo, "years = [2027]"):
        now = guessed + 2 * HOUR
        assert recompute_provisional(now=now) == Swept(orders=1)
        # 31 December, 4 to 8 January, 11 to 14 January.
        assert clock(order).due_at == at("2027-01-14 19:30")
        assert clock(order, "close", 1).due_at == at("2027-01-07 19:30")
        assert clock(order, "sign").due_at == at("2027-01-04 19:30")
        assert not Clock.objects.filter(provisional=True).exists()
        assert last_event(order)["act"] == "recompute_clocks"
        assert last_event(known)["act"] == "warn"
        before = footprint()
        assert recompute_provisional(now=now) == Swept(orders=0)
        assert footprint() == before
        raise_warnings(now=now)
        assert "handling-close-overdue" in warnings(order)[-1]["clock:handling:1:close:0"]


def test_a_term_of_decision_without_calendar_is_a_guess_until_it_is_there(tmp_path: Path, repo: Path) -> None:
    begin = at("2026-12-31 10:30")
    with calendar_of(tmp_path / "changji", repo, ""):
        order = dispatched(now=begin)
        ask_return(order=order, handling=1, reason="不属我单位", actor=liaison(lead()), now=begin + HOUR)
        petition = Petition.objects.get()
        assert petition.provisional
        (dispute,) = open_disputes(BOB, begin + timedelta(days=60))
        assert (dispute.provisional, dispute.late) == (True, False)
        Clock.objects.update(stopped_at=begin)
        assert raise_warnings(now=begin + timedelta(days=60)) == Swept(orders=0), "nobody is late by a guess"
    with calendar_of(tmp_path / "changji", repo, "years = [2027]"):
        now = begin + timedelta(days=60)
        assert recompute_provisional(now=now) == Swept(orders=1)
        petition.refresh_from_db()
        # 1 January is a holiday, 2 and 3 January are a weekend.
        assert (petition.decide_by, petition.provisional) == (at("2027-01-04 19:30"), False)
        assert last_event(order)["act"] == "recompute_clocks"
        assert recompute_provisional(now=now) == Swept(orders=0)
        assert open_disputes(BOB, now)[0].late
        assert raise_warnings(now=now) == Swept(orders=1)
        assert told_of_returns(order) == [["return-near", "return-overdue"]]

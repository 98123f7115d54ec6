"""Pauses: given back in full, never taken away, the same whether by formula, by minutes or line by line."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jieban.worktime import Basis, Pause, Span, Step, StepKind, WorkClock

BEIJING = ZoneInfo("Asia/Shanghai")
FIRST = datetime(2025, 1, 1, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


def pause(begin: str, end: str) -> Pause:
    return Pause(begin=at(f"2025-{begin}"), end=at(f"2025-{end}"))


def days(n: int) -> Span:
    return Span(amount=n, basis=Basis.WORKING_DAYS)


@pytest.mark.parametrize(
    ("why", "pauses", "due"),
    [
        ("nothing", [], "05-14 20:00"),
        ("within one day that is not the last", [pause("05-09 11:00", "05-09 18:00")], "05-14 20:00"),
        ("overnight: one day begun in pause", [pause("05-09 19:00", "05-10 11:00")], "05-14 20:00"),
        ("Friday to Monday: one", [pause("05-09 11:00", "05-12 11:00")], "05-15 20:00"),
        (
            "three days left on the 9th, resumed on the 20th",
            [pause("05-09 11:00", "05-20 11:00")],
            "05-23 20:00",
        ),
        ("resumed on a Sunday", [pause("05-09 11:00", "05-18 11:00")], "05-21 20:00"),
        ("paused from the start", [pause("05-07 12:00", "05-19 09:00")], "05-26 20:00"),
        ("before the start too", [pause("04-01 12:00", "05-19 09:00")], "05-26 20:00"),
        ("into the last day, shortly", [pause("05-14 19:00", "05-14 19:30")], "05-15 20:00"),
        ("into the last day and over it", [pause("05-14 11:00", "05-20 23:00")], "05-21 20:00"),
        ("over lunch on the last day", [pause("05-14 14:00", "05-14 16:00")], "05-14 20:00"),
        ("after close, before opening", [pause("05-13 20:00", "05-14 10:00")], "05-14 20:00"),
        ("after the last close", [pause("05-14 20:00", "05-30 10:00")], "05-14 20:00"),
        ("two", [pause("05-08 11:00", "05-09 11:00"), pause("05-14 11:00", "05-16 11:00")], "05-19 20:00"),
        (
            "overlapping",
            [pause("05-09 11:00", "05-15 11:00"), pause("05-12 11:00", "05-20 11:00")],
            "05-23 20:00",
        ),
        (
            "touching",
            [pause("05-12 11:00", "05-20 11:00"), pause("05-09 11:00", "05-12 11:00")],
            "05-23 20:00",
        ),
        (
            "the second revived by the first",
            [pause("05-08 11:00", "05-13 11:00"), pause("05-16 11:00", "05-19 11:00")],
            "05-20 20:00",
        ),
    ],
)
def test_five_working_days_with_pauses_by_hand(
    home: WorkClock, why: str, pauses: list[Pause], due: str
) -> None:
    # Begun on Wednesday 7 May: counted are 8, 9, 12, 13 and 14 May; the 10th, 11th, 17th and 18th are weekends.
    start = at("2025-05-07 12:00")
    assert home.due_with_pauses(start, days(5), pauses) == at(f"2025-{due}"), why
    assert home.explain(start, days(5), pauses).due == at(f"2025-{due}"), why


@pytest.mark.parametrize(
    ("span", "pauses", "due"),
    [
        (Span(amount=24, basis=Basis.CLOCK_HOURS), [pause("05-07 20:00", "05-08 02:30")], "05-08 18:30"),
        (Span(amount=24, basis=Basis.CLOCK_HOURS), [pause("05-08 12:00", "05-09 12:00")], "05-08 12:00"),
        (Span(amount=4, basis=Basis.WORKING_HOURS), [pause("05-07 13:00", "05-08 11:00")], "05-08 14:00"),
        (Span(amount=4, basis=Basis.WORKING_HOURS), [pause("05-07 14:00", "05-07 16:00")], "05-07 18:00"),
        (Span(amount=120, basis=Basis.WORKING_MINUTES), [pause("05-07 12:30", "05-12 10:00")], "05-12 11:30"),
    ],
)
def test_hours_with_pauses_by_hand(home: WorkClock, span: Span, pauses: list[Pause], due: str) -> None:
    assert home.due_with_pauses(at("2025-05-07 12:00"), span, pauses) == at(f"2025-{due}")


def test_an_open_pause_counts_up_to_the_moment_asked_about(home: WorkClock) -> None:
    start, still = at("2025-05-07 12:00"), Pause(begin=at("2025-05-09 11:00"))
    for now, due in (("05-09 11:00", "05-14"), ("05-12 11:00", "05-15"), ("05-20 11:00", "05-23")):
        found = home.due_with_pauses(start, days(5), [still], as_of=at(f"2025-{now}"))
        assert found == at(f"2025-{due} 20:00")
    with pytest.raises(ValueError, match="as_of"):
        home.due_with_pauses(start, days(5), [still])
    with pytest.raises(ValueError, match="lies before"):
        home.due_with_pauses(start, days(5), [still], as_of=at("2025-05-08 11:00"))
    with pytest.raises(ValueError, match="time zone"):
        home.due_with_pauses(start, days(5), [still], as_of=at("2025-05-20 11:00").replace(tzinfo=None))
    with pytest.raises(ValueError, match="open pause"):
        home.after_pause(at("2025-05-14 20:00"), Basis.WORKING_DAYS, still)


def test_pauses_and_extensions_follow_one_another(home: WorkClock) -> None:
    due = home.due(at("2025-05-07 12:00"), days(5))
    due = home.extend(due, days(10))
    assert due == at("2025-05-28 20:00")
    due = home.after_pause(due, Basis.WORKING_DAYS, pause("05-26 11:00", "06-03 11:00"))
    assert due == at("2025-06-05 20:00")  # two days were left; 31 May to 2 June are 端午节


def test_a_pause_ends_after_it_begins() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        pause("05-09 11:00", "05-08 11:00")
    zone = ZoneInfo("America/New_York")
    first = datetime(2025, 11, 2, 1, 30, tzinfo=zone)
    Pause(begin=first, end=first.replace(minute=10, fold=1))  # 40 minutes later
    with pytest.raises(ValueError, match="before it begins"):
        Pause(begin=first.replace(fold=1), end=first.replace(minute=40))


minute = st.integers(3 * 1440, 270 * 1440)


@st.composite
def pause_lists(draw: st.DrawFn, start: int) -> list[tuple[int, int]]:
    """Pauses as minutes of the year, mostly near the start."""
    found = []
    for _ in range(draw(st.integers(0, 4))):
        begin = start + draw(st.integers(-1440, 20 * 1440))
        found.append((begin, begin + draw(st.integers(0, 12 * 1440))))
    return found


@st.composite
def cases(draw: st.DrawFn) -> tuple[int, list[tuple[int, int]]]:
    start = draw(minute)
    return start, draw(pause_lists(start))


def as_pauses(pairs: Sequence[tuple[int, int]]) -> list[Pause]:
    return [
        Pause(begin=FIRST + timedelta(minutes=begin), end=FIRST + timedelta(minutes=end))
        for begin, end in pairs
    ]


spans = st.builds(
    Span,
    amount=st.integers(1, 12),
    basis=st.sampled_from([Basis.WORKING_DAYS, Basis.WORKING_HOURS, Basis.CLOCK_HOURS]),
)


@given(case=cases(), wanted=st.integers(1, 4000), by_the_clock=st.booleans())
@settings(max_examples=50)
def test_time_in_pause_is_not_counted_minute_by_minute(
    place: Any, year_2025: Any, case: Any, wanted: int, by_the_clock: bool
) -> None:
    start, pairs = case
    offset = (year_2025.begin - FIRST) // timedelta(minutes=1)
    left, position = wanted, start
    while left:
        paused = any(begin <= position < end for begin, end in pairs)
        counts = by_the_clock or year_2025.open[position - offset]
        left -= counts and not paused
        position += 1
    basis = Basis.CLOCK_MINUTES if by_the_clock else Basis.WORKING_MINUTES
    due = place.clock.due_with_pauses(
        FIRST + timedelta(minutes=start), Span(amount=wanted, basis=basis), as_pauses(pairs)
    )
    assert due == FIRST + timedelta(minutes=position)


@given(case=cases(), more=st.data(), span=spans)
@settings(max_examples=300)
def test_more_pause_never_gives_an_earlier_deadline(
    place: Any, case: Any, more: st.DataObject, span: Span
) -> None:
    start, pairs = case
    begun = FIRST + timedelta(minutes=start)
    extra = more.draw(pause_lists(start))
    longer = [
        (begin - more.draw(st.integers(0, 3000)), end + more.draw(st.integers(0, 3000)))
        for begin, end in pairs
    ]
    due = place.clock.due_with_pauses(begun, span, as_pauses(pairs)).timestamp()
    assert place.clock.due(begun, span).timestamp() <= due
    assert due <= place.clock.due_with_pauses(begun, span, as_pauses([*pairs, *extra])).timestamp()
    assert due <= place.clock.due_with_pauses(begun, span, as_pauses(longer)).timestamp()


@given(case=cases(), span=spans, order=st.randoms(use_true_random=False))
def test_the_order_of_pauses_and_where_they_are_cut_do_not_matter(
    place: Any, case: Any, span: Span, order: Any
) -> None:
    start, pairs = case
    begun = FIRST + timedelta(minutes=start)
    cut = [
        piece for begin, end in pairs for piece in ((begin, (begin + end) // 2), ((begin + end) // 2, end))
    ]
    order.shuffle(cut)
    whole = place.clock.due_with_pauses(begun, span, as_pauses(pairs))
    assert place.clock.due_with_pauses(begun, span, as_pauses(cut)) == whole


@given(case=cases(), span=spans)
def test_a_deadline_never_comes_during_a_pause_that_moved_it(place: Any, case: Any, span: Span) -> None:
    start, pairs = case
    begun = FIRST + timedelta(minutes=start)
    due = place.clock.due_with_pauses(begun, span, as_pauses(pairs))
    for pause in as_pauses(pairs):
        if pause.begin < due <= pause.end and pause.end > begun:
            # Only a pause without office time in it moves nothing.
            assert not place.clock.working_time(max(begun, pause.begin), pause.end)
            assert not span.basis.by_the_clock


@given(case=cases(), span=spans)
@settings(max_examples=300)
def test_the_explanation_counts_to_the_same_deadline(place: Any, case: Any, span: Span) -> None:
    start, pairs = case
    begun = FIRST + timedelta(minutes=start)
    told = place.clock.explain(begun, span, as_pauses(pairs))
    assert told.due == place.clock.due_with_pauses(begun, span, as_pauses(pairs))
    none = 0 if span.basis is Basis.WORKING_DAYS else timedelta()
    total = none
    for step in told.steps:
        assert bool(step.counted) == (step.kind is StepKind.COUNTED)
        total += step.counted
        assert step.total == total
    assert total == (span.amount if span.basis is Basis.WORKING_DAYS else span.duration)
    for earlier, later in pairwise(told.steps):
        assert earlier.day <= later.day
        if earlier.ends and later.begins:
            assert earlier.ends.timestamp() <= later.begins.timestamp()


def test_an_explanation_in_working_days_reads_like_counting_along(home: WorkClock) -> None:
    told = home.explain(at("2025-04-30 15:00"), days(2), [pause("05-06 11:00", "05-07 11:00")])
    assert [(s.day.isoformat()[5:], s.kind.value, s.what, s.counted, s.total) for s in told.steps] == [
        ("04-30", "start", "起始当日，不计（工作日）", 0, 0),
        ("05-01", "day_off", "节假日（劳动节）", 0, 0),
        ("05-02", "day_off", "节假日（劳动节）", 0, 0),
        ("05-03", "day_off", "节假日（劳动节）", 0, 0),
        ("05-04", "day_off", "节假日（劳动节）", 0, 0),
        ("05-05", "day_off", "节假日（劳动节）", 0, 0),
        ("05-06", "counted", "工作日", 1, 1),
        ("05-07", "paused", "暂停计时，不计（工作日）", 0, 1),
        ("05-08", "counted", "工作日", 1, 2),
    ]
    assert told.due == at("2025-05-08 20:00")
    assert "第 2 个工作日" in told.rule
    assert "第二百零一条" in told.rule


def test_an_explanation_says_when_a_pause_breaks_the_last_day(home: WorkClock) -> None:
    told = home.explain(at("2025-05-06 15:00"), days(1), [pause("05-07 11:00", "05-07 11:05")])
    assert [s.what for s in told.steps] == [
        "起始当日，不计（工作日）",
        "最后一日被暂停打断，不计（工作日）",
        "工作日",
    ]


def test_an_explanation_in_working_hours_shows_each_stretch(home: WorkClock) -> None:
    told = home.explain(
        at("2025-05-09 13:00"),
        Span(amount=6, basis=Basis.WORKING_HOURS),
        [pause("05-09 17:00", "05-09 18:00")],
    )
    hour = timedelta(hours=1)

    def clock_times(step: Step) -> str:
        return f"{step.begins:%d %H:%M}-{step.ends:%H:%M}" if step.begins else f"{step.day:%d}"

    assert [(clock_times(s), s.what, s.counted / hour, s.total / hour) for s in told.steps] == [
        ("09 13:00-14:00", "工作日", 1, 1),
        ("09 16:00-17:00", "工作日", 1, 2),
        ("09 17:00-18:00", "暂停计时，不计（工作日）", 0, 2),
        ("09 18:00-20:00", "工作日", 2, 4),
        ("10", "周末", 0, 4),
        ("11", "周末", 0, 4),
        ("12 10:00-12:00", "工作日", 2, 6),
    ]
    assert told.due == at("2025-05-12 12:00")


def test_an_explanation_by_the_clock_needs_no_calendar(home: WorkClock) -> None:
    start = datetime(2090, 5, 1, 12, tzinfo=BEIJING)
    still = Pause(begin=start + timedelta(hours=1))
    told = home.explain(
        start, Span(amount=2, basis=Basis.CLOCK_HOURS), [still], as_of=start + timedelta(hours=5)
    )
    assert [(s.kind, s.counted) for s in told.steps] == [
        (StepKind.COUNTED, timedelta(hours=1)),
        (StepKind.PAUSED, timedelta()),
        (StepKind.COUNTED, timedelta(hours=1)),
    ]
    assert told.due == start + timedelta(hours=6)
    assert told.steps[0].day == date(2090, 5, 1)

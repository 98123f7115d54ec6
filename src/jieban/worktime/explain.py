"""A deadline's arithmetic line by line.

Counted forward, day after day, not by the formulas of `clock`: the two must agree.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from jieban.kernel.i18n import tr
from jieban.worktime.span import Basis, Span
from jieban.worktime.timeline import Timeline

_ONE_DAY = timedelta(days=1)

Stretch = tuple[datetime, datetime]


class StepKind(StrEnum):
    """Why a line counts or doesn't."""

    START = "start"
    COUNTED = "counted"
    DAY_OFF = "day_off"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One line. `what` is in the reader's words; `begins` and `ends` are set where hours are counted.

    `counted` is what the line adds and `total` what has been counted so far: working days as int for a span in
    working days, else time.
    """

    day: date
    kind: StepKind
    what: str
    begins: datetime | None = None
    ends: datetime | None = None
    counted: int | timedelta
    total: int | timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """How `due` follows from `start` and `span`: the rule in a sentence, then the steps in order."""

    start: datetime
    span: Span
    due: datetime
    rule: str
    steps: tuple[Step, ...]


def explain(clock: Timeline, start: datetime, span: Span, pauses: Sequence[Stretch]) -> Explanation:
    """The explanation of a deadline; `pauses` neither overlap nor touch, are in order and not before `start`."""
    if span.basis is Basis.WORKING_DAYS:
        rule = tr(
            "起始当日不计,自次日起数工作日,截止于第 {n} 个工作日办公时间结束时(《民法典》第二百零一条、第二百零三条)。",
            n=span.amount,
        )
        steps = tuple(_days(clock, start, span.amount, pauses))
        due = clock.close_of(steps[-1].day)
    elif span.basis.by_the_clock:
        rule = tr("自起始时刻起按钟点连续计算(《民法典》第二百零一条)。")
        steps, due = _take(_clock_pieces(clock, start, pauses), span.duration, clock.tz)
    else:
        rule = tr("自起始时刻起只计工作日的办公时间。")
        steps, due = _take(_office_pieces(clock, start, pauses), span.duration, clock.tz)
    return Explanation(start=start.astimezone(clock.tz), span=span, due=due, rule=rule, steps=steps)


def _days(clock: Timeline, start: datetime, amount: int, pauses: Sequence[Stretch]) -> Iterator[Step]:
    felt = [(begin, end) for begin, end in pauses if clock.working_time(begin, end)]
    over = [(clock.local_date(begin), clock.local_date(end)) for begin, end in felt]
    day, total = clock.local_date(start), 0
    what = tr("起始当日,不计({kind})", kind=clock.calendar.describe(day))
    yield Step(day=day, kind=StepKind.START, what=what, counted=0, total=0)
    while total < amount:
        day += _ONE_DAY
        what, kind, counted = clock.calendar.describe(day), StepKind.COUNTED, 0
        if not clock.calendar.is_workday(day):
            kind = StepKind.DAY_OFF
        elif any(first < day <= last for first, last in over):
            kind, what = StepKind.PAUSED, tr("暂停计时,不计({kind})", kind=what)
        elif total + 1 == amount and _breaks_into(clock, day, felt):
            kind, what = StepKind.PAUSED, tr("最后一日被暂停打断,不计({kind})", kind=what)
        else:
            counted = 1
        total += counted
        yield Step(day=day, kind=kind, what=what, counted=counted, total=total)


def _breaks_into(clock: Timeline, day: date, pauses: Sequence[Stretch]) -> bool:
    close = clock.close_of(day).astimezone(UTC)
    return any(clock.local_date(begin) == day and begin < close for begin, _ in pauses)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """A stretch in UTC that counts or not; a day off is a piece without length."""

    begins: datetime
    ends: datetime
    kind: StepKind
    day: date
    what: str


def _clock_pieces(clock: Timeline, start: datetime, pauses: Sequence[Stretch]) -> Iterator[_Piece]:
    position = start.astimezone(UTC)
    far = datetime.max.replace(tzinfo=UTC)
    for begins, ends, kind in _cut((position, far), pauses):
        what = tr("连续计时") if kind is StepKind.COUNTED else tr("暂停计时,不计")
        yield _Piece(begins=begins, ends=ends, kind=kind, day=clock.local_date(begins), what=what)


def _office_pieces(clock: Timeline, start: datetime, pauses: Sequence[Stretch]) -> Iterator[_Piece]:
    position, day = start.astimezone(UTC), clock.local_date(start)
    while True:
        what = clock.calendar.describe(day)
        stretches = clock.office_time(day)
        if not stretches:
            yield _Piece(begins=position, ends=position, kind=StepKind.DAY_OFF, day=day, what=what)
        for opens, closes in stretches:
            office = (max(opens.astimezone(UTC), position), closes.astimezone(UTC))
            for begins, ends, kind in _cut(office, pauses):
                text = what if kind is StepKind.COUNTED else tr("暂停计时,不计({kind})", kind=what)
                yield _Piece(begins=begins, ends=ends, kind=kind, day=day, what=text)
        day += _ONE_DAY


def _cut(whole: Stretch, pauses: Sequence[Stretch]) -> Iterator[tuple[datetime, datetime, StepKind]]:
    """`whole` cut where pauses begin and end."""
    position, last = whole
    for begin, end in pauses:
        pause = (max(begin, position), min(end, last))
        if pause[0] >= pause[1]:
            continue
        if position < pause[0]:
            yield position, pause[0], StepKind.COUNTED
        yield *pause, StepKind.PAUSED
        position = pause[1]
    if position < last:
        yield position, last, StepKind.COUNTED


def _take(pieces: Iterator[_Piece], wanted: timedelta, tz: ZoneInfo) -> tuple[tuple[Step, ...], datetime]:
    """The steps until `wanted` (above 0) has been counted, and when that is."""
    steps: list[Step] = []
    total = timedelta()
    for piece in pieces:
        ends, counted = piece.ends, timedelta()
        if piece.kind is StepKind.COUNTED:
            counted = min(ends - piece.begins, wanted - total)
            ends = piece.begins + counted
        total += counted
        timed = piece.kind is not StepKind.DAY_OFF
        steps.append(
            Step(
                day=piece.day,
                kind=piece.kind,
                what=piece.what,
                begins=piece.begins.astimezone(tz) if timed else None,
                ends=ends.astimezone(tz) if timed else None,
                counted=counted,
                total=total,
            )
        )
        if total == wanted:
            return tuple(steps), ends.astimezone(tz)
    raise AssertionError("time goes on")

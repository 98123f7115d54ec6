"""A stored deadline's arithmetic, line by line: counted forward from what is stored, to be held against it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import assert_never

from jieban.kernel.i18n import tr, tr_later
from jieban.orders.clocks import Change, ChangeKind, Settled, due_or_provisional, settled
from jieban.orders.engine.follow import run_of
from jieban.orders.engine.write import ADDED, CONFIG
from jieban.orders.models import Clock, Event, Handling, Order
from jieban.people.acts import Act
from jieban.people.words import ACT_NAMES
from jieban.profile.city import Profile
from jieban.worktime import Basis, Explanation, Pause, Span, StepKind, UnknownYear, WorkClock

_MOMENT = timedelta(microseconds=1)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A line of counting: a day, what it is, and what it adds (None where it adds nothing) up to which total."""

    day: date
    begins: datetime | None
    ends: datetime | None
    what: str
    counted: str | None
    total: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """The start of a clock or one change to it: what happened, how it is counted, and the deadline so far."""

    kind: str
    at: datetime
    what: str
    rule: str | None
    source: str | None
    notes: tuple[str, ...]
    lines: tuple[Line, ...]
    due: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """A clock and its arithmetic. `unit` is None for the order's own; `equal` says whether the stored deadline holds.

    `made_under` is the version of the profile under which the clock was made; `accounts_of` tells it where the stored
    deadline doesn't hold.
    `recomputed` is None while the calendar of a year is missing; the stored one is then a guess, if it says so.
    """

    handling: int | None
    unit: str | None
    level: str
    stage: str
    round: int
    rule: str
    made_under: str | None
    parts: tuple[Part, ...]
    due: datetime
    provisional: bool
    recomputed: datetime | None
    equal: bool
    paused_at: datetime | None
    stopped_at: datetime | None
    dropped: bool

    @property
    def late(self) -> bool | None:
        """Whether what was due was done late; None while it isn't done, or isn't owed, or can't be known."""
        if self.stopped_at is None or self.provisional:
            return None
        return self.stopped_at > self.due


def accounts_of(order: Order, profile: Profile) -> tuple[Account, ...]:
    """The arithmetic of every clock of an order and its handlings: the order's own first, earlier rounds first."""
    handlings = {each.pk: each for each in Handling.objects.filter(order=order)}
    clocks = [
        (handlings[each.handling_id] if each.handling_id is not None else None, each)
        for each in Clock.objects.filter(order=order)
    ]
    clocks.sort(key=lambda pair: (pair[0].serial if pair[0] else 0, pair[1].round, pair[1].stage != "sign"))
    accounts = [(clock, handling, account_of(clock, handling, profile)) for handling, clock in clocks]
    return tuple(
        account if account.equal else replace(account, made_under=made_under(clock, handling))
        for clock, handling, account in accounts
    )


def account_of(clock: Clock, handling: Handling | None, profile: Profile) -> Account:
    """The arithmetic of one clock. Never raises for a missing calendar: it says so."""
    run = run_of(clock)
    guess = due_or_provisional(run, profile.clock)
    parts = tuple(_parts(clock, profile))
    recomputed = parts[-1].due
    equal = (
        clock.provisional and clock.due_at == guess.at
        if recomputed is None
        else not clock.provisional and clock.due_at == recomputed
    )
    return Account(
        handling=handling.serial if handling is not None else None,
        unit=handling.unit if handling is not None else None,
        level=clock.level,
        stage=clock.stage,
        round=clock.round,
        rule=next((each.rule for each in reversed(parts) if each.rule is not None), clock.rule),
        made_under=None,
        parts=parts,
        due=clock.due_at,
        provisional=clock.provisional,
        recomputed=recomputed,
        equal=equal,
        paused_at=clock.paused_at,
        stopped_at=clock.stopped_at,
        dropped=clock.dropped,
    )


def made_under(clock: Clock, handling: Handling | None) -> str | None:
    """The version of the profile under which a clock was made, as the event tells that made it; None if none does."""
    whose = f"handling:{handling.serial}" if handling is not None else "order"
    name = f"clock:{whose}:{clock.stage}:{clock.round}"
    for told in Event.objects.filter(order=clock.order_id).values_list("data", flat=True):
        data = json.loads(told)
        if name in data.get(ADDED, {}):
            return str(data[CONFIG])
    return None


def _parts(clock: Clock, profile: Profile) -> Iterable[Part]:
    sources = {rule.id: rule.source for rule in profile.deadline_rules}
    run, work = run_of(clock), profile.clock
    counted = _counted(work, run.started_at, run.span)
    yield Part(
        kind="start",
        at=run.started_at,
        what=tr("开始计时,期限 {span}", span=run.span.describe()),
        rule=run.rule,
        source=sources.get(run.rule),
        notes=(),
        lines=counted.lines,
        due=counted.due,
    )
    for number, change in enumerate(run.changes, start=1):
        so_far = settled(replace(run, changes=run.changes[:number]))
        match change.kind:
            case ChangeKind.RESTART:
                counted = _counted(work, change.at, so_far.span)
            case ChangeKind.RECLASSIFY:
                counted = _recounted(work, so_far)
            case ChangeKind.PAUSE | ChangeKind.EXTEND:
                counted = _moved(work, counted.due, change, so_far.span)
            case ChangeKind.REASSIGN:
                counted = _Counted(due=counted.due)
            case _:
                assert_never(change.kind)
        yield Part(
            kind=change.kind.value,
            at=change.at,
            what=_said(change, so_far.span, work),
            rule=change.rule,
            source=sources.get(change.rule) if change.rule is not None else None,
            notes=counted.notes,
            lines=counted.lines,
            due=counted.due,
        )


def _said(change: Change, span: Span, work: WorkClock) -> str:
    match change.kind:
        case ChangeKind.RESTART:
            act = tr_later(ACT_NAMES[Act(change.why)]) if change.why is not None else ""
            return tr("{act},重新起算,期限 {span}", act=act, span=span.describe())
        case ChangeKind.RECLASSIFY:
            return tr("分类改变,自原起点按 {span}重算", span=span.describe())
        case ChangeKind.PAUSE:
            until = change.until if change.until is not None else change.at
            return tr("暂停至 {until},等待诉求人补充", until=f"{until.astimezone(work.tz):%Y-%m-%d %H:%M}")
        case ChangeKind.EXTEND:
            return tr("延期 {n} 个工作日,自原期限次日起数", n=change.days)
        case ChangeKind.REASSIGN:
            return tr("改派,期限不变")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Counted:
    """Where a piece of counting leads; `due` is None while a year's calendar is missing."""

    due: datetime | None
    lines: tuple[Line, ...] = ()
    notes: tuple[str, ...] = ()


def _counted(work: WorkClock, start: datetime, span: Span) -> _Counted:
    try:
        found = work.explain(start, span)
    except UnknownYear:
        return _Counted(due=None)
    return _Counted(due=found.due.astimezone(UTC), lines=_lines(found))


def _recounted(work: WorkClock, so_far: Settled) -> _Counted:
    """From the start that holds, with all that moved the deadline since."""
    whole = _counted(work, so_far.started_at, so_far.span)
    for move in so_far.moves:
        more = _moved(work, whole.due, move, so_far.span)
        whole = _Counted(due=more.due, lines=whole.lines + more.lines, notes=whole.notes + more.notes)
    return whole


def _moved(work: WorkClock, due: datetime | None, move: Change, span: Span) -> _Counted:
    if due is None:
        return _Counted(due=None)
    try:
        if move.days is None:
            return _paused(work, due, move, span)
        found = work.explain(due - _MOMENT, Span(amount=move.days, basis=Basis.WORKING_DAYS))
    except UnknownYear:
        return _Counted(due=None)
    return _Counted(due=found.due.astimezone(UTC), lines=_lines(found)[1:])


def _paused(work: WorkClock, due: datetime, pause: Change, span: Span) -> _Counted:
    until = pause.until if pause.until is not None else pause.at
    if pause.at >= due:
        return _Counted(due=due, notes=(tr("暂停时期限已到,不再顺延"),))
    if span.basis.by_the_clock:
        lost = until - pause.at
        return _Counted(due=due + lost, notes=(tr("暂停 {lost},期限同样顺延", lost=_length(lost)),))
    office = work.working_time(pause.at, until)
    if not office:
        return _Counted(due=due, notes=(tr("暂停期间没有办公时间,期限不变"),))
    if span.basis is not Basis.WORKING_DAYS:
        moved = work.after_pause(due, span.basis, Pause(begin=pause.at, end=until)).astimezone(UTC)
        text = tr("暂停占去办公时间 {lost},期限顺延同样长的办公时间", lost=_length(office))
        return _Counted(due=moved, notes=(text,))
    begun, last = work.local_date(pause.at), work.local_date(due - _MOMENT)
    left = max(1, work.calendar.working_days_between(begun, last))
    found = work.explain(until, Span(amount=left, basis=Basis.WORKING_DAYS))
    return _Counted(
        due=max(due, found.due.astimezone(UTC)),
        lines=_lines(found)[1:],
        notes=(tr("暂停时还剩 {n} 个工作日,自恢复次日起接着数", n=left),),
    )


def _lines(found: Explanation) -> tuple[Line, ...]:
    return tuple(
        Line(
            day=step.day,
            begins=step.begins,
            ends=step.ends,
            what=step.what,
            counted=_amount(step.counted) if step.kind is StepKind.COUNTED else None,
            total=_amount(step.total) if step.kind is StepKind.COUNTED else None,
        )
        for step in found.steps
    )


def _amount(value: int | timedelta) -> str:
    return tr("{n} 个工作日", n=value) if isinstance(value, int) else _length(value)


def _length(value: timedelta) -> str:
    days, minutes = divmod(-(-value // _MINUTE), 24 * 60)
    hours, minutes = divmod(minutes, 60)
    words = [
        tr("{n} 天", n=days) if days else "",
        tr("{n} 小时", n=hours) if hours else "",
        tr("{n} 分钟", n=minutes) if minutes else "",
    ]
    return " ".join(word for word in words if word) or tr("{n} 分钟", n=0)

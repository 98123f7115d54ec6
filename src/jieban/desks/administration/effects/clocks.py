"""What other rules or another calendar would have made of the clocks that were started lately, and of running ones."""

from calendar import isleap
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from jieban.kernel.i18n import tr
from jieban.orders.clocks import Run, due_of
from jieban.orders.engine.follow import run_of
from jieban.orders.jobs.recompute import run_of_petition
from jieban.orders.models import OPEN_PETITIONS, Clock, Petition
from jieban.profile.city import Profile
from jieban.profile.model import DeadlineRule, Level, Stage, Urgency
from jieban.worktime import Basis, UnknownYear, WorkCalendar, WorkClock

_LATELY = timedelta(days=31)
LOOKED_AT = 1000
"""As many clocks as are recomputed for a preview of rules, the latest first."""
MOVED_AT = 5000
"""As many as are recomputed for one of the calendar, of those that run over a day which changes."""


@dataclass(kw_only=True, slots=True)
class _Shift:
    """What would have been otherwise of the clocks of one level and stage."""

    looked_at: int = 0
    changed: int = 0
    days: list[int] = field(default_factory=list)
    by_clock: list[timedelta] = field(default_factory=list)
    late_before: int = 0
    late_after: int = 0


def deadline_effects(before: Profile, after: Profile, first_day: date, now: datetime) -> list[str]:
    """What the new table would have made of the clocks of the last month, by level and stage."""
    day = _turn(before, after, first_day)
    shifts: dict[tuple[str, str], _Shift] = {}
    for clock in _lately(now):
        pair = [_rule(profile, clock, day) for profile in (before, after)]
        shift = shifts.setdefault((clock.level, clock.stage), _Shift())
        shift.looked_at += 1
        if pair[0] is not None and pair[1] is not None and pair[0].span != pair[1].span:
            _note(shift, clock, pair[0], pair[1], after.clock)
    said = [
        _said(level, stage, told)
        for level in Level
        for stage in Stage
        if (told := shifts.get((level.value, stage.value))) is not None and told.changed
    ]
    looked_at = sum(each.looked_at for each in shifts.values())
    if not said and looked_at:
        said.append(tr("近一个月起算的期限,没有一个会因此不同。"))
    if looked_at == LOOKED_AT:
        said.append(tr("近一个月起算的期限不止这些:以上只看了最近起算的 {n} 个。", n=looked_at))
    if before.extension != after.extension:
        said.append(tr("此后提出的延期按新规定;已经批准的不变。"))
    if before.deadline_rules != after.deadline_rules:
        said.append(tr("已经起算的期限不变,除非工单改了类型或紧急程度、重新派单。"))
    return said


def calendar_effects(before: Profile, after: Profile) -> list[str]:
    """How many running deadlines, and terms to decide on returns, another calendar would move."""
    said = []
    if before.clock.calendar != after.clock.calendar:
        said += _moved_by(before.clock, after.clock)
    if before.clock.hours != after.clock.hours:
        said.append(tr("此后起算的期限按新的办公时间;已经起算的不变,除非日历的日子也改了。"))
    return said


def _moved_by(before: WorkClock, after: WorkClock) -> list[str]:
    changed = _changed_days(before, after)
    running = Clock.objects.filter(stopped_at__isnull=True, dropped=False, paused_at__isnull=True)
    waiting = Petition.objects.filter(state__in=sorted(OPEN_PETITIONS), decide_by__isnull=False)
    whole = running.count() + waiting.count()
    if changed is None:
        return [tr("正在计时的 {n} 个期限都不受影响。", n=whole)]
    begin, end = changed
    # What is due before the first day that changes, or starts after the last, runs over none.
    over = running.filter(due_at__gte=begin, started_at__lt=end).order_by("due_at")
    asked = waiting.filter(decide_by__gte=begin, asked_at__lt=end).order_by("decide_by")
    runs: list[tuple[Run, datetime | None]] = [(run_of(each), each.due_at) for each in over[:MOVED_AT]]
    runs += [(run_of_petition(each), each.decide_by) for each in asked[: MOVED_AT - len(runs)]]
    later = earlier = 0
    for run, due in runs:
        try:
            old, new = due_of(run, before), due_of(run, after)
        except UnknownYear:
            continue
        # What a ledger stated otherwise stays as it is.
        if old == due:
            later, earlier = later + (new > old), earlier + (new < old)
    if later or earlier:
        said = [
            tr(
                "正在计时的 {whole} 个期限中,{n} 个推后、{m} 个提前:下一次运行 jieban clocks run 时重算,"
                "写入各工单的留痕。",
                whole=whole,
                n=later,
                m=earlier,
            )
        ]
    else:
        said = [tr("正在计时的 {n} 个期限都不受影响。", n=whole)]
    reaching = len(runs) if len(runs) < MOVED_AT else over.count() + asked.count()
    if reaching > len(runs):
        said = [
            tr(
                "正在计时的 {whole} 个期限中,{reaching} 个跨过改动的日子;只算了其中到期最早的 {looked} 个:"
                "{n} 个推后、{m} 个提前。下一次运行 jieban clocks run 时全部重算,写入各工单的留痕。",
                whole=whole,
                reaching=reaching,
                looked=len(runs),
                n=later,
                m=earlier,
            )
        ]
    return said


def _changed_days(before: WorkClock, after: WorkClock) -> tuple[datetime, datetime] | None:
    """From the beginning of the first to the end of the last day on which only one of two calendars has work."""
    years = before.calendar.known_years() | after.calendar.known_years()
    every = (
        date(year, 1, 1) + timedelta(days=n)
        for year in sorted(years)
        for n in range(366 if isleap(year) else 365)
    )
    changed = [day for day in every if _works(before.calendar, day) != _works(after.calendar, day)]
    if not changed:
        return None
    first, last = (datetime.combine(day, time.min, tzinfo=before.tz) for day in (changed[0], changed[-1]))
    return first, last + timedelta(days=1)


def _works(calendar: WorkCalendar, day: date) -> bool | None:
    try:
        return calendar.is_workday(day)
    except UnknownYear:
        return None


def _turn(before: Profile, after: Profile, first_day: date) -> date:
    """The first day, not before `first_day`, on which the rules differ."""
    old = {rule.id: rule for rule in before.deadline_rules}
    new = {rule.id: rule for rule in after.deadline_rules}
    starts = [
        rule.validity.first
        for rule in after.deadline_rules
        if old.get(rule.id) != rule and rule.validity.first is not None and rule.validity.first > first_day
    ]
    ends = [
        rule.validity.last + timedelta(days=1)
        for rule in new.values()
        if old.get(rule.id) != rule and rule.validity.last is not None and rule.validity.last >= first_day
    ]
    return min([*starts, *ends], default=first_day)


def _lately(now: datetime) -> Iterator[Clock]:
    found = Clock.objects.select_related("order").order_by("-pk")[:LOOKED_AT]
    return (each for each in found if each.started_at >= now - _LATELY)


def _rule(profile: Profile, clock: Clock, day: date) -> DeadlineRule | None:
    order = clock.order
    if order.request_type not in profile.request_types:
        return None
    return profile.deadline_rule(
        Level(clock.level),
        Stage(clock.stage),
        request_type=order.request_type,
        urgency=Urgency(order.urgency),
        channel=order.channel,
        on=day,
    )


def _note(shift: _Shift, clock: Clock, old: DeadlineRule, new: DeadlineRule, work: WorkClock) -> None:
    shift.changed += 1
    try:
        dues = [
            due_of(Run(rule=rule.id, span=rule.span, started_at=clock.started_at), work)
            for rule in (old, new)
        ]
    except UnknownYear:
        return
    if old.basis is new.basis is Basis.WORKING_DAYS:
        shift.days.append(new.amount - old.amount)
    else:
        shift.by_clock.append(dues[1] - dues[0])
    if clock.stopped_at is not None and not clock.dropped:
        shift.late_before += clock.stopped_at > dues[0]
        shift.late_after += clock.stopped_at > dues[1]


def _said(level: Level, stage: Stage, shift: _Shift) -> str:
    return tr(
        "近一个月的 {n} 个{whose}{stage}时限,{m} 个会不同,{by};照当时的办理,超期的由 {before} 个变为 {after} 个。",
        n=shift.looked_at,
        whose=tr("工单") if level is Level.ORDER else tr("承办"),
        stage=tr("签收") if stage is Stage.SIGN else tr("办结"),
        m=shift.changed,
        by=_mean(shift),
        before=shift.late_before,
        after=shift.late_after,
    )


def _mean(shift: _Shift) -> str:
    said = []
    if shift.days:
        said.append(_moved(sum(shift.days) / len(shift.days), tr("个工作日")))
    if shift.by_clock:
        mean = sum(shift.by_clock, timedelta()) / len(shift.by_clock)
        said.append(_moved(mean.total_seconds() / 3600, tr("小时")))
    return "、".join(said)


def _moved(mean: float, unit: str) -> str:
    number = f"{abs(mean):.1f}"
    if mean < 0:
        return tr("平均缩短 {number} {unit}", number=number, unit=unit)
    return tr("平均延长 {number} {unit}", number=number, unit=unit)

"""Extensions: more working days for a handling, asked for before its deadline and decided by the centre."""

from datetime import datetime

from jieban.kernel.i18n import tr
from jieban.orders.clocks import Change, ChangeKind, settled
from jieban.orders.engine.follow import change_clock, handling_clocks, order_clocks, run_of
from jieban.orders.engine.needs import need_reason
from jieban.orders.engine.perform import Done, perform
from jieban.orders.engine.petitions import ask, decide, need_petition, refuse_second, who_asked
from jieban.orders.engine.step import Step
from jieban.orders.errors import BadValue, TooLate
from jieban.orders.models import Clock, Petition, PetitionKind
from jieban.people.actor import Actor
from jieban.people.acts import Act
from jieban.profile.model import Stage

_KIND = PetitionKind.EXTENSION


def ask_extension(*, order: str, handling: int, days: int, reason: str, actor: Actor, now: datetime) -> Done:
    """Ask for `days` working days more. The profile says how often and how long a deadline may be put off.

    Raises TooLate after the deadline or when it was extended often enough, BadValue for a number of days that can't
    be, WrongState while a request waits, Missing without a reason.
    """

    def body(step: Step) -> None:
        refuse_second(step, _KIND)
        need_reason(step, reason)
        clock = _close_clock(step)
        _refuse_past(step, clock)
        times, most = step.profile.extension.times, step.profile.extension.working_days
        if len(_extensions(clock)) >= times:
            raise TooLate(tr("期限最多延 {n} 次,已用完。", n=times), fix=tr("请抓紧办理,并报告进展。"))
        _check_days(days, most)
        ask(step, _KIND, days=days)

    return perform(Act.ASK_EXTENSION, body, order=order, handling=handling, actor=actor, now=now)


def decide_extension(
    *,
    order: str,
    handling: int,
    granted: bool,
    reason: str,
    actor: Actor,
    now: datetime,
    days: int | None = None,
) -> Done:
    """Give the unit more time, `days` if fewer than it asked for, or not.

    The order's deadline moves by what the extension exceeds those that moved it before, if the profile has it so.
    Raises TooLate for an approval after the deadline where the profile wants it before, WrongState when nothing was
    asked, BadValue for more days than were asked, Missing without a reason.
    """

    def body(step: Step) -> None:
        petition = need_petition(step, _KIND)
        need_reason(step, reason)
        decide(step, petition, granted=granted)
        if granted:
            _extend(step, petition, days)
        elif days is not None:
            raise BadValue(tr("没有同意延期,不能写延期天数。"), fix=tr("请去掉天数,或同意延期。"))

    return perform(
        Act.DECIDE_EXTENSION, body, order=order, handling=handling, actor=actor, now=now, did=who_asked(_KIND)
    )


def _extend(step: Step, petition: Petition, days: int | None) -> None:
    asked = petition.days or 0
    given = asked if days is None else days
    _check_days(given, asked)
    clock = _close_clock(step)
    if step.profile.extension.approval_before_deadline:
        _refuse_past(step, clock)
    change_clock(step, clock, Change(kind=ChangeKind.EXTEND, at=step.at, days=given))
    mine = step.handling
    step.set(mine, extensions=mine.extensions + 1, extension_days=mine.extension_days + given)
    step.fact(days=given)
    if not step.profile.extension.extends_order:
        return
    for order_clock in order_clocks(step):
        excess = sum(_extensions(clock)) - sum(_extensions(order_clock))
        if order_clock.stage == Stage.CLOSE and excess > 0:
            change_clock(step, order_clock, Change(kind=ChangeKind.EXTEND, at=step.at, days=excess))


def _close_clock(step: Step) -> Clock:
    return next(each for each in handling_clocks(step, step.handling) if each.stage == Stage.CLOSE)


def _extensions(clock: Clock) -> list[int]:
    return [each.days for each in settled(run_of(clock)).moves if each.days is not None]


def _refuse_past(step: Step, clock: Clock) -> None:
    # A clock that stood still before its deadline came can't have passed it.
    stood = clock.paused_at is not None and clock.paused_at < clock.due_at
    if step.at > clock.due_at and not stood:
        raise TooLate(
            tr(
                "办结期限 {due} 已过,不能延期。",
                due=f"{clock.due_at.astimezone(step.profile.clock.tz):%Y-%m-%d %H:%M}",
            ),
            fix=tr("请尽快答复,并说明超期原因。"),
        )


def _check_days(days: int, most: int) -> None:
    if not 1 <= days <= most:
        raise BadValue(
            tr("延期 {n} 个工作日不在 1 至 {most} 之间。", n=days, most=most),
            fix=tr("请改正延期天数。"),
        )

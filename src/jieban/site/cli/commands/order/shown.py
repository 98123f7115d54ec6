"""The words of `jieban order show`."""

from datetime import datetime
from typing import TYPE_CHECKING

from jieban.kernel.i18n import listed, tr, tr_in, tr_later
from jieban.site.cli.columns import aligned
from jieban.site.cli.commands.order.clock import instant

if TYPE_CHECKING:
    from jieban.orders.view import ClockView, OrderView
    from jieban.profile.city import Profile

_NOTHING = "—"


def view_lines(view: "OrderView", profile: "Profile") -> list[str]:
    """The order, its handlings, clocks and trail, each a table."""
    handlings = aligned(_handling_rows(view, profile), indent="  ")
    return [
        *aligned(_facts(view, profile)),
        "",
        tr("承办"),
        *(handlings or ["  " + tr("没有派给任何单位")]),
        "",
        tr("时限"),
        *aligned((_clock_row(each, view, profile) for each in view.clocks), indent="  "),
        "",
        tr("留痕"),
        *aligned(_trail_rows(view, profile), indent="  "),
    ]


def _facts(view: "OrderView", profile: "Profile") -> list[tuple[str, str]]:
    from jieban.orders.states import ORDER_STATE_NAMES, OrderState  # noqa: PLC0415  # imported with the live platform

    box = profile.mailboxes[view.mailbox] if view.mailbox is not None else None
    scheme = profile.order_scheme if box is None else box.scheme
    received = profile.clock.local_date(view.received_at)
    topic = profile.topic_name(scheme, view.topic, received)
    if view.subtopic is not None:
        topic += " / " + profile.subtopic_name(scheme, view.topic, view.subtopic, received)
    marks = [
        word
        for holds, word in (
            (view.anonymous, tr("匿名")),
            (view.confidential, tr("保密")),
            (view.excluded, tr("不纳入考核")),
            (view.round > 0, tr("重新办理 {n} 次", n=view.round)),
        )
        if holds
    ]
    channel = profile.channels.get(view.channel)
    names = [channel.name if channel is not None else "", *([box.name] if box is not None else [])]
    rows = [
        (tr("工单"), view.number),
        (tr("状态"), tr_later(ORDER_STATE_NAMES[OrderState(view.state)])),
        (tr("渠道"), " / ".join(name for name in names if name)),
        (tr("类型"), profile.request_types[view.request_type].name),
        (tr("诉求分类"), topic),
        (tr("紧急程度"), profile.label("urgency", view.urgency).name),
        (tr("街道乡镇"), profile.streets[view.street].name if view.street is not None else _NOTHING),
        (tr("诉求人"), _requester(view)),
        (tr("标记"), listed(marks) or _NOTHING),
        (tr_in("time", "受理"), _maybe(view.received_at, profile)),
        (tr_in("time", "派单"), _maybe(view.dispatched_at, profile)),
        (tr_in("time", "签收"), _maybe(view.signed_at, profile)),
        (tr_in("time", "办结"), _maybe(view.closed_at, profile)),
        (tr_in("time", "结案"), _maybe(view.concluded_at, profile)),
    ]
    if view.disposition is not None:
        rows.insert(2, (tr("去向"), profile.label("disposition", view.disposition).name))
    return rows


def _requester(view: "OrderView") -> str:
    if view.redacted:
        return tr("已按保存期限清除")
    if view.confidential:
        return tr("保密,不显示")
    contact = view.requester
    if contact is None or contact.empty:
        return tr("没有留下")
    return " ".join(each for each in (contact.name, contact.phone) if each)


def _handling_rows(view: "OrderView", profile: "Profile") -> list[tuple[str, ...]]:
    from jieban.orders.states import HANDLING_STATE_NAMES, HandlingState  # noqa: PLC0415  # as above

    rows = [
        (
            str(each.serial),
            _unit(each.unit, profile),
            profile.label("role", each.part).name,
            tr_later(HANDLING_STATE_NAMES[HandlingState(each.state)]),
            _maybe(each.dispatched_at, profile),
            _maybe(each.signed_at, profile),
            _maybe(each.closed_at, profile),
        )
        for each in view.handlings
    ]
    times = (tr_in("time", "派单"), tr_in("time", "签收"), tr_in("time", "办结"))
    heading = ("", tr("单位"), tr("分工"), tr("状态"), *times)
    return [heading, *rows] if rows else []


def _clock_row(clock: "ClockView", view: "OrderView", profile: "Profile") -> tuple[str, ...]:
    whose = tr("工单")
    if clock.handling is not None:
        unit = next(each.unit for each in view.handlings if each.serial == clock.handling)
        whose = f"{clock.handling} {_unit(unit, profile)}"
    stage = {"sign": tr_in("deadline", "签收"), "close": tr_in("deadline", "办结")}[clock.stage]
    again = tr("第 {n} 次重新办理", n=clock.round) if clock.round else ""
    due = instant(clock.due_at, profile)
    return whose, stage, again, tr("{due}(暂定)", due=due) if clock.provisional else due, _standing(clock)


def _standing(clock: "ClockView") -> str:
    if clock.dropped:
        return tr("不再计时")
    if clock.stopped_at is not None:
        return tr("超期完成") if clock.stopped_at > clock.due_at else tr("按期完成")
    return tr("暂停") if clock.paused_at is not None else tr("正在计时")


def _trail_rows(view: "OrderView", profile: "Profile") -> list[tuple[str, ...]]:
    from jieban.people.acts import Act  # noqa: PLC0415  # as above
    from jieban.people.words import ACT_NAMES  # noqa: PLC0415

    return [
        (
            str(each.seq),
            instant(each.at, profile),
            tr_later(ACT_NAMES[Act(each.act)]),
            tr("承办 {serial}", serial=each.handling) if each.handling is not None else "",
            each.username or each.actor,
        )
        for each in view.trail
    ]


def _unit(code: str, profile: "Profile") -> str:
    unit = profile.units.get(code)
    return unit.short_name if unit is not None else code


def _maybe(at: datetime | None, profile: "Profile") -> str:
    return instant(at, profile) if at is not None else _NOTHING

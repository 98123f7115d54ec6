"""What an act changes in an order, in words: state, units, deadlines, marks."""

from dataclasses import dataclass
from datetime import datetime

from jieban.desks.shell import words
from jieban.kernel.i18n import listed, tr
from jieban.orders.models import Clock, Handling, Order
from jieban.orders.states import GONE


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """How an order stands: what an act can change of it that matters to whoever decides."""

    order: Order
    units: dict[int, tuple[str, str]]
    due: dict[tuple[int, str], datetime]


def standing(number: str) -> Standing:
    """How the order stands now. Three queries."""
    order = Order.objects.get(number=number)
    handlings = Handling.objects.filter(order=order).exclude(state__in=sorted(GONE)).order_by("serial")
    clocks = Clock.objects.filter(order=order, stopped_at__isnull=True, dropped=False)
    running = clocks.values_list("handling__serial", "stage", "due_at")
    return Standing(
        order=order,
        units={each.serial: (each.unit, each.state) for each in handlings},
        due={(serial or 0, stage): due_at for serial, stage, due_at in running},
    )


def effect(before: Standing, after: Standing) -> tuple[str, ...]:
    """What is different afterwards, the most telling first."""
    was, now = before.order, after.order
    at = now.received_at
    told: list[str] = []
    if was.state != now.state:
        told.append(f"{words.order_state(was.state)} → {words.order_state(now.state)}")
    came = [words.unit(unit, at) for serial, (unit, _) in after.units.items() if serial not in before.units]
    gone = [words.unit(unit, at) for serial, (unit, _) in before.units.items() if serial not in after.units]
    if came:
        told.append(tr("派给{units}", units=listed(came)))
    if gone:
        told.append(tr("{units}不再承办", units=listed(gone)))
    if now.urged > was.urged:
        told.append(tr("第 {n} 次催办", n=now.urged))
    if now.escalated_at != was.escalated_at:
        told.append(tr("升级督办"))
    elif now.supervised_at != was.supervised_at:
        told.append(tr("列入督办"))
    told += _deadlines(before, after)
    return tuple(told)


def _deadlines(before: Standing, after: Standing) -> list[str]:
    """Order deadlines, and those of handlings, that are new or moved: only a unit's where it has one."""
    moved = {key: due for key, due in after.due.items() if before.due.get(key) != due}
    whose = {key for key in moved if key[0]} or set(moved)
    return [
        tr("{stage}期限 {at}", stage=words.stage(stage), at=words.short_moment(due))
        for stage, due in sorted({(key[1], moved[key]) for key in whose}, key=lambda each: each[1])
    ]

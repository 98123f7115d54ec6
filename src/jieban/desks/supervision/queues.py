"""What a supervisor watches: what is late or will be, and how far each has come on the ladder of pressing."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from functools import partial

from django.db.models import Q, QuerySet

from jieban.desks.queues.find import WHOLE, running
from jieban.desks.queues.queue import Entries, Queue
from jieban.kernel.i18n import later, tr
from jieban.orders.models import Clock, Handling, Order
from jieban.orders.states import GONE, HandlingState, OrderState
from jieban.people.actor import Actor
from jieban.people.acts import Act
from jieban.people.city import city
from jieban.profile.model import Level, Stage

OPEN = tuple(each.value for each in (HandlingState.AWAITING, HandlingState.HANDLING, HandlingState.PAUSED))
DAY, TWO_DAYS = timedelta(hours=24), timedelta(hours=48)
_UNDER_WAY = tuple(each.value for each in (OrderState.RECORDED, OrderState.DISPATCHED, OrderState.HANDLING))
_PRESS = (Act.URGE, Act.SUPERVISE, Act.ESCALATE)


def closing(now: datetime, *, ahead: timedelta | None) -> "QuerySet[Clock]":
    """Running clocks to the close of handlings that units have in hand: late ones, or due within `ahead` from now."""
    found = running(Level.HANDLING, Stage.CLOSE).filter(handling__state__in=OPEN)
    if ahead is None:
        return found.filter(due_at__lte=now)
    return found.filter(due_at__gt=now, due_at__lte=now + ahead)


def unsigned(now: datetime) -> "QuerySet[Clock]":
    """Running clocks to the signature of handlings whose time to sign is over."""
    waiting = running(Level.HANDLING, Stage.SIGN).filter(handling__state=HandlingState.AWAITING.value)
    return waiting.filter(due_at__lte=now)


def _clocks(found: "QuerySet[Clock]", unit: str | None) -> Entries:
    if unit is not None:
        found = found.filter(handling__unit=unit)
    return found.order_by("due_at", "order_id").values_list("order_id", "handling__serial", "due_at")


def _orders(pressed: Q, since: str, unit: str | None) -> Entries:
    found = Order.objects.filter(pressed, state__in=_UNDER_WAY)
    if unit is not None:
        # As a set: joined, an order of which a unit had two handlings would stand twice.
        mine = Handling.objects.filter(unit=unit).exclude(state__in=sorted(GONE))
        found = found.filter(pk__in=mine.values("order"))
    return found.order_by(since, "pk").values_list("pk", WHOLE, since)


_URGED = Q(urged__gt=0, supervised_at__isnull=True)
_SUPERVISED = Q(supervised_at__isnull=False, escalated_at__isnull=True)
_ESCALATED = Q(escalated_at__isnull=False)


def rungs_told(orders: Collection[int], now: datetime) -> Mapping[int, tuple[str, ...]]:
    """The last warning of the city's ladder that was raised for each order. One query."""
    del now
    steps = {each.id: place for place, each in enumerate(city().workflow.ladder)}
    names = {each.id: each.name for each in city().workflow.ladder}
    found = Clock.objects.filter(order__in=orders, stopped_at__isnull=True, dropped=False)
    told: dict[int, str] = {}
    for order, warned in found.filter(warned__isnull=False).values_list("order", "warned"):
        if warned in steps and (order not in told or steps[warned] > steps[told[order]]):
            told[order] = str(warned)
    return {order: (tr("已预警:{name}", name=names[step]),) for order, step in told.items()}


def queues_of(unit: str | None = None) -> tuple[Queue, ...]:
    """The queues, of one unit or of all."""

    def late(_actor: Actor, now: datetime) -> Entries:
        return _clocks(closing(now, ahead=None), unit)

    def within(ahead: timedelta, _actor: Actor, now: datetime) -> Entries:
        return _clocks(closing(now, ahead=ahead), unit)

    def not_signed(_actor: Actor, now: datetime) -> Entries:
        return _clocks(unsigned(now), unit)

    def pressed(how: Q, since: str, _actor: Actor, _now: datetime) -> Entries:
        return _orders(how, since, unit)

    return (
        Queue(
            id="late",
            name=later("已超期"),
            empty=later("没有超期的承办。可到“24 小时内到期”提前催办。"),
            find=late,
            bulk=_PRESS,
            notes=rungs_told,
        ),
        Queue(
            id="day",
            name=later("24 小时内到期"),
            empty=later("24 小时内没有到期的承办。可看“48 小时内到期”。"),
            find=partial(within, DAY),
            bulk=_PRESS,
            notes=rungs_told,
        ),
        Queue(
            id="soon",
            name=later("48 小时内到期"),
            empty=later("48 小时内没有到期的承办。可到“热点与重复”看看哪里反映集中。"),
            find=partial(within, TWO_DAYS),
            bulk=_PRESS,
            notes=rungs_told,
        ),
        Queue(
            id="unsigned",
            name=later("超时未签"),
            empty=later("派出的工单都按时签收了。过了时限还没签收的会出现在这里,可一并催办。"),
            find=not_signed,
            bulk=_PRESS,
            notes=rungs_told,
        ),
        Queue(
            id="urged",
            name=later("催办中"),
            empty=later("没有催办了还没办完的工单。在“已超期”勾选后可一并催办。"),
            find=partial(pressed, _URGED, "received_at"),
            due=False,
            bulk=_PRESS,
            notes=rungs_told,
        ),
        Queue(
            id="supervised",
            name=later("督办中"),
            empty=later("没有督办中的工单。催办后仍没有办结的,可在“已超期”勾选督办。"),
            find=partial(pressed, _SUPERVISED, "supervised_at"),
            due=False,
            bulk=(Act.URGE, Act.ESCALATE),
            notes=rungs_told,
        ),
        Queue(
            id="escalated",
            name=later("升级督办"),
            empty=later("没有升级督办的工单。督办后仍没有办结的,可在“督办中”升级。"),
            find=partial(pressed, _ESCALATED, "escalated_at"),
            due=False,
            bulk=(Act.URGE,),
            notes=rungs_told,
        ),
    )


QUEUES = queues_of()

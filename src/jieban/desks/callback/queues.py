"""Whom to call, whom again, and what can be ended."""

from collections.abc import Collection, Mapping
from datetime import datetime, time, timedelta

from django.db.models import Count, F, IntegerField, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from jieban.desks.queues.find import WHOLE
from jieban.desks.queues.queue import Entries, Queue
from jieban.desks.shell import words
from jieban.kernel.i18n import later, tr
from jieban.ledger.schema import Satisfaction
from jieban.orders.models import Callback, Order
from jieban.orders.states import OrderState
from jieban.people.acts import Act
from jieban.people.city import city
from jieban.profile.model import Basis
from jieban.profile.workflow import Requester
from jieban.worktime import UnknownYear

_FARTHEST = timedelta(days=400)
"""No rule of calling again reaches farther back."""
UNHAPPY = frozenset({Satisfaction.DISSATISFIED.value})


def _handled() -> "QuerySet[Order]":
    return Order.objects.filter(state=OrderState.HANDLED.value)


def _owed() -> Q:
    """Orders whose requester is to be called, as the profile says."""
    rules = city().workflow.callbacks
    if not rules.needed:
        return Q(pk__in=())
    owed = Q(excluded=False, anonymous=False)
    return owed & Q(confidential=False) if Requester.CONFIDENTIAL in rules.exempt else owed


def _tried(orders: "QuerySet[Order]") -> "QuerySet[Order, Order]":
    """With how often, and when last, the requester was called in the present round."""
    tries = Callback.objects.filter(order=OuterRef("pk"), round=OuterRef("round")).order_by().values("order")
    return orders.annotate(
        tries=Coalesce(Subquery(tries.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0),
        last=Subquery(tries.annotate(at=Max("called_at")).values("at")),
    )


def next_try(last: datetime) -> datetime | None:
    """When who wasn't reached is called again, as the profile says. None without a calendar.

    Of working days it is when the office opens on that day, so that nobody is called twice on one.
    """
    clock, after = city().clock, city().workflow.callbacks.again_after
    try:
        if after.basis is not Basis.WORKING_DAYS:
            return clock.due(last, after)
        day = clock.calendar.add_working_days(clock.local_date(last), after.amount)
        opened = clock.office_time(day)
    except UnknownYear:
        return None
    return opened[0][0] if opened else datetime.combine(day, time(), clock.tz)


def last_to_try_again(now: datetime) -> datetime:
    """Who was last called at this instant, or before, is to be called again by now; to the second.

    The same rule read from its other end: a later try is never followed by an earlier one. Without a calendar the next
    day counts, since an order must not be lost.
    """
    clock = city().clock

    def again(last: datetime) -> datetime:
        following = clock.local_date(last) + timedelta(days=1)
        return next_try(last) or datetime.combine(following, time(), clock.tz)

    passed, ahead = int(_FARTHEST.total_seconds()), 0
    while passed - ahead > 1:
        between = (passed + ahead) // 2
        if again(now - timedelta(seconds=between)) <= now:
            passed = between
        else:
            ahead = between
    return now - timedelta(seconds=passed)


def to_call(now: datetime) -> Entries:
    """Who was never called in the present round, and who wasn't reached and is to be called again: by their wait."""
    most = city().workflow.callbacks.tries
    again = Q(called_back=False, last__lte=last_to_try_again(now), tries__lt=most)
    found = _tried(_handled().filter(_owed())).filter(Q(called_back__isnull=True) | again)
    return found.order_by("closed_at", "pk").values_list("pk", WHOLE, "closed_at")


def tried(now: datetime) -> Entries:
    """Who wasn't reached and will be called again, but not yet."""
    lately = Q(last__gt=last_to_try_again(now), tries__lt=city().workflow.callbacks.tries)
    found = _tried(_handled().filter(_owed(), called_back=False)).filter(lately)
    return found.order_by("last", "pk").values_list("pk", WHOLE, "last")


def unhappy() -> Entries:
    """Who was reached and isn't content, or says that it isn't solved."""
    found = _handled().filter(Q(satisfaction__in=UNHAPPY) | Q(resolved=False), called_back=True)
    return found.order_by("closed_at", "pk").values_list("pk", WHOLE, "closed_at")


def settled() -> Entries:
    """What can be ended: reached and content, tried as often as the profile says, or nobody to be called."""
    content = Q(called_back=True) & ~Q(satisfaction__in=UNHAPPY) & ~Q(resolved=False)
    most = city().workflow.callbacks.tries
    found = _tried(_handled()).filter(content | Q(called_back=False, tries__gte=most) | ~_owed())
    return found.order_by("closed_at", "pk").values_list("pk", WHOLE, F("closed_at"))


def tries_told(orders: Collection[int], now: datetime) -> Mapping[int, tuple[str, ...]]:
    """How often each was tried, what came of it, and when the next try is due. One query."""
    del now
    found = Callback.objects.filter(order__in=orders, round=F("order__round")).order_by("order", "serial")
    calls: dict[int, list[Callback]] = {}
    for each in found:
        calls.setdefault(each.order_id, []).append(each)
    return {order: tuple(_told(made)) for order, made in calls.items()}


def _told(calls: list[Callback]) -> list[str]:
    last = calls[-1]
    if last.reached:
        said = (
            words.label("satisfaction", last.satisfaction) if last.satisfaction is not None else tr("已接通")
        )
        return [tr("{at} 接通:{said}", at=words.short_moment(last.called_at), said=said)]
    most = city().workflow.callbacks.tries
    told = [
        tr("已试 {n}/{most} 次,{at} 未接通", n=len(calls), most=most, at=words.short_moment(last.called_at))
    ]
    again = next_try(last.called_at) if len(calls) < most else None
    if again is not None:
        told.append(tr("下次 {at}", at=words.short_moment(again)))
    return told


QUEUES = (
    Queue(
        id="handled",
        name=later("待回访"),
        empty=later("没有待回访的工单。审核通过的工单会出现在这里。"),
        find=lambda _actor, now: to_call(now),
        due=False,
        notes=tries_told,
    ),
    Queue(
        id="tried",
        name=later("没接通"),
        empty=later("没有等着再拨的。没接通的先在这里,到再拨的时间回到“待回访”。"),
        find=lambda _actor, now: tried(now),
        due=False,
        notes=tries_told,
    ),
    Queue(
        id="unhappy",
        name=later("不满意"),
        empty=later("没有不满意、等着处理的工单。回访时不满意的会出现在这里,可重新办理。"),
        find=lambda _actor, _now: unhappy(),
        due=False,
        notes=tries_told,
    ),
    Queue(
        id="settled",
        name=later("可结案"),
        empty=later("没有可以结案的工单。回访之后会出现在这里。"),
        find=lambda _actor, _now: settled(),
        due=False,
        notes=tries_told,
        bulk=(Act.CLOSE,),
    ),
)

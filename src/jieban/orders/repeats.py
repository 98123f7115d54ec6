"""What came before: earlier orders by the same person or on the same matter, as candidates for a link.

Nothing is linked here: `link_repeat` does, once somebody has looked. Confidential and other orders are never offered
for each other by the person: such a link would tell units who the informer is.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Q, QuerySet

from jieban.orders.access import find_by_phone, order_for, orders_for
from jieban.orders.actions.record import Request
from jieban.orders.models import Order, OrderSecret
from jieban.orders.secrets import contact_of, lock_of
from jieban.orders.states import OrderState, RepeatBy
from jieban.people.actor import Actor
from jieban.people.city import city
from jieban.people.keys import keyring

MOST = 50
"""Candidates that are given, the latest: more is nothing that somebody looks through."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Earlier:
    """An earlier order that a request may repeat: codes and times, nothing of the person."""

    order: str
    by: RepeatBy
    state: OrderState
    received_at: datetime
    topic: str
    subtopic: str | None
    street: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Sought:
    """What of a request, recorded or not, is compared."""

    before: datetime
    pk: int | None
    mailbox: str | None
    topic: str
    subtopic: str | None
    street: str | None
    confidential: bool
    phone: str | None


def earlier_by_person(*, of: Request | str, actor: Actor, now: datetime) -> list[Earlier]:
    """Earlier orders from the telephone number of a request, or of the order of that number; the latest first.

    None for an anonymous requester, one who left no number or whose number was destroyed, and in a city that doesn't
    count repeats by the person. Raises NotAllowed for who may not find requesters by their number, NoSuchOrder.
    """
    sought = _sought(of, actor, now)
    # Who may not, may not in a city without the rule either.
    found = find_by_phone(actor, sought.phone or "")
    if not city().workflow.repeats.same_person:
        return []
    return _listed(found.filter(confidential=sought.confidential), sought, RepeatBy.PERSON)


def earlier_on_matter(*, of: Request | str, actor: Actor, now: datetime) -> list[Earlier]:
    """Earlier orders that `actor` sees, of the same topic and subtopic in the same street; the latest first.

    None for a request without a street, and in a city that doesn't count repeats by the matter. Raises NoSuchOrder.
    """
    sought = _sought(of, actor, now)
    if sought.street is None or not city().workflow.repeats.same_matter:
        return []
    same = orders_for(actor).filter(
        street=sought.street, topic=sought.topic, subtopic=sought.subtopic, mailbox=sought.mailbox
    )
    return _listed(same, sought, RepeatBy.MATTER)


def _listed(found: QuerySet[Order], sought: _Sought, by: RepeatBy) -> list[Earlier]:
    clock, days = city().clock, city().workflow.repeats.days
    # Calendar days of the city: the day itself and so many before it, each from its midnight.
    first = clock.local_date(sought.before) - timedelta(days=days)
    begin = datetime.combine(first, time.min, tzinfo=clock.tz)
    come = Q(received_at__lt=sought.before)
    come |= (
        Q(received_at=sought.before) if sought.pk is None else Q(received_at=sought.before, pk__lt=sought.pk)
    )
    rows = found.filter(come, received_at__gte=begin).order_by("-received_at", "-pk")[:MOST]
    return [
        Earlier(
            order=each.number,
            by=by,
            state=OrderState(each.state),
            received_at=each.received_at,
            topic=each.topic,
            subtopic=each.subtopic,
            street=each.street,
        )
        for each in rows
    ]


def _sought(of: Request | str, actor: Actor, now: datetime) -> _Sought:
    if isinstance(of, Request):
        confidential = of.confidential
        if confidential is None:
            kind = city().request_types.get(of.request_type)
            confidential = kind is not None and kind.confidential
        return _Sought(
            before=of.received_at or now,
            pk=None,
            mailbox=of.mailbox,
            topic=of.topic,
            subtopic=of.subtopic,
            street=of.street,
            confidential=confidential,
            phone=None if of.anonymous else of.contact.phone,
        )
    order = order_for(actor, of)
    return _Sought(
        before=order.received_at,
        pk=order.pk,
        mailbox=order.mailbox,
        topic=order.topic,
        subtopic=order.subtopic,
        street=order.street,
        confidential=order.confidential,
        phone=None if order.anonymous else _phone(order),
    )


def _phone(order: Order) -> str | None:
    secret = OrderSecret.objects.get(order=order)
    lock = lock_of(secret, order.number, keyring())
    return contact_of(lock, secret).phone if lock is not None else None

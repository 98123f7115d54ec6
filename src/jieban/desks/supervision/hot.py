"""Where the same comes up again: streets and topics of the last 30 days, and requests that were made again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count

from jieban.desks.queues.find import WHOLE
from jieban.desks.queues.queue import Entries
from jieban.desks.shell import words
from jieban.orders.models import Order

SPAN = timedelta(days=30)
_MOST = 30


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A street and a topic, with how many orders there were."""

    street: str
    street_name: str
    topic: str
    topic_name: str
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Repeated:
    """An order that others repeat."""

    number: str
    topic: str
    street: str
    state: str
    count: int


def places(now: datetime) -> tuple[Place, ...]:
    """The streets and topics with most orders, the most first; letters, whose topics are others, apart. One query."""
    found = Order.objects.filter(received_at__gt=now - SPAN, mailbox__isnull=True, street__isnull=False)
    counted = found.values_list("street", "topic").annotate(n=Count("pk")).order_by("-n", "street", "topic")
    return tuple(
        Place(
            street=street,
            street_name=words.street(street),
            topic=topic,
            topic_name=words.topic(None, topic, now),
            count=n,
        )
        for street, topic, n in counted[:_MOST]
    )


def repeated(now: datetime) -> tuple[Repeated, ...]:
    """The orders that were repeated most in the last 30 days, the latest received of equals first. One query."""
    again = Order.objects.filter(received_at__gt=now - SPAN, repeat_of__isnull=False)
    of = ("repeat_of__number", "repeat_of__topic", "repeat_of__street", "repeat_of__state")
    counted = (
        again.values_list(*of)
        .annotate(n=Count("pk"))
        .order_by("-n", "-repeat_of__received_at", "repeat_of__number")
    )
    return tuple(
        Repeated(
            number=number,
            topic=words.topic(None, topic, now),
            street=words.street(street),
            state=words.order_state(state),
            count=n,
        )
        for number, topic, street, state, n in counted[:_MOST]
    )


def orders_at(now: datetime, street: str, topic: str) -> Entries:
    """The orders behind the number of a place, the latest first."""
    found = Order.objects.filter(received_at__gt=now - SPAN, mailbox__isnull=True, street=street, topic=topic)
    return found.order_by("-received_at", "-pk").values_list("pk", WHOLE, "received_at")


def orders_again(now: datetime, number: str) -> Entries:
    """The orders behind the number of a repeated one, the latest first."""
    found = Order.objects.filter(received_at__gt=now - SPAN, repeat_of__number=number)
    return found.order_by("-received_at", "-pk").values_list("pk", WHOLE, "received_at")

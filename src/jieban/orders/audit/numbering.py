"""Numbers that were given out and aren't there: serials have no gaps, so a deleted order leaves one."""

from collections.abc import Iterator

from jieban.ledger.schema import DEMO_PREFIX
from jieban.orders.audit.findings import Finding, Kind
from jieban.orders.models import NumberCounter, Order
from jieban.people.city import city


def missing_numbers() -> Iterator[Finding]:
    """The orders that counters have given numbers to and that are gone, even before any anchor knew them.

    A scope is named as a whole where its numbers can't be made again, since no order or another pattern is left.
    """
    for counter in NumberCounter.objects.order_by("scope").iterator():
        there = set(Order.objects.filter(number__startswith=counter.scope).values_list("number", flat=True))
        if len(there) >= counter.last:
            continue
        gone = _named(counter.scope, counter.last, there)
        for number in gone:
            yield Finding(kind=Kind.ORDER_DELETED, order=number)
        if not gone:
            what = f"{counter.scope}…: {len(there)} < {counter.last}"
            yield Finding(kind=Kind.ORDERS_FEWER, what=what)


def _named(scope: str, last: int, there: set[str]) -> list[str]:
    pattern, clock = city().workflow.numbering, city().clock
    mark = DEMO_PREFIX if scope.startswith(DEMO_PREFIX) else ""
    received = Order.objects.filter(number__in=there).values_list("received_at", flat=True).first()
    if received is None:
        return []
    day = clock.local_date(received)
    if mark + pattern.scope(day) != scope:
        return []
    given = (mark + pattern.make(day, serial) for serial in range(1, last + 1))
    return [number for number in given if number not in there]

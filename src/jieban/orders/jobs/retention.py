"""Retention: orders whose term has ended are redacted one by one; files that no order holds any more are removed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from jieban.orders.actions.redaction import redact_order
from jieban.orders.errors import WrongState
from jieban.orders.evidence.files import holding, remove_unheld
from jieban.orders.models import Evidence, Order
from jieban.orders.moves import MOVES
from jieban.people.actor import Actor
from jieban.people.acts import Act
from jieban.people.city import city

_BATCH: Final = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Swept:
    """What a run did: orders redacted or freed of evidence, and files removed."""

    orders: int
    files: int


def run_retention(now: datetime) -> Swept:
    """Redact every order whose term has ended by `now`.

    Each order is an act and a transaction of its own: a run that was killed is taken up by the next one, and a second
    run finds nothing to do.
    """
    actor, orders = Actor.system(), 0
    for number in _candidates(now):
        try:
            redact_order(order=number, actor=actor, now=now)
        except WrongState:
            # Its own term has ended, but not that of what it was merged into or split into; or it went on meanwhile.
            continue
        orders += 1
    return Swept(orders=orders, files=remove_files(now))


def _candidates(now: datetime) -> Iterator[str]:
    rules = city().workflow.retention
    shortest = now - timedelta(days=min(rules.person_days, rules.evidence_days))
    found = (
        Order.objects.filter(
            state__in=sorted(MOVES[Act.REDACT].order), last_at__lte=now, received_at__lte=shortest
        )
        .filter(Q(redacted_at__isnull=True) | Exists(_held().filter(order=OuterRef("pk"))))
        .order_by("pk")
    )
    last = 0
    while batch := list(found.filter(pk__gt=last).values_list("pk", "number")[:_BATCH]):
        last = batch[-1][0]
        yield from (number for _, number in batch)


def _held() -> "QuerySet[Evidence]":
    return Evidence.objects.filter(removed_at__isnull=True)


def remove_files(now: datetime) -> int:
    """Delete the files of removed evidence that no other holds, and of withdrawn evidence after its day; how many.

    Looks at all that was ever removed, so that a run that was killed before its deletions is made good.
    """
    gone = (
        Evidence.objects.filter(removed_at__isnull=False)
        .filter(~Exists(Evidence.objects.filter(holding(now), digest=OuterRef("digest"))))
        .order_by("digest")
        .values_list("digest", flat=True)
        .distinct()
    )
    return sum(remove_unheld(digest, now) for digest in list(gone))

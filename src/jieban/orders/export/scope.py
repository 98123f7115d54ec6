"""Which orders an export is of."""

from array import array
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from zoneinfo import ZoneInfo

from django.db.models import Q

from jieban.indicators.period import Period
from jieban.orders.models import Handling, Order

_AT_A_TIME = 20_000
Span = tuple[datetime, datetime]
"""An instant and a later one, which is excluded."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope:
    """Orders by when they were received, or those that a report counts; all orders, if nothing is said.

    `since` (included) and `until` (excluded) bound when they were received. `windows` are a report's period and those
    it is compared with: whatever was received or dispatched in one of them, to whatever unit, and whatever was in hand
    at the end of the first (cf. the cohorts of the indicators).
    """

    since: datetime | None = None
    until: datetime | None = None
    windows: tuple[Span, ...] = ()

    @classmethod
    def counted(cls, period: Period, zone: ZoneInfo) -> Self:
        """What a report of the period counts, and what it compares this with."""
        spans = (period, period.previous(), period.year_before())
        return cls(windows=tuple(span.instants(zone) for span in spans))

    def keys(self) -> "array[int]":
        """The keys of the orders, rising: eight bytes an order, so that millions fit in memory."""
        found = Order.objects.filter(self._condition()).order_by("pk").values_list("pk", flat=True)
        return array("q", found.iterator(chunk_size=_AT_A_TIME))

    def _condition(self) -> Q:
        wanted = Q()
        if self.since is not None:
            wanted &= Q(received_at__gte=self.since)
        if self.until is not None:
            wanted &= Q(received_at__lt=self.until)
        return wanted & _counted(self.windows) if self.windows else wanted


def _counted(windows: tuple[Span, ...]) -> Q:
    begun, sent = Q(), Q()
    for begin, end in windows:
        begun |= Q(received_at__gte=begin, received_at__lt=end)
        sent |= Q(dispatched_at__gte=begin, dispatched_at__lt=end)
    end = windows[0][1]
    in_hand = Q(dispatched_at__lt=end) & (Q(closed_at__isnull=True) | Q(closed_at__gte=end))
    handed = Handling.objects.filter(sent).values("order_id")
    return begun | sent | in_hand | Q(pk__in=handed)

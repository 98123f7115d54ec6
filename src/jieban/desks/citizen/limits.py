"""How often somebody may try: counted in the database, so that all workers and machines count together.

One statement counts and tells the count, so that tries at the same instant are counted all the same.
"""

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from allauth.account.adapter import get_adapter
from django.db import connection
from django.db.models import F
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from jieban.desks.citizen.models import Tally

_COUNT: Final = (
    "INSERT INTO desks_tally (key, count, until) VALUES (%s, 1, %s) ON CONFLICT (key) DO UPDATE SET "
    "count = CASE WHEN desks_tally.until <= %s THEN 1 ELSE desks_tally.count + 1 END, "
    "until = CASE WHEN desks_tally.until <= %s THEN excluded.until ELSE desks_tally.until END "
    "RETURNING count"
)
_SWEPT: Final = 100
"""Rows that have run out and are taken away with each new one: fewer are never left than came."""
_HOUSE: Final = 64
"""Of an IPv6 address the part that one connection has; the rest its owner chooses."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Limit:
    """At most so many tries in a span."""

    name: str
    most: int
    span: timedelta


# Behind one address of a telephone company are many people, behind one number one household.
FILE_BY_ADDRESS = (
    Limit(name="file-address-hour", most=30, span=timedelta(hours=1)),
    Limit(name="file-address-day", most=100, span=timedelta(days=1)),
)
FILE_BY_PHONE = (
    Limit(name="file-phone-hour", most=5, span=timedelta(hours=1)),
    Limit(name="file-phone-day", most=10, span=timedelta(days=1)),
)
# A masked number leaves ten thousand possibilities: at 20 a day they last longer than anybody tries.
WRONG_BY_ORDER = (
    Limit(name="wrong-order-hour", most=6, span=timedelta(hours=1)),
    Limit(name="wrong-order-day", most=20, span=timedelta(days=1)),
)
WRONG_BY_ADDRESS = (
    Limit(name="wrong-address-hour", most=30, span=timedelta(hours=1)),
    Limit(name="wrong-address-day", most=100, span=timedelta(days=1)),
)
# While one writes the page asks again after each pause; behind one address many write at a time.
LOOK_BY_ADDRESS = (
    Limit(name="look-address-minute", most=60, span=timedelta(minutes=1)),
    Limit(name="look-address-hour", most=1000, span=timedelta(hours=1)),
)
URGE = (Limit(name="urge", most=1, span=timedelta(days=1)),)


def take(limits: tuple[Limit, ...], of: str, now: datetime) -> bool:
    """Count a try of somebody; whether it is within all limits. Every limit counts it, also a try too many."""
    return all([_counted(limit, of, now) <= limit.most for limit in limits])  # noqa: C419  # each is to count


def give_back(limits: tuple[Limit, ...], of: str) -> None:
    """Take back one counted try: it was none of those that are limited."""
    keys = [_key(limit, of) for limit in limits]
    Tally.objects.filter(key__in=keys, count__gt=0).update(count=F("count") - 1)


def address_of(request: HttpRequest) -> str:
    """Where a request comes from, as the sign-in sees it; of IPv6 the network."""
    said = get_adapter(request).get_client_ip(request)
    try:
        address = ipaddress.ip_address(said)
    except ValueError:
        return str(said)
    if address.version == 4:  # noqa: PLR2004  # IPv4
        return str(address)
    return str(ipaddress.ip_network((address, _HOUSE), strict=False))


def _counted(limit: Limit, of: str, now: datetime) -> int:
    at = int(now.timestamp())
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [_key(limit, of), at + int(limit.span.total_seconds()), at, at])
        count = int(cursor.fetchone()[0])
    if count == 1:
        over = Tally.objects.filter(until__lte=at).values("key")[:_SWEPT]
        Tally.objects.filter(key__in=list(over.values_list("key", flat=True))).delete()
    return count


def _key(limit: Limit, of: str) -> str:
    made = salted_hmac("jieban.citizen.limits", f"{limit.name}/{of}", algorithm="sha256")
    return made.hexdigest()[:32]

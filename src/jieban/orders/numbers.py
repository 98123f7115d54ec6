"""Order numbers: the profile's pattern, one serial a day, no number twice however many record at once."""

import unicodedata
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import connection

from jieban.kernel.numbering import BadNumber
from jieban.ledger.schema import DEMO_PREFIX
from jieban.people.city import city
from jieban.profile.city import Profile

_NEXT = (
    "INSERT INTO orders_numbercounter (scope, last) VALUES (%s, 1) "
    "ON CONFLICT (scope) DO UPDATE SET last = orders_numbercounter.last + 1 RETURNING last"
)


_AT_LEAST = (
    "INSERT INTO orders_numbercounter (scope, last) VALUES (%s, %s) ON CONFLICT (scope) DO UPDATE "
    "SET last = excluded.last WHERE excluded.last > orders_numbercounter.last"
)


def pass_over(profile: Profile, numbers: Iterable[str]) -> None:
    """Never give out numbers that came with orders from elsewhere, where they are of the profile's pattern."""
    pattern, mark = profile.workflow.numbering, _mark()
    if mark:
        numbers = (number.removeprefix(mark) for number in numbers if number.startswith(mark))
    last = pattern.last_serials(numbers)
    if last:
        with connection.cursor() as cursor:
            cursor.executemany(_AT_LEAST, sorted((mark + scope, serial) for scope, serial in last.items()))


def _mark() -> str:
    return DEMO_PREFIX if settings.JIEBAN_DEMO else ""


def typed_number(text: str) -> tuple[str, BadNumber | None]:
    """The number that somebody typed, and what is wrong with it if it is none of ours: it may come from elsewhere."""
    plain, mark = unicodedata.normalize("NFKC", text).strip().upper(), _mark()
    try:
        return mark + city().workflow.numbering.read(plain.removeprefix(mark)), None
    except BadNumber as fault:
        return plain, fault


def next_number(profile: Profile, at: datetime) -> str:
    """A number that nobody has. Holds the day's counter until the transaction ends; a rolled back one leaves no gap.

    Orders of a demonstration carry its mark before everything else.
    """
    pattern = profile.workflow.numbering
    day = profile.clock.local_date(at)
    mark = _mark()
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [mark + pattern.scope(day)])
        (serial,) = cursor.fetchone()
    return mark + pattern.make(day, serial)

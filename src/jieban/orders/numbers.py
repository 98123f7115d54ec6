"""Order numbers: the profile's pattern, one serial a day, no number twice however many record at once."""

from datetime import datetime

from django.conf import settings
from django.db import connection

from jieban.ledger.schema import DEMO_PREFIX
from jieban.profile.city import Profile

_NEXT = (
    "INSERT INTO orders_numbercounter (scope, last) VALUES (%s, 1) "
    "ON CONFLICT (scope) DO UPDATE SET last = orders_numbercounter.last + 1 RETURNING last"
)


def next_number(profile: Profile, at: datetime) -> str:
    """A number that nobody has. Holds the day's counter until the transaction ends; a rolled back one leaves no gap.

    Orders of a demonstration carry its mark before everything else.
    """
    pattern = profile.workflow.numbering
    day = profile.clock.local_date(at)
    mark = DEMO_PREFIX if settings.JIEBAN_DEMO else ""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [mark + pattern.scope(day)])
        (serial,) = cursor.fetchone()
    return mark + pattern.make(day, serial)

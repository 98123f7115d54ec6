"""How much leans on a thing of the city's lists, counted before it is changed."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from cast import MONDAY, recorded
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from jieban.desks.administration.effects.leaning import LATELY, Leaning, leaning
from jieban.orders.models import Order
from jieban.orders.states import FOLLOWING
from jieban.people.city import filed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("each_city")]
SHANGHAI = ZoneInfo("Asia/Shanghai")
# The last second of a local year and the first of the next, days around a leap day, one on the last of a long month.
INSTANTS = (
    datetime(2023, 12, 31, 15, 59, 59, tzinfo=UTC),
    datetime(2023, 12, 31, 16, 0, tzinfo=UTC),
    datetime(2024, 2, 29, 3, 0, tzinfo=UTC),
    datetime(2024, 3, 31, 15, 59, 59, tzinfo=UTC),
    MONDAY - LATELY,
    MONDAY - LATELY - timedelta(seconds=1),
    MONDAY,
)


def counted(channel: str) -> Leaning:
    """The same by looking at every order."""
    found = [each for each in Order.objects.all() if each.channel == channel]
    local = [each.received_at.astimezone(SHANGHAI) for each in found]
    return Leaning(
        whole=len(found),
        months=len({(each.year, each.month) for each in local}),
        since=min(local, default=None),
        lately=sum(each.received_at >= MONDAY - LATELY for each in found),
        running=sum(each.state in {state.value for state in FOLLOWING} for each in found),
    )


def test_what_leans_on_a_channel_is_what_a_look_at_every_order_finds() -> None:
    one, other = list(filed().channels)[:2]
    for at in (None, *INSTANTS):
        if at is not None:
            recorded(now=at, channel=one)
        for channel in (one, other):
            assert leaning(Q(channel=channel), MONDAY) == counted(channel)
    assert counted(one).months == len({f"{each.astimezone(SHANGHAI):%Y-%m}" for each in INSTANTS}) == 6
    recorded(now=MONDAY, channel=other)
    assert leaning(Q(channel=other), MONDAY) == counted(other)


def test_it_takes_two_statements_however_many_the_months() -> None:
    channel = next(iter(filed().channels))
    for at in INSTANTS:
        recorded(now=at, channel=channel)
    with CaptureQueriesContext(connection) as asked:
        leaning(Q(channel=channel), MONDAY)
    assert len(asked) == 2

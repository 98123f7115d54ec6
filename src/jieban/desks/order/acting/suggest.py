"""Which units an order may be for: those that were given the like of it lately."""

from datetime import datetime, timedelta

from django.db.models import Count

from jieban.desks.order.acting.fields import Choices
from jieban.desks.shell.words import local
from jieban.kernel.i18n import tr
from jieban.ledger.schema import Role as Part
from jieban.orders.models import Handling, Order
from jieban.orders.states import GONE
from jieban.people.city import city

_IN_THE_STREET = timedelta(days=90)
_ANYWHERE = timedelta(days=7)
_MOST = 3


def suggested_units(order: Order, now: datetime) -> Choices:
    """The units that led orders of the topic in the street in the last 90 days, the most frequent first, with how many.

    Without a street those that led orders of the topic anywhere in the last seven days, which an index bounds. Units
    that have ended since are left out. One query.
    """
    like = Order.objects.filter(topic=order.topic).exclude(pk=order.pk)
    if order.street is not None:
        like = like.filter(street=order.street, received_at__gte=order.received_at - _IN_THE_STREET)
        if order.subtopic is not None:
            like = like.filter(subtopic=order.subtopic)
    else:
        like = like.filter(received_at__gte=order.received_at - _ANYWHERE)
    led = Handling.objects.filter(order__in=like, part=Part.LEAD.value).exclude(state__in=sorted(GONE))
    counted = led.values_list("unit").annotate(n=Count("pk")).order_by("-n", "unit")
    units = {unit.code: unit for unit in city().units.valid_on(local(now).date())}
    there = [(code, n) for code, n in counted if code in units][:_MOST]
    return [(code, tr("{unit}({n} 件)", unit=units[code].name, n=n)) for code, n in there]

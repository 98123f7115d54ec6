"""The job that escalates: orders reworked too often, or declined by too many units, by the profile's numbers."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from jieban.kernel.i18n import tr
from jieban.orders.actions.supervise import escalate_order
from jieban.orders.errors import Busy, TimeRunsBack, WrongState
from jieban.orders.jobs.sweep import Swept
from jieban.orders.models import Handling, Order, Petition, PetitionKind, PetitionState
from jieban.orders.moves import MOVES
from jieban.people.actor import Actor
from jieban.people.acts import Act
from jieban.people.city import city

BATCH = 500


def escalate_due(*, now: datetime) -> Swept:
    """Escalate every order that has come to the profile's numbers, once each; the others are left alone.

    Each is an act and a transaction of its own: a run that is killed, repeated or made twice at once escalates none
    twice and forgets none.
    """
    done, left = 0, []
    for number in _due():
        try:
            escalate_order(
                order=number, reason=tr("返工或退单次数达到本市规定。"), actor=Actor.system(), now=now
            )
        except WrongState:
            continue  # somebody else did, or it has ended meanwhile
        except (Busy, TimeRunsBack):
            left.append(number)
        else:
            done += 1
    return Swept(orders=done, left=tuple(left))


def _due() -> Iterator[str]:
    rules, last = city().workflow.escalation, 0
    found = (
        Order.objects.filter(escalated_at__isnull=True, state__in=sorted(MOVES[Act.ESCALATE].order))
        .annotate(
            reworked=F("round") + Coalesce(Subquery(_reworks()), 0),
            declined=Coalesce(Subquery(_declined()), 0),
        )
        .order_by("pk")
    )
    come = found.filter(reworked__gte=rules.reworks) | found.filter(declined__gte=rules.declining_units)
    while batch := list(come.filter(pk__gt=last).values_list("pk", "number")[:BATCH]):
        last = batch[-1][0]
        yield from (number for _, number in batch)


def _reworks() -> "QuerySet[Handling, dict[str, int]]":
    own = Handling.objects.filter(order=OuterRef("pk")).order_by().values("order")
    return own.annotate(n=Sum("reworks")).values("n")


def _declined() -> "QuerySet[Petition, dict[str, int]]":
    own = Petition.objects.filter(
        order=OuterRef("pk"), kind=PetitionKind.RETURN.value, state=PetitionState.GRANTED.value
    )
    of_units = own.order_by().values("order").annotate(n=Count("handling__unit", distinct=True))
    return of_units.values("n")

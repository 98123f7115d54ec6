"""The ways to find what waits: by running clocks, by the state of handlings, by what units ask."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Case, DateTimeField, F, IntegerField, QuerySet, Value, When
from django.db.models.functions import Cast

from jieban.desks.queues.queue import Entries
from jieban.orders.models import OPEN_PETITIONS, Clock, Handling, Order, Petition, PetitionKind
from jieban.orders.states import HandlingState, OrderState
from jieban.profile.model import Level, Stage, Urgency

WHOLE = Cast(Value(None), IntegerField())
"""In the place of a handling's serial: the whole order."""


def running(level: Level, stage: Stage) -> "QuerySet[Clock]":
    """Clocks of a level and stage that run: neither stopped nor dropped nor paused."""
    return Clock.objects.filter(
        level=level.value, stage=stage.value, stopped_at__isnull=True, dropped=False, paused_at__isnull=True
    )


def urgency_of(order: str = "order") -> Case:
    """The place of an order among others by its urgency: what can least wait is 0."""
    most_urgent_first = (Urgency.EMERGENCY, Urgency.URGENT)
    cases = [When(**{f"{order}__urgency": each.value}, then=n) for n, each in enumerate(most_urgent_first)]
    return Case(*cases, default=len(cases))


def orders_by_clock(stage: Stage, states: Iterable[OrderState]) -> Entries:
    """Orders in these states whose own clock of a stage runs: the urgent first, among equals the nearest deadline."""
    found = running(Level.ORDER, stage).filter(order__state__in=[each.value for each in states])
    return found.order_by(urgency_of(), "due_at", "order_id").values_list("order_id", WHOLE, "due_at")


def disputes(now: datetime) -> Entries:
    """Returns that wait to be decided: those past their term first, then the urgent, then by their term.

    As `orders.actions.returns.open_disputes` sorts them.
    """
    late = Case(When(decide_by__lt=now, provisional=False, then=0), default=1)
    found = Petition.objects.filter(
        kind=PetitionKind.RETURN.value, state__in=[each.value for each in OPEN_PETITIONS]
    )
    found = found.order_by(late, urgency_of(), "decide_by", "pk")
    return found.values_list("order_id", "handling__serial", "decide_by")


def handlings_by_clock(
    stage: Stage,
    states: Iterable[HandlingState],
    *,
    units: Iterable[str] | None = None,
    until: datetime | None = None,
) -> Entries:
    """Handlings in these states whose clock of a stage runs, the nearest deadline first; of some units, or of all."""
    found = running(Level.HANDLING, stage).filter(handling__state__in=[each.value for each in states])
    if units is not None:
        found = found.filter(handling__unit__in=sorted(units))
    if until is not None:
        found = found.filter(due_at__lte=until)
    return found.order_by("due_at", "order_id").values_list("order_id", "handling__serial", "due_at")


def handlings_by_wait(state: HandlingState, since: str, *, units: Iterable[str] | None = None) -> Entries:
    """Handlings in a state, the longest there first; `since` is the column that says since when."""
    found = Handling.objects.filter(state=state.value)
    if units is not None:
        found = found.filter(unit__in=sorted(units))
    return found.order_by(since, "order_id").values_list("order_id", "serial", since)


def petitions(*kinds: PetitionKind, units: Iterable[str] | None = None) -> Entries:
    """Handlings for which something is asked that nobody has decided, the oldest first."""
    found = Petition.objects.filter(
        kind__in=[each.value for each in kinds], state__in=[each.value for each in OPEN_PETITIONS]
    )
    if units is not None:
        found = found.filter(handling__unit__in=sorted(units))
    return found.order_by("asked_at", "order_id").values_list("order_id", "handling__serial", "asked_at")


def orders_in(state: OrderState, since: str) -> Entries:
    """Orders in a state, the longest there first."""
    found = Order.objects.filter(state=state.value)
    return found.order_by(since, "id").values_list("id", WHOLE, Cast(F(since), DateTimeField()))

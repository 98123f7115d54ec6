"""The same act on many orders in one transaction: for jobs, of whose time most would go into commits and look-ups."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TypeVar

from jieban.orders.engine.perform import Body, locked, play, step_on
from jieban.orders.engine.step import Step
from jieban.orders.engine.transactions import in_one_transaction
from jieban.orders.engine.write import write
from jieban.orders.models import Clock, Handling, Petition
from jieban.people.actor import Actor
from jieban.people.acts import Act

Row = TypeVar("Row", Handling, Clock, Petition)
Refusals = tuple[type[Exception], ...]


def perform_on_each(
    act: Act, body: Body, *, orders: Collection[str], actor: Actor, now: datetime, passing: Refusals
) -> dict[str, Exception | None]:
    """Do `act` on each of several orders as `perform` would, each checked by itself and with an event of its own.

    Gives for each order the refusal of one of the types `passing` that left it as it was, else None. Orders that
    somebody holds at this moment are missing: who waits for one of them shall not hold the others meanwhile.
    Raises Busy, Unavailable and any other refusal; then nothing is written to any of them.
    """

    def once() -> dict[str, Exception | None]:
        steps = [
            step_on(act, order, actor=actor, now=now) for order in locked(orders, waiting=False).values()
        ]
        _read(steps)
        came: dict[str, Exception | None] = {}
        done: list[Step] = []
        for step in steps:
            try:
                play(step, body)
            except passing as refusal:
                came[step.order.number] = refusal
            else:
                came[step.order.number] = None
                done.append(step)
        write(*done)
        return came

    return in_one_transaction(once)


def _read(steps: Iterable[Step]) -> None:
    """Read what each step would read by itself, a statement a table for all of them."""
    by_order = {step.order.pk: step for step in steps}
    handlings = _rows(Handling, by_order, "serial")
    clocks, petitions = _rows(Clock, by_order, "pk"), _rows(Petition, by_order, "serial")
    for key, step in by_order.items():
        step.handlings, step.petitions = handlings[key], petitions[key]
        step.clocks = step.with_handlings(clocks[key])


def _rows(model: type[Row], orders: Collection[int], serial: str) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in model.objects.filter(order__in=orders).order_by("order_id", serial):
        found[row.order_id].append(row)
    return found

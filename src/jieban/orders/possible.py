"""What somebody can do to an order as it stands, so that pages offer that and nothing else.

An offer is no promise: the act looks again, under the lock, and at what only it knows (four eyes, terms, counts).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from jieban.orders.models import Handling, Order
from jieban.orders.moves import MOVES, Move
from jieban.orders.states import GONE, HandlingState, OrderState
from jieban.people.actor import Actor
from jieban.people.acts import Act
from jieban.people.policy import Standing, role_for


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """An act that may be done now; `handling` is the serial of the handling it is on, None for the whole order."""

    act: Act
    handling: int | None = None


def possible(actor: Actor, order: Order, handlings: Iterable[Handling]) -> tuple[Offer, ...]:
    """The acts that `actor` may do to the order now, in the order of the table of moves. No query."""
    there = [each for each in handlings if HandlingState(each.state) not in GONE]
    lead = next((each.unit for each in there if each.part == "lead"), None)
    involved = frozenset(each.unit for each in there)
    found: list[Offer] = []
    for act, move in MOVES.items():
        if OrderState(order.state) not in move.order:
            continue
        for handling in _places(move, there):
            standing = Standing(
                unit=handling.unit if handling is not None else None,
                lead=lead,
                involved=involved,
                citizen=order.requester,
            )
            if role_for(actor, act, standing) is not None:
                found.append(Offer(act=act, handling=handling.serial if handling is not None else None))
    return tuple(found)


def _places(move: Move, there: list[Handling]) -> Iterator[Handling | None]:
    """Where an act with this move could be done: on each handling in a state it starts from, or on the whole order."""
    if move.handling is None:
        yield None
        return
    yield from (each for each in there if HandlingState(each.state) in move.handling)

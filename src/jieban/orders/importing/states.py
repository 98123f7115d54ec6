"""States of imported orders and handlings: what the ledger's times and dispositions come to."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from jieban.ledger.arrow import (
    NO_INSTANT,
    Bools,
    Ints,
    bools,
    distinct,
    pa,
    pc,
    positions,
    seconds_of,
    spread,
    valid,
)
from jieban.ledger.schema import INSTANT, Disposition, Role
from jieban.orders.importing.lots import Lot
from jieban.orders.states import FOLLOWING, HandlingState, OrderState

_ORDER_STATES = tuple(OrderState)
_HANDLING_STATES = tuple(HandlingState)
_DECIDED = {
    Disposition.ANSWERED: OrderState.CLOSED,
    Disposition.REFUSED: OrderState.REFUSED,
    Disposition.MERGED: OrderState.MERGED,
    Disposition.SPLIT: OrderState.SPLIT,
}
"""What the centre decided when it took a request in; all others follow from their handlings."""


@dataclass(frozen=True, kw_only=True)
class States:
    """States by name, the times that go with them, which orders are over, and which handlings were given back.

    `relieved` are handlings that were closed before the same unit got the order once more (see `earlier_of_a_unit`).
    """

    orders: Any
    handlings: Any
    signed_at: Any
    closed_at: Any
    concluded_at: Any
    ended: Bools
    returned: Bools
    relieved: Bools


def states_of(lot: Lot) -> States:
    """The states of a lot.

    An order that the ledger calls closed is closed: the city's word on a past case. Closed handlings alone close it too
    (ruling 3).
    """
    orders, handlings, of = lot.orders, lot.handlings, lot.handlings_of
    returned = bools(handlings["returned"])
    relieved = earlier_of_a_unit(lot)
    live, closed = ~returned & ~relieved, valid(handlings["closed_at"])
    signed = valid(handlings["signed_at"])
    lead = live & bools(pc.equal(handlings["role"], Role.LEAD.value))
    held = _index(HandlingState.AWAITING, _HANDLING_STATES, len(of))
    held[signed] = _HANDLING_STATES.index(HandlingState.HANDLING)
    held[closed] = _HANDLING_STATES.index(HandlingState.CLOSED)
    held[returned] = _HANDLING_STATES.index(HandlingState.RETURNED)
    held[relieved] = _HANDLING_STATES.index(HandlingState.RECALLED)

    has_lead = _per_order(of, lead, lot.count) > 0
    lives = _per_order(of, live, lot.count)
    handled = has_lead & (_per_order(of, live & closed, lot.count) == lives)
    state = _index(OrderState.RECORDED, _ORDER_STATES, lot.count)
    state[lives > 0] = _ORDER_STATES.index(OrderState.DISPATCHED)
    state[_per_order(of, lead & signed, lot.count) > 0] = _ORDER_STATES.index(OrderState.HANDLING)
    state[handled | valid(orders["closed_at"])] = _ORDER_STATES.index(OrderState.CLOSED)
    for disposition, decided in _DECIDED.items():
        state[bools(pc.equal(orders["disposition"], disposition.value))] = _ORDER_STATES.index(decided)

    last = _latest(of, live & closed, seconds_of(handlings["closed_at"]), lot.count)
    closed_at = pc.coalesce(orders["closed_at"], _instants(np.where(handled, last, NO_INSTANT)))
    sign = _latest(of, lead & signed, seconds_of(handlings["signed_at"]), lot.count)
    following = np.isin(state, [_ORDER_STATES.index(each) for each in FOLLOWING])
    return States(
        orders=spread([each.value for each in _ORDER_STATES], state, pa.string()),
        handlings=spread([each.value for each in _HANDLING_STATES], held, pa.string()),
        signed_at=pc.coalesce(orders["signed_at"], _instants(sign)),
        closed_at=closed_at,
        concluded_at=pc.if_else(pa.array(following), None, pc.coalesce(closed_at, orders["received_at"])),
        ended=~following,
        returned=returned,
        relieved=relieved,
    )


def earlier_of_a_unit(lot: Lot) -> Bools:
    """Handlings that weren't given back of a unit that has a later one of the same order.

    Exports tell one where a unit had closed the order, was relieved of the next round, and got it again: it stood as
    recalled, and what it had closed stays closed by its clock.
    """
    live = positions(~bools(lot.handlings["returned"]))
    of, unit = lot.handlings_of[live], distinct(lot.handlings["unit"])[1][live]
    begun = seconds_of(lot.handlings["dispatched_at"])[live]
    order = np.lexsort((live, begun, unit, of))
    followed = (of[order][:-1] == of[order][1:]) & (unit[order][:-1] == unit[order][1:])
    earlier = np.zeros(len(lot.handlings_of), dtype=bool)
    earlier[live[order[:-1][followed]]] = True
    return earlier


def _index(state: object, states: tuple[object, ...], count: int) -> Ints:
    return np.full(count, states.index(state), dtype=np.int64)


def _per_order(of: Ints, among: Bools, count: int) -> Ints:
    found: Ints = np.bincount(of[among], minlength=count)
    return found


def _latest(of: Ints, among: Bools, seconds: Ints, count: int) -> Ints:
    """For each order the latest of some of its rows' instants, NO_INSTANT for none."""
    found = np.full(count, NO_INSTANT, dtype=np.int64)
    np.maximum.at(found, of[among], seconds[among])
    return found


def _instants(seconds: Ints) -> Any:
    found: Any = pa.array(seconds, pa.int64(), mask=seconds == NO_INSTANT).cast(INSTANT)
    return found

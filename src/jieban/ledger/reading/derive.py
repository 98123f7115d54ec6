"""What the file doesn't say of an order but its handlings and callbacks do (ruling 3)."""

import numpy as np

from jieban.ledger.arrow import NO_INSTANT, Array, Bools, Ints, bools, pa, pc, positions, seconds_of
from jieban.ledger.reading.cells import instants_array
from jieban.ledger.reading.links import order_rows
from jieban.ledger.reading.part import Part
from jieban.ledger.schema import Role, Satisfaction

_LATEST = int(np.iinfo(np.int64).max)


def derive_times(orders: Part, handlings: Part) -> None:
    """Dispatched when the first handling was, signed when the lead has signed, closed when all handlings are closed.

    Only where the file has no such column for the order; returned handlings say nothing. It then has one by way of
    its handlings, if all of their rows do (an order without handlings: if any handling's row does).
    """
    order = order_rows(handlings, orders)
    live = (order >= 0) & ~bools(handlings.column("returned"))
    order, count = order[live], len(orders)
    times = {
        name: seconds_of(handlings.column(name))[live] for name in ("dispatched_at", "signed_at", "closed_at")
    }
    lead = bools(pc.equal(handlings.column("role").cast(pa.string()), Role.LEAD.value))[live]
    dispatched = np.full(count, _LATEST, dtype=np.int64)
    np.minimum.at(
        dispatched, order, np.where(times["dispatched_at"] == NO_INSTANT, _LATEST, times["dispatched_at"])
    )
    dispatched[dispatched == _LATEST] = NO_INSTANT
    signed = np.full(count, NO_INSTANT, dtype=np.int64)
    signed[order[lead]] = times["signed_at"][lead]
    closed = np.full(count, NO_INSTANT, dtype=np.int64)
    np.maximum.at(closed, order, times["closed_at"])
    still_open = np.bincount(order[times["closed_at"] == NO_INSTANT], minlength=count) > 0
    closed[still_open] = NO_INSTANT
    for name, derived in (("dispatched_at", dispatched), ("signed_at", signed), ("closed_at", closed)):
        own = seconds_of(orders.column(name))
        orders.columns[name] = instants_array(np.where(orders.has(name), own, derived))
        told = handlings.has(name)
        untold = np.bincount(order[~told[live]], minlength=count) > 0
        orders.given[name] = orders.has(name) | (told.any() & ~untold)


def derive_callbacks(orders: Part, callbacks: Part) -> None:
    """The last callback that reached the citizen gives the order's rating, where the file has none of its own.

    Callbacks tell of all orders, those never called included. Of what was rated only those that have such a column.
    """
    if not len(callbacks):
        return
    order = order_rows(callbacks, orders)
    reached = bools(callbacks.column("reached")) & (order >= 0)
    called = seconds_of(callbacks.column("called_at"))
    rows = positions(reached)
    rows = rows[np.argsort(called[rows], kind="stable")]
    last = np.full(len(orders), -1, dtype=np.int64)
    last[order[rows]] = rows
    any_call = np.zeros(len(orders), dtype=bool)
    any_call[order[order >= 0]] = True
    rated = callbacks.column("satisfaction").cast(pa.string())
    effective = bools(pc.and_kleene(pc.is_valid(rated), pc.not_equal(rated, Satisfaction.NOT_RATED.value)))
    told = callbacks.has("satisfaction")
    untold = np.zeros(len(orders), dtype=bool)
    untold[order[~told & (order >= 0)]] = True
    called_back = pa.array(_at(effective, last), mask=~any_call | untold)
    _fill(orders, "called_back", called_back)
    for name in ("resolved", "satisfaction", "contacted"):
        column = callbacks.column(name)
        plain = column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column
        _fill(orders, name, plain.take(pa.array(last, mask=last < 0)))
    for name in ("called_back", "satisfaction"):
        orders.given[name] = orders.has(name) | (told.any() & ~untold)


def _at(values: Bools, rows: Ints) -> Bools:
    found: Bools = np.where(rows < 0, False, values[rows])
    return found


def _fill(orders: Part, name: str, derived: Array) -> None:
    own = orders.column(name)
    coded = pa.types.is_dictionary(own.type)
    plain = own.cast(pa.string()) if coded else own
    filled = pc.if_else(pa.array(orders.has(name)), plain, derived)
    orders.columns[name] = filled.dictionary_encode() if coded else filled

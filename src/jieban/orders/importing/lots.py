"""A ledger in lots: so many orders with what hangs on them, letters as orders of their mailbox's channel."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from jieban.ledger.arrow import Ints, bools, ints, one, pa, pc, positions
from jieban.ledger.schema import (
    CALLBACKS,
    HANDLINGS,
    LETTERS,
    ORDERS,
    Disposition,
    Ledger,
    LetterDisposition,
    Role,
    TableSchema,
)
from jieban.profile.city import Profile

Rows = dict[str, Any]
"""Columns of a canonical table; codes as plain texts."""

_LETTER_BECAME = {
    LetterDisposition.TRANSFERRED: Disposition.DISPATCHED,
    LetterDisposition.ANSWERED: Disposition.ANSWERED,
    LetterDisposition.REFUSED: Disposition.REFUSED,
    LetterDisposition.MERGED: Disposition.MERGED,
    LetterDisposition.SPLIT: Disposition.SPLIT,
}
"""Those that are missing have not been decided: an order's disposition is then none."""

BESIDE = ("mailbox", "answer_unit", "published")
"""Columns of a letter that orders of the ledger have not."""


@dataclass(frozen=True, kw_only=True)
class Lot:
    """Some orders of a ledger. `of` gives for each handling and callback the place of its order in `orders`."""

    table: str
    orders: Rows
    handlings: Rows
    callbacks: Rows
    handlings_of: Ints
    callbacks_of: Ints

    @property
    def count(self) -> int:
        """How many orders."""
        return len(self.orders["order_no"])

    def keep(self, kept: Ints) -> "Lot":
        """The orders at some places, with what hangs on them."""
        places = np.full(self.count, -1, dtype=np.int64)
        places[kept] = np.arange(len(kept))
        handlings = positions(places[self.handlings_of] >= 0)
        callbacks = positions(places[self.callbacks_of] >= 0)
        return Lot(
            table=self.table,
            orders=take(self.orders, kept),
            handlings=take(self.handlings, handlings),
            callbacks=take(self.callbacks, callbacks),
            handlings_of=places[self.handlings_of][handlings],
            callbacks_of=places[self.callbacks_of][callbacks],
        )


@dataclass(frozen=True, kw_only=True)
class Hanging:
    """A table whose rows hang on orders: sorted by their order, those without one apart."""

    rows: Rows
    of: Ints
    strays: Rows

    def within(self, first: int, last: int) -> tuple[Rows, Ints]:
        """The rows of the orders from `first` up to but without `last`, and the places of their orders in there."""
        begin, end = np.searchsorted(self.of, [first, last]).tolist()
        return slice_(self.rows, begin, end - begin), self.of[begin:end] - first


def lots(ledger: Ledger, profile: Profile, size: int) -> tuple[Iterator[Lot], Rows, Rows]:
    """The lots of a ledger, the earliest orders first and letters last; handlings and callbacks without an order."""
    orders = columns(ledger.orders, ORDERS)
    by_time = pc.sort_indices(
        pa.table({"at": orders["received_at"], "no": orders["order_no"]}),
        sort_keys=[("at", "ascending"), ("no", "ascending")],
    )
    orders = take(orders, by_time) | beside(len(by_time))
    undecided = pc.fill_null(pc.equal(orders["disposition"], Disposition.PENDING.value), False)
    orders["disposition"] = pc.if_else(undecided, None, orders["disposition"])
    held = columns(ledger.handlings, HANDLINGS)
    held["role"] = held["role"].fill_null(Role.LEAD.value)
    handlings = _hanging(held, orders["order_no"])
    callbacks = _hanging(columns(ledger.callbacks, CALLBACKS), orders["order_no"])
    letters, letter_handlings = _letters(columns(ledger.letters, LETTERS), profile)
    none = Hanging(rows=slice_(handlings.rows, 0, 0), of=np.zeros(0, np.int64), strays={})
    no_call = Hanging(rows=slice_(callbacks.rows, 0, 0), of=np.zeros(0, np.int64), strays={})
    sent = _hanging(letter_handlings, letters["order_no"]) if len(letters["order_no"]) else none

    def found() -> Iterator[Lot]:
        yield from _cut("orders", orders, handlings, callbacks, size)
        yield from _cut("letters", letters, sent, no_call, size)

    return found(), handlings.strays, callbacks.strays


def _cut(table: str, orders: Rows, handlings: Hanging, callbacks: Hanging, size: int) -> Iterator[Lot]:
    count = len(orders["order_no"])
    for first in range(0, count, size):
        last = min(first + size, count)
        held, held_of = handlings.within(first, last)
        called, called_of = callbacks.within(first, last)
        yield Lot(
            table=table,
            orders=slice_(orders, first, last - first),
            handlings=held,
            callbacks=called,
            handlings_of=held_of,
            callbacks_of=called_of,
        )


def columns(table: Any, schema: TableSchema) -> Rows:
    """A canonical table's columns, whole; codes as plain texts."""
    found = {}
    for column in schema.columns:
        whole = one(table[column.name])
        found[column.name] = whole.cast(pa.string()) if pa.types.is_dictionary(whole.type) else whole
    return found


def take(rows: Rows, places: Any) -> Rows:
    """Rows at some places."""
    chosen = pa.array(places)
    return {name: column.take(chosen) for name, column in rows.items()}


def slice_(rows: Rows, begin: int, count: int) -> Rows:
    """Some rows in a row."""
    return {name: column.slice(begin, count) for name, column in rows.items()}


def beside(count: int) -> Rows:
    """What orders have not of a letter."""
    kinds = {"mailbox": pa.string(), "answer_unit": pa.string(), "published": pa.bool_()}
    return {name: pa.nulls(count, kinds[name]) for name in BESIDE}


def _hanging(rows: Rows, numbers: Any) -> Hanging:
    of = ints(pc.index_in(rows["order_no"], value_set=numbers), -1)
    order = np.argsort(of, kind="stable")
    first = int(np.searchsorted(of[order], 0))
    return Hanging(
        rows=take(rows, order[first:]), of=of[order][first:], strays=take(rows, np.sort(order[:first]))
    )


def _letters(letters: Rows, profile: Profile) -> tuple[Rows, Rows]:
    """Letters as orders, and as the handlings of the units to which they were transferred."""
    count = len(letters["letter_no"])
    answered = pc.equal(letters["disposition"], LetterDisposition.ANSWERED.value)
    transferred = pc.equal(letters["disposition"], LetterDisposition.TRANSFERRED.value)
    unit = letters["unit"]
    sent = bools(pc.and_(transferred, pc.is_valid(unit)))
    common = ("received_at", "topic", "subtopic", "closed_at", "content", "reply", "absent_columns", "flags")
    given = {name: letters[name] for name in (*common, "source_row", "mailbox", "published")}
    dispatched_at = pc.if_else(pa.array(sent), letters["received_at"], None)
    last_type = list(profile.request_types)[-1]
    orders = _filled(ORDERS, count) | given
    orders |= {
        "order_no": letters["letter_no"],
        "channel": letters["mailbox"],
        "disposition": _renamed(letters["disposition"], _LETTER_BECAME),
        "dispatched_at": dispatched_at,
        "request_type": _all(last_type, count),
        "answer_unit": pc.if_else(answered, unit, None),
        "anonymous": pa.array(np.ones(count, dtype=bool)),
    }
    rows = positions(sent)
    handlings = _filled(HANDLINGS, len(rows)) | take(
        {
            "handling_no": pc.binary_join_element_wise(letters["letter_no"], "-1", ""),
            "order_no": letters["letter_no"],
            "unit": unit,
            "role": _all(Role.LEAD.value, count),
            "dispatched_at": dispatched_at,
            "closed_at": letters["closed_at"],
        },
        rows,
    )
    return orders, handlings


def _renamed(codes: Any, into: Mapping[LetterDisposition, Disposition]) -> Any:
    """Each code as the other that it is called by, none where it has no other."""
    places = pc.index_in(codes, value_set=pa.array([code.value for code in into], pa.string()))
    return pa.array([code.value for code in into.values()], pa.string()).take(places)


def _all(value: str, count: int) -> Any:
    found: Any = pa.array([value], pa.string()).take(pa.array(np.zeros(count, dtype=np.int32)))
    return found


def _filled(schema: TableSchema, count: int) -> Rows:
    kinds = {each.name: each.type for each in schema.arrow}
    return {
        name: pa.nulls(count, pa.string() if pa.types.is_dictionary(kind) else kind)
        for name, kind in kinds.items()
    }

"""A lot of a ledger as rows of the live tables, and what its events will say."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from jieban.kernel.keyring import Keyring
from jieban.ledger.arrow import Ints, ints, pa, pc, seconds_of
from jieban.orders.importing.beside import beside_of
from jieban.orders.importing.clocks import Clocks, clocks_of
from jieban.orders.importing.frame import Frame
from jieban.orders.importing.lots import Lot
from jieban.orders.importing.seal import OPEN, SEALED, SEQ
from jieban.orders.importing.states import States, states_of
from jieban.orders.importing.telling import (
    added_of,
    digits_of,
    every,
    facts_of,
    named,
    serials_of,
    unless_empty,
    words_of,
)
from jieban.orders.models import Callback, Clock, Event, Handling, Order, OrderSecret, Words
from jieban.orders.states import RepeatBy
from jieban.people.actor import Actor
from jieban.people.acts import Act
from jieban.profile.city import Profile
from jieban.profile.model import Urgency

_ORDER_AS_IT_IS = (
    *("disposition", "mailbox", "request_type", "topic", "subtopic", "street", "community", "received_at"),
    *("dispatched_at", "contacted", "called_back", "resolved", "satisfaction", "answer_unit"),
)


@dataclass(frozen=True, kw_only=True)
class Import:
    """What holds for all rows of an import."""

    profile: Profile
    keyring: Keyring
    now: datetime
    source: str
    actor: Actor


@dataclass(frozen=True, kw_only=True)
class Keys:
    """The keys that the database reserved for a lot, and those of the orders that they repeat (-1 for none)."""

    orders: Ints
    handlings: Ints
    repeats: Ints


@dataclass(frozen=True, kw_only=True)
class Built:
    """A lot that waits to be sealed: `sealing` goes to the sealers, the rest is written with what comes back."""

    lot: Lot
    order: dict[str, Any]
    rest: tuple[Frame, ...]
    sealing: Any
    has_words: Ints


def build(lot: Lot, keys: Keys, doing: Import) -> Built:
    """The rows of a lot without a fault."""
    states = states_of(lot)
    serials = serials_of(lot.handlings["handling_no"], lot.orders["order_no"], lot.handlings_of, "-", None)
    calls = serials_of(
        lot.callbacks["callback_no"],
        lot.orders["order_no"],
        lot.callbacks_of,
        "-H",
        seconds_of(lot.callbacks["called_at"]),
    )
    clocks = clocks_of(lot, states, serials, doing.profile)
    orders = _orders(lot, states, keys, doing)
    handlings = _handlings(lot, states, serials, keys)
    callbacks = _callbacks(lot, calls, keys, doing)
    clock_rows = _clock_rows(clocks, keys)
    order = Frame(model=Order, count=lot.count, columns=orders)
    rows = (
        (np.arange(lot.count), every("order", lot.count), order),
        (lot.handlings_of, named("handling:", serials), handlings),
        (clocks.of, clocks.entity, clock_rows),
        (lot.callbacks_of, named("callback:", calls), callbacks),
    )
    added = added_of(lot.count, [(of, names, frame.told(names)) for of, names, frame in rows])
    slots, texts, has_words = words_of(lot, serials, calls)
    sealing = pa.record_batch(
        [
            lot.orders["order_no"],
            unless_empty(lot.orders["requester"]),
            unless_empty(lot.orders["phone"]),
            digits_of(lot.orders["phone"]),
            lot.orders["address"],
            lot.orders["content"],
            slots,
            texts,
            added,
            facts_of(lot, clocks, beside_of(lot, serials, calls), doing.source),
        ],
        schema=OPEN,
    )
    return Built(
        lot=lot, order=orders, rest=(handlings, clock_rows, callbacks), sealing=sealing, has_words=has_words
    )


def frames(built: Built, sealed: Any, doing: Import) -> list[Frame]:
    """All rows of a lot, those first to which others point."""
    columns = dict(zip(SEALED.names, sealed.columns, strict=True))
    count, order = built.lot.count, built.order
    events: dict[str, Any] = {
        "order_id": order["id"],
        "seq": SEQ,
        "at": doing.now,
        "act": Act.IMPORT.value,
        "actor": doing.actor.ref,
        "data": columns["data"].cast(pa.string()),
        "key_version": doing.keyring.current,
        "previous": "",
        "digest": columns["digest"],
    }
    secrets = {
        name: columns[name] for name in ("wrapped_key", "contact", "matter", "phone_index", "search")
    } | {
        "order_id": order["id"],
        "order_received_at": order["received_at"],
        "key_version": doing.keyring.current,
    }
    said = pa.array(built.has_words)
    words = {"order_id": order["id"].take(said), "seq": SEQ, "sealed": columns["words"].take(said)}
    return [
        Frame(model=Order, count=count, columns=order | {"head": columns["digest"]}),
        Frame(model=OrderSecret, count=count, columns=secrets),
        *built.rest,
        Frame(model=Words, count=len(built.has_words), columns=words),
        Frame(model=Event, count=count, columns=events),
    ]


def _orders(lot: Lot, states: States, keys: Keys, doing: Import) -> dict[str, Any]:
    rows = lot.orders
    confidential = pa.array(
        [doing.profile.request_types[code].confidential for code in rows["request_type"].to_pylist()],
        pa.bool_(),
    )
    here = keys.repeats >= 0
    named = pc.is_valid(rows["repeat_of"])
    return {name: rows[name] for name in _ORDER_AS_IT_IS} | {
        "id": pa.array(keys.orders),
        "number": rows["order_no"],
        "source_number": rows["order_no"],
        "profile_version": doing.profile.version,
        "state": states.orders,
        "channel": rows["channel"].fill_null(""),
        "urgency": rows["urgency"].fill_null(Urgency.NORMAL.value),
        "anonymous": rows["anonymous"].fill_null(False),  # Arrow's own
        "confidential": pc.coalesce(rows["confidential"], confidential),
        "recorded_by": doing.actor.ref,
        "signed_at": states.signed_at,
        "closed_at": states.closed_at,
        "concluded_at": states.concluded_at,
        "round": rows["reopen_count"].fill_null(0),
        "excluded": rows["excluded"].fill_null(False),  # as above
        "published": rows["published"].fill_null(False),  # as above
        "repeat_of_id": pa.array(keys.repeats, pa.int64(), mask=~here),
        "repeat_by": pc.if_else(named, RepeatBy.NAMED.value, pa.scalar(None, pa.string())),
        "repeat_number": pc.if_else(pa.array(here), pa.scalar(None, pa.string()), rows["repeat_of"]),
        "answer_in": pc.if_else(pc.is_valid(rows["reply"]), SEQ, pa.scalar(None, pa.int32())),
        "events": SEQ,
        "last_at": doing.now,
    }


def _handlings(lot: Lot, states: States, serials: Any, keys: Keys) -> Frame:
    rows = lot.handlings
    days = rows["extension_days"].fill_null(0)
    gone = pa.array(states.returned | states.relieved)
    live_close = pc.if_else(gone, None, rows["closed_at"])
    return Frame(
        model=Handling,
        count=len(lot.handlings_of),
        columns={
            "id": pa.array(keys.handlings),
            "order_id": pa.array(keys.orders[lot.handlings_of]),
            "serial": serials,
            "unit": rows["unit"],
            "part": rows["role"],
            "state": states.handlings,
            "order_received_at": lot.orders["received_at"].take(pa.array(lot.handlings_of)),
            "dispatched_at": rows["dispatched_at"],
            "signed_at": rows["signed_at"],
            "replied_at": live_close,
            "closed_at": pc.if_else(pa.array(states.relieved), None, rows["closed_at"]),
            "return_requests": rows["return_requests"].fill_null(0),
            "extensions": pc.if_else(pc.greater(days, 0), 1, 0),
            "extension_days": days,
            "reworks": rows["rework_count"].fill_null(0),
            "replied_in": pc.if_else(pc.is_valid(rows["reply"]), SEQ, pa.scalar(None, pa.int32())),
        },
    )


def _callbacks(lot: Lot, serials: Any, keys: Keys, doing: Import) -> Frame:
    rows, of = lot.callbacks, lot.callbacks_of
    closed = seconds_of(lot.orders["closed_at"])[of]
    reopened = ints(lot.orders["reopen_count"], 0)[of]
    after = seconds_of(rows["called_at"]) >= closed
    return Frame(
        model=Callback,
        count=len(of),
        columns={
            "order_id": pa.array(keys.orders[of]),
            "serial": serials,
            "round": pa.array(np.where(after, reopened, 0), pa.int32()),
            "called_at": rows["called_at"],
            "called_by": doing.actor.ref,
            "reached": rows["reached"],
            "contacted": rows["contacted"],
            "resolved": rows["resolved"],
            "satisfaction": rows["satisfaction"],
            "told_in": SEQ,
        },
    )


def _clock_rows(clocks: Clocks, keys: Keys) -> Frame:
    on_handling = clocks.handling >= 0
    handling = np.where(on_handling, keys.handlings[clocks.handling] if len(keys.handlings) else -1, -1)
    return Frame(
        model=Clock,
        count=len(clocks.of),
        columns=clocks.columns
        | {
            "order_id": pa.array(keys.orders[clocks.of]),
            "handling_id": pa.array(handling, pa.int64(), mask=~on_handling),
        },
    )

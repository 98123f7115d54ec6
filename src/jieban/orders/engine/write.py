"""Writing an act: its rows, its words and its event, chained to the one before."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import Model

from jieban.orders.chain import Link, canonical_data
from jieban.orders.engine.rows import insert, update
from jieban.orders.engine.step import Child, Step, entity, initial
from jieban.orders.models import Event, Handling, Order, OrderSecret, Words

Alike = defaultdict[tuple[type[Model], tuple[str, ...]], list[Model]]
"""Rows of a table of which the same columns changed."""

_OF_CHAIN = frozenset({"events", "head", "last_at"})
# Clocks point to handlings: those come first.
_FIRST: tuple[type[Model], ...] = (Handling,)
WORDS_SLOT = "words"
ADDED, CONFIG = "added", "config"
"""Under which an event tells the rows that it made, and the version of the profile that they have of it."""


def write(*steps: Step) -> None:
    """Write all that the steps hold, each of another order. The orders are locked."""
    _update(steps)
    # After the updates: a unit that gave an order back makes room for the next.
    _insert([row for step in steps for row in step.new])
    for step in steps:
        if step.dirty_secret:
            update([step.secret], sorted(step.dirty_secret))
        _write_words(step)
    events = [_event(step, step.new) for step in steps]
    orders: Alike = defaultdict(list)
    for step, event in zip(steps, events, strict=True):
        order = step.order
        orders[Order, tuple(sorted(_OF_CHAIN | step.dirty.get(order, set())))].append(order)
        order.events, order.head, order.last_at = event.seq, event.digest, event.at
    _update_alike(orders)
    if events:
        insert(events)


def write_new(step: Step, secret: OrderSecret) -> Event:
    """Write an order that is being opened, with its secret and all that the step holds: one insert a table."""
    order = step.order
    if step.said:
        _commit_words(step)
    event = _event(step, [order, *step.new])
    order.events, order.head, order.last_at = event.seq, event.digest, event.at
    insert([order])
    secret.order = event.order = order
    insert([secret])
    _insert(step.new)
    if step.said:
        _seal_words(step, event.seq)
    insert([event])
    return event


def _write_words(step: Step) -> None:
    if step.said:
        _commit_words(step)
        _seal_words(step, step.seq)


def _commit_words(step: Step) -> None:
    step.commit(**{f"{WORDS_SLOT}/{step.seq}/{slot}": said for slot, said in step.said.items()})


def _seal_words(step: Step, seq: int) -> None:
    sealed = step.lock.seal(f"{WORDS_SLOT}/{seq}", step.said)
    insert([Words(order=step.order, seq=seq, sealed=sealed)])


def _update(steps: Iterable[Step]) -> None:
    """Store what changed in rows that were there, the orders' own apart. Clocks move alike, and many at a time."""
    rows: Alike = defaultdict(list)
    for step in steps:
        for row, columns in step.dirty.items():
            if not isinstance(row, Order):
                rows[type(row), tuple(sorted(columns))].append(row)
    _update_alike(rows)


def _update_alike(found: Alike) -> None:
    for (_, columns), rows in found.items():
        update(rows, columns)


def _insert(rows: list[Child]) -> None:
    by_kind: dict[type[Model], list[Child]] = defaultdict(list)
    for row in rows:
        by_kind[type(row)].append(row)
    for kind in sorted(by_kind, key=lambda kind: kind not in _FIRST):
        insert(by_kind[kind])


def _event(step: Step, new: Sequence[Order | Child]) -> Event:
    data: dict[str, object] = {"changes": step.changed}
    if new:
        version = step.profile.version
        data |= {ADDED: {entity(row): initial(row, version) for row in new}, CONFIG: version}
    if step.handling_serial is not None:
        data["handling"] = step.handling_serial
    if step.facts:
        data["facts"] = step.facts
    if step.commitments:
        data["commitments"] = step.commitments
    link = Link(
        order=step.order.number,
        seq=step.seq,
        at=step.at,
        act=step.act.value,
        actor=step.actor.ref,
        data=canonical_data(data),
        previous=step.order.head,
    )
    keys = step.keyring.current
    return Event(
        order=step.order,
        seq=link.seq,
        at=link.at,
        act=link.act,
        actor=link.actor,
        data=link.data,
        key_version=keys,
        previous=link.previous,
        digest=link.digest(step.keyring, keys),
    )

"""Writing an act: its rows, its words and its event, chained to the one before."""

from collections import defaultdict

from django.db.models import Model

from jieban.orders.chain import Link, canonical_data
from jieban.orders.engine.step import Child, Step, initial
from jieban.orders.models import Event, Handling, Order, OrderSecret, Words

# Clocks point to handlings: those come first.
_FIRST: tuple[type[Model], ...] = (Handling,)
WORDS_SLOT = "words"


def write(step: Step) -> Event:
    """Write all that the step holds. The order is locked."""
    for row, columns in step.dirty.items():
        if not isinstance(row, Order):
            row.save(update_fields=sorted(columns))
    # After the updates: a unit that gave an order back makes room for the next.
    _insert(step.new)
    if step.dirty_secret:
        step.secret.save(update_fields=sorted(step.dirty_secret))
    _write_words(step)
    event = _event(step)
    order = step.order
    columns = {"events", "head", "last_at"} | step.dirty.get(order, set())
    order.events, order.head, order.last_at = event.seq, event.digest, event.at
    order.save(update_fields=sorted(columns))
    Event.objects.bulk_create([event])
    return event


def write_new(step: Step, secret: OrderSecret) -> Event:
    """Write an order that is being opened, with its secret and all that the step holds: one insert a table."""
    order = step.order
    step.changed["order"] = initial(order)
    if step.said:
        _commit_words(step)
    event = _event(step)
    order.events, order.head, order.last_at = event.seq, event.digest, event.at
    order.save(force_insert=True)
    secret.order = event.order = order
    secret.save(force_insert=True)
    _insert(step.new)
    if step.said:
        _seal_words(step, event.seq)
    Event.objects.bulk_create([event])
    return event


def _write_words(step: Step) -> None:
    if step.said:
        _commit_words(step)
        _seal_words(step, step.seq)


def _commit_words(step: Step) -> None:
    step.commit(**{f"{WORDS_SLOT}/{step.seq}/{slot}": said for slot, said in step.said.items()})


def _seal_words(step: Step, seq: int) -> None:
    sealed = step.lock.seal(f"{WORDS_SLOT}/{seq}", step.said)
    Words.objects.create(order=step.order, seq=seq, sealed=sealed)


def _insert(rows: list[Child]) -> None:
    by_kind: dict[type[Model], list[Child]] = defaultdict(list)
    for row in rows:
        by_kind[type(row)].append(row)
    for kind in sorted(by_kind, key=lambda kind: kind not in _FIRST):
        kind._default_manager.bulk_create(by_kind[kind])  # noqa: SLF001  # the public name of Django's own


def _event(step: Step) -> Event:
    data: dict[str, object] = {"changes": step.changed}
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
    version = step.keyring.current
    return Event(
        order=step.order,
        seq=link.seq,
        at=link.at,
        act=link.act,
        actor=link.actor,
        data=link.data,
        key_version=version,
        previous=link.previous,
        digest=link.digest(step.keyring, version),
    )

"""`verify`: walks every chain, compares every row with its events, and both with the anchors. Memory stays constant."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, Model, OuterRef

from jieban.kernel.keyring import Keyring
from jieban.orders.audit.anchors import (
    AnchorHead,
    BadAnchor,
    Entry,
    anchor_files,
    entries,
    follows,
    known_days,
    read_anchor,
)
from jieban.orders.audit.chains import check_chain
from jieban.orders.audit.findings import Collector, Finding, Findings, Kind
from jieban.orders.audit.fold import CHILDREN, compare, fold
from jieban.orders.audit.numbering import missing_numbers
from jieban.orders.audit.sealed import check_sealed
from jieban.orders.models import Callback, Clock, Event, Handling, Order, OrderSecret, Words
from jieban.orders.triggers import missing
from jieban.people.keys import keyring

Progress = Callable[[int, int], None]
Row = Mapping[str, Any]

BATCH: Final = 200
_ENTRIES: Final = 500
_HANGING: Final[tuple[type[Model], ...]] = (OrderSecret, Handling, Clock, Callback, Words)
_ROWS: Final[tuple[tuple[type[Model], str], ...]] = ((Event, "seq"), *((child, "id") for child in CHILDREN))


def verify(progress: Progress | None = None, *, anchors: Path | None = None) -> Findings:
    """Everything that is wrong with the trail, by name; `anchors` is where their files are, if not where settings say.

    Writes nothing. Acts may go on meanwhile: an order that seems wrong is looked at again under its lock.
    Raises BadKeys where there are no keys at all.
    """
    ring, collector = keyring(), Collector()
    collector.take(Finding(kind=Kind.TRIGGER_MISSING, what=name) for name in missing(connection))
    orders, events = _walk(ring, collector, progress)
    collector.take(_strays())
    collector.take(missing_numbers())
    heads = _check_anchors(anchors or settings.JIEBAN_ANCHORS, ring, collector)
    return Findings(
        orders=orders,
        events=events,
        anchors=len(heads),
        last_anchor=heads[-1].day if heads else None,
        found=tuple(collector.found),
        counts=dict(collector.counts),
    )


def _walk(ring: Keyring, collector: Collector, progress: Progress | None) -> tuple[int, int]:
    whole, orders, events, last = Order.objects.count(), 0, 0, 0
    while batch := list(Order.objects.filter(pk__gt=last).order_by("pk").values()[:BATCH]):
        loaded = _load(batch)
        for order in batch:
            events += len(loaded[Event][order["id"]])
            findings = list(_check_order(order, loaded, ring))
            if findings:
                collector.take(_check_again(order["id"], ring))
        orders, last = orders + len(batch), batch[-1]["id"]
        if progress is not None:
            progress(min(orders, whole), whole)
    return orders, events


Loaded = Mapping[type[Model], Mapping[int, list[Any]]]


def _load(orders: Sequence[Row]) -> Loaded:
    """All rows of a batch of orders, by table and order."""
    ids = [order["id"] for order in orders]
    loaded: dict[type[Model], dict[int, list[Any]]] = {}
    for model, by in _ROWS:
        grouped = defaultdict(list)
        for row in model._default_manager.filter(order_id__in=ids).order_by("order_id", by).values():  # noqa: SLF001
            grouped[row["order_id"]].append(row)
        loaded[model] = grouped
    loaded[OrderSecret], loaded[Words] = defaultdict(list), defaultdict(list)
    for secret in OrderSecret.objects.filter(order_id__in=ids).defer(None):
        loaded[OrderSecret][secret.order_id].append(secret)
    for words in Words.objects.filter(order_id__in=ids).order_by("seq"):
        loaded[Words][words.order_id].append(words)
    return loaded


def _check_again(pk: int, ring: Keyring) -> list[Finding]:
    """Under the order's lock: what an act was just writing is no finding."""
    with transaction.atomic():
        Order.objects.select_for_update(no_key=True).filter(pk=pk).first()
        found = list(Order.objects.filter(pk=pk).values())
        return [finding for order in found for finding in _check_order(order, _load(found), ring)]


def _check_order(order: Row, loaded: Loaded, ring: Keyring) -> Iterator[Finding]:
    pk, events = order["id"], loaded[Event][order["id"]]
    yield from check_chain(order, events, ring)
    folded = fold(order["number"], events)
    yield from folded.findings
    secret = next(iter(loaded[OrderSecret][pk]), None)
    yield from compare(order, {model: loaded[model][pk] for model in CHILDREN}, secret, folded)
    yield from check_sealed(order, secret, loaded[Words][pk], folded.commitments, ring)


def _strays() -> Iterator[Finding]:
    strays = Event.objects.filter(~Exists(Order.objects.filter(pk=OuterRef("order_id"))))
    for pk, seq in strays.values_list("order_id", "seq").iterator():
        yield Finding(kind=Kind.EVENT_STRAY, seq=seq, what=f"order_id={pk}")
    # For these the database doesn't look itself (see `models.handling`).
    for model in _HANGING:
        rows = model._default_manager.filter(~Exists(Order.objects.filter(pk=OuterRef("order_id"))))  # noqa: SLF001  # as above
        for pk in rows.values_list("order_id", flat=True).iterator():
            yield Finding(kind=Kind.ROW_INSERTED, what=f"{model.__name__.lower()}, order_id={pk}")


def _check_anchors(directory: Path, ring: Keyring, collector: Collector) -> list[AnchorHead]:
    remembered, heads = known_days(), []
    last: AnchorHead | None = None
    broken = False
    for day, path in anchor_files(directory):
        try:
            head = read_anchor(path, ring)
        except BadAnchor:
            remembered.pop(day, None)
            collector.take([Finding(kind=Kind.ANCHOR_CHANGED, what=path.name)])
            broken = True
            continue
        # After a broken one there is nothing to compare with; what it says of the database is looked at all the same.
        if head.day != day or not (broken or follows(head, last)):
            collector.take([Finding(kind=Kind.ANCHOR_OUT_OF_CHAIN, what=path.name)])
        if (seal := remembered.pop(day, None)) is not None and seal != head.seal:
            collector.take([Finding(kind=Kind.ANCHOR_CHANGED, what=path.name)])
        collector.take(_compare_entries(head))
        heads.append(head)
        last, broken = head, False
    collector.take(Finding(kind=Kind.ANCHOR_MISSING, what=day.isoformat()) for day in remembered)
    if last is not None and (there := Order.objects.count()) < last.orders:
        what = f"{there} < {last.orders}"
        collector.take([Finding(kind=Kind.ORDERS_FEWER, what=what)])
    return heads


def _compare_entries(head: AnchorHead) -> Iterator[Finding]:
    told = entries(head)
    while part := list(islice(told, _ENTRIES)):
        yield from _compare_part(part)


def _compare_part(part: Sequence[Entry]) -> Iterator[Finding]:
    numbers = [entry.number for entry in part]
    there = dict(Order.objects.filter(number__in=numbers).values_list("number", "id"))
    digests = {
        (number, seq): digest
        for number, seq, digest in Event.objects.filter(
            order_id__in=there.values(), seq__in={entry.seq for entry in part}
        ).values_list("order__number", "seq", "digest")
    }
    for entry in part:
        found = digests.get((entry.number, entry.seq))
        if entry.number not in there:
            yield Finding(kind=Kind.ORDER_DELETED, order=entry.number)
        elif found is None:
            yield Finding(kind=Kind.TAIL_CUT, order=entry.number, seq=entry.seq)
        elif found != entry.digest:
            yield Finding(kind=Kind.RECOMPUTED, order=entry.number, seq=entry.seq)

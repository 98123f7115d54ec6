"""Orders with all that hangs on them, a bounded number at a time."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jieban.orders.export.said import Said
from jieban.orders.models import Callback, Clock, Event, Handling, Order, OrderSecret, Words
from jieban.people.city import city

if TYPE_CHECKING:
    from array import array

    from django.db.models import Model

CHUNK = 2_000
_EVENTS = 200
"""Events read at a time: of an imported order it tells all."""

Record = Any
"""A row as a named tuple of the columns below, which takes half the time of a model's instance."""

_OF_ORDER = (
    *("pk", "number", "channel", "mailbox", "disposition", "received_at", "dispatched_at", "signed_at", "closed_at"),
    *("request_type", "topic", "subtopic", "urgency", "street", "community", "anonymous", "confidential", "state"),
    *("contacted", "called_back", "resolved", "satisfaction", "repeat_of__number", "repeat_number", "round"),
    *("excluded", "published", "answer_in", "answer_unit", "source_number", "events"),
)  # fmt: skip
_OF_HANDLING = (
    *("pk", "order_id", "serial", "unit", "part", "state", "dispatched_at", "signed_at", "closed_at"),
    *("return_requests", "extension_days", "reworks", "replied_in"),
)
_OF_CLOCK = ("order_id", "handling_id", "stage", "round", "rule", "due_at", "stopped_at", "provisional")
_OF_CALLBACK = (
    *("order_id", "serial", "called_at", "reached", "contacted", "resolved", "satisfaction", "told_in"),
)


@dataclass(kw_only=True, slots=True)
class Whole:
    """An order with its handlings, clocks, callbacks, secret, the words that its replies stand in, and its import."""

    order: Record
    secret: OrderSecret | None = None
    handlings: list[Record] = field(default_factory=list)
    clocks: list[Record] = field(default_factory=list)
    callbacks: list[Record] = field(default_factory=list)
    words: dict[int, Words] = field(default_factory=dict)
    said: Said | None = None


def chunks(keys: "array[int]", *, words: bool, size: int = CHUNK) -> Iterator[list[Whole]]:
    """The orders of some keys, which rise: what one chunk needs is all that is held at a time."""
    for first in range(0, len(keys), size):
        yield _whole(keys[first : first + size].tolist(), words=words)


def _whole(keys: list[int], *, words: bool) -> list[Whole]:
    orders = Order.objects.filter(pk__in=keys).order_by("pk").values_list(*_OF_ORDER, named=True)
    wholes = {row.pk: Whole(order=row) for row in orders}
    for handling in _of(Handling, keys, _OF_HANDLING, by="serial"):
        wholes[handling.order_id].handlings.append(handling)
    for clock in _of(Clock, keys, _OF_CLOCK, by="pk"):
        wholes[clock.order_id].clocks.append(clock)
    for callback in _of(Callback, keys, _OF_CALLBACK, by="serial"):
        wholes[callback.order_id].callbacks.append(callback)
    came = [key for key, whole in wholes.items() if whole.order.source_number is not None]
    events = Event.objects.filter(order_id__in=came, seq=1).values_list("order_id", "at", "data")
    for key, at, data in events.iterator(chunk_size=_EVENTS):
        wholes[key].said = Said.of(at, data, alone=wholes[key].order.events == 1)
    if words:
        for secret in OrderSecret.objects.filter(order_id__in=keys):
            wholes[secret.order_id].secret = secret
        wanted = _wanted(wholes)
        for said in Words.objects.filter(order_id__in=keys):
            if said.seq in wanted[said.order_id]:
                wholes[said.order_id].words[said.seq] = said
    return list(wholes.values())


def _of(model: "type[Model]", keys: list[int], columns: Sequence[str], *, by: str) -> Iterator[Record]:
    rows = model._default_manager.filter(order_id__in=keys)  # noqa: SLF001  # the public name of Django's own
    return iter(rows.order_by("order_id", by).values_list(*columns, named=True))


def _wanted(wholes: dict[int, Whole]) -> dict[int, set[int]]:
    """The events whose words are replies, answers or remarks at callbacks."""
    wanted: dict[int, set[int]] = defaultdict(set)
    for key, whole in wholes.items():
        told = [whole.order.answer_in, *(each.replied_in for each in whole.handlings)]
        told += [each.told_in for each in whole.callbacks]
        wanted[key] = {seq for seq in told if seq is not None}
    return wanted


def joined(said: object) -> str | None:
    """A reply as one text: the fields of its template, each a paragraph, in the template's order."""
    if isinstance(said, str):
        return said
    if isinstance(said, dict):
        order = [each.code for each in city().workflow.reply]
        known = [code for code in order if code in said]
        return "\n".join(str(said[code]) for code in (*known, *(code for code in said if code not in order)))
    return json.dumps(said, ensure_ascii=False) if said is not None else None

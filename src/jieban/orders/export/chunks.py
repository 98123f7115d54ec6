"""Orders with all that hangs on them, a bounded number at a time."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from django.db.models import Model, QuerySet

from jieban.orders.models import Callback, Clock, Handling, Order, OrderSecret, Words

CHUNK = 2_000
M = TypeVar("M", bound=Model)


@dataclass(kw_only=True, slots=True)
class Whole:
    """An order with its handlings, clocks, callbacks, secret and the words that its replies stand in."""

    order: Order
    secret: OrderSecret | None = None
    handlings: list[Handling] = field(default_factory=list)
    clocks: list[Clock] = field(default_factory=list)
    callbacks: list[Callback] = field(default_factory=list)
    words: dict[int, Words] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope:
    """Which orders: received from `since` (included) to `until` (excluded); None for no bound."""

    since: datetime | None = None
    until: datetime | None = None

    def orders(self) -> "QuerySet[Order]":
        """The orders in the scope, by row."""
        found = Order.objects.select_related("repeat_of").order_by("pk")
        if self.since is not None:
            found = found.filter(received_at__gte=self.since)
        if self.until is not None:
            found = found.filter(received_at__lt=self.until)
        return found


def chunks(scope: Scope, *, words: bool, size: int = CHUNK) -> Iterator[list[Whole]]:
    """The orders of a scope by keyset: what one chunk needs is all that is held at a time."""
    last = 0
    while rows := list(scope.orders().filter(pk__gt=last)[:size]):
        last = rows[-1].pk
        yield _whole(rows, words=words)


def _whole(rows: list[Order], *, words: bool) -> list[Whole]:
    wholes = {row.pk: Whole(order=row) for row in rows}
    keys = list(wholes)
    for handling in _of(Handling, keys).order_by("order_id", "serial"):
        wholes[handling.order_id].handlings.append(handling)
    for clock in _of(Clock, keys).order_by("order_id", "pk"):
        wholes[clock.order_id].clocks.append(clock)
    for callback in _of(Callback, keys).order_by("order_id", "serial"):
        wholes[callback.order_id].callbacks.append(callback)
    if words:
        for secret in _of(OrderSecret, keys):
            wholes[secret.order_id].secret = secret
        wanted = _wanted(wholes)
        for said in _of(Words, keys):
            if said.seq in wanted[said.order_id]:
                wholes[said.order_id].words[said.seq] = said
    return list(wholes.values())


def _wanted(wholes: dict[int, Whole]) -> dict[int, set[int]]:
    """The events whose words are replies, answers or remarks at callbacks."""
    wanted: dict[int, set[int]] = defaultdict(set)
    for key, whole in wholes.items():
        told = [whole.order.answer_in, *(each.replied_in for each in whole.handlings)]
        told += [each.told_in for each in whole.callbacks]
        wanted[key] = {seq for seq in told if seq is not None}
    return wanted


def _of(model: type[M], keys: list[int]) -> "QuerySet[M]":
    return model._default_manager.filter(order_id__in=keys)  # noqa: SLF001  # the public name of Django's own


def joined(said: object) -> str | None:
    """A reply as one text: the fields of its template, each a paragraph."""
    if isinstance(said, str):
        return said
    if isinstance(said, dict):
        return "\n".join(str(text) for text in said.values())
    return json.dumps(said, ensure_ascii=False) if said is not None else None

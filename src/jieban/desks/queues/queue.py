"""A queue, declared: its name, what its emptiness means, and which orders wait in it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from jieban.kernel.i18n import Later
from jieban.people.actor import Actor
from jieban.people.acts import Act

MOST_COUNTED = 1000
"""Counts go so far and then say "more": nobody works by the exact length of such a queue."""
PAGE = 50

Entries = QuerySet[Any, tuple[int, int | None, datetime | None]]
"""An order's key, the serial of the handling that waits (None for the whole order), and the instant to sort by: sorted.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Queue:
    """`find` gives the entries for whom asks; `due` says whether their instant is a deadline, or when they came in.

    `empty` is shown where nothing waits: what to do next. `bulk` are acts that may be done to several of its entries at
    once; `notes` tells more of the orders on a page, by their keys, in at most two queries.
    """

    id: str
    name: Later
    empty: Later
    find: Callable[[Actor, datetime], Entries]
    due: bool = True
    bulk: tuple[Act, ...] = ()
    notes: Callable[[Collection[int], datetime], Mapping[int, tuple[str, ...]]] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """Something that waits: an order, or one handling of it."""

    order: int
    handling: int | None
    at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """One page of a queue: its entries, and whether there are more behind them."""

    entries: tuple[Entry, ...]
    number: int
    more: bool


def piece_of(queue: Queue, actor: Actor, now: datetime, number: int) -> Piece:
    """The entries of a page; the first is 1. One query."""
    begin = (number - 1) * PAGE
    found = list(queue.find(actor, now)[begin : begin + PAGE + 1])
    entries = tuple(Entry(order=order, handling=serial, at=at) for order, serial, at in found[:PAGE])
    return Piece(entries=entries, number=number, more=len(found) > PAGE)


def count_of(queue: Queue, actor: Actor, now: datetime) -> int:
    """How many wait, up to MOST_COUNTED. One query that stops there."""
    return queue.find(actor, now).order_by()[:MOST_COUNTED].count()

"""Going through clocks and petitions, and doing an act once to each order: what every job about deadlines does.

Each order is an act of its own, with its own lock, checks and event. Several are written by one transaction, so that a
run that is killed or made twice leaves none half done, and none of those that it had come to is done but half.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TypeVar

from django.db.models import Q, QuerySet

from jieban.orders.engine.perform import Body, perform
from jieban.orders.engine.together import perform_on_each
from jieban.orders.engine.transactions import told_of_waiting
from jieban.orders.errors import Busy, TimeRunsBack, WrongState
from jieban.orders.models import Clock, Order, Petition
from jieban.people.actor import Actor
from jieban.people.acts import Act

BATCH = 500
TOGETHER = 100
"""Orders of one transaction: users wait for their locks some hundredths of a second."""
Timed = TypeVar("Timed", Clock, Petition)


@dataclass(frozen=True, kw_only=True, slots=True)
class Swept:
    """What a run did: to how many orders, and which it had to leave for the next one."""

    orders: int
    left: tuple[str, ...] = ()


class NothingToDo(Exception):
    """Ends an act that somebody else has made needless."""


_PASSING = (NothingToDo, WrongState, TimeRunsBack)


def each_order(act: Act, body: Body, found: Iterator[Clock | Petition], now: datetime) -> Swept:
    """Do `act` once to every order of which something was found."""
    done, left = 0, []
    keys = _once_each(found)
    while several := list(islice(keys, TOGETHER)):
        with told_of_waiting():
            numbers = list(
                Order.objects.filter(pk__in=several).order_by("pk").values_list("number", flat=True)
            )
        for number, came in _attempt(act, body, numbers, now):
            done += came is True
            left += [number] if came is None else []
    return Swept(orders=done, left=tuple(left))


def _once_each(found: Iterator[Clock | Petition]) -> Iterator[int]:
    seen = set()
    for each in found:
        if each.order_id not in seen:
            seen.add(each.order_id)
            yield each.order_id


def batches(found: QuerySet[Timed], key: tuple[str, ...]) -> Iterator[Timed]:
    """Rows by keyset, a batch a query: each is read when the ones before it are done with."""
    last: Timed | None = None
    while True:
        rows = found if last is None else found.filter(_after(last, key))
        with told_of_waiting():
            batch = list(rows.order_by(*key)[:BATCH])
        yield from batch
        if len(batch) < BATCH:
            return
        last = batch[-1]


def _after(last: Clock | Petition, key: tuple[str, ...]) -> Q:
    """What comes behind a row in the order of `key`, whose last part is unique."""
    first, *rest = key
    here = getattr(last, first)
    beyond = Q(**{f"{first}__gt": here})
    if not rest:
        return beyond
    # Said twice, since no index is looked into by what holds one or the other: each batch would begin from the start.
    return Q(**{f"{first}__gte": here}) & (beyond | (Q(**{first: here}) & _after(last, tuple(rest))))


def _attempt(act: Act, body: Body, orders: list[str], now: datetime) -> Iterator[tuple[str, bool | None]]:
    """Of each order whether the act was done; None when it has to be tried again."""
    try:
        came = perform_on_each(act, body, orders=orders, actor=Actor.system(), now=now, passing=_PASSING)
    except Busy:
        # Of what is waited for here there is one for all of them (SQLite's file), so none is tried by itself.
        yield from ((number, None) for number in orders)
        return
    for number in orders:
        if number in came:
            refusal = came[number]
            yield number, None if isinstance(refusal, TimeRunsBack) else refusal is None
        else:
            yield number, _alone(act, body, number, now)


def _alone(act: Act, body: Body, order: str, now: datetime) -> bool | None:
    """The same for an order that somebody held: now it is waited for."""
    try:
        perform(act, body, order=order, actor=Actor.system(), now=now)
    except (NothingToDo, WrongState):
        return False
    except (Busy, TimeRunsBack):
        return None
    return True

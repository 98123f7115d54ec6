"""Going through clocks and petitions, and doing an act once to each order: what every job about deadlines does.

Each order is an act and a transaction of its own, so that a run that is killed or made twice leaves none half done.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import Q, QuerySet

from jieban.orders.engine.perform import Body, perform
from jieban.orders.engine.transactions import told_of_waiting
from jieban.orders.errors import Busy, TimeRunsBack, WrongState
from jieban.orders.models import Clock, Petition
from jieban.people.actor import Actor
from jieban.people.acts import Act

BATCH = 500
Timed = TypeVar("Timed", Clock, Petition)


@dataclass(frozen=True, kw_only=True, slots=True)
class Swept:
    """What a run did: to how many orders, and which it had to leave for the next one."""

    orders: int
    left: tuple[str, ...] = ()


class NothingToDo(Exception):
    """Ends an act that somebody else has made needless."""


def each_order(act: Act, body: Body, found: Iterator[Clock | Petition], now: datetime) -> Swept:
    """Do `act` once to every order of which something was found."""
    done, left, seen = 0, [], set()
    for each in found:
        if each.order_id in seen:
            continue
        seen.add(each.order_id)
        came = _attempt(act, body, each.order.number, now)
        done += came is True
        left += [each.order.number] if came is None else []
    return Swept(orders=done, left=tuple(left))


def batches(found: QuerySet[Timed], key: tuple[str, ...]) -> Iterator[Timed]:
    """Rows by keyset, a batch a query: each is read when the ones before it are done with."""
    last: Timed | None = None
    while True:
        rows = found if last is None else found.filter(_after(last, key))
        with told_of_waiting():
            batch = list(rows.select_related("order").order_by(*key)[:BATCH])
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


def _attempt(act: Act, body: Body, order: str, now: datetime) -> bool | None:
    """Whether the act was done; None when it has to be tried again."""
    try:
        perform(act, body, order=order, actor=Actor.system(), now=now)
    except (NothingToDo, WrongState):
        return False
    except (Busy, TimeRunsBack):
        return None
    return True

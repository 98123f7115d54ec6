"""What happened to an order since somebody looked: told to who saves second, and how sending twice is known."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from jieban.desks.shell import words
from jieban.desks.shell.names import names_of
from jieban.orders.access import handlings_for
from jieban.orders.models import Event, Order
from jieban.people.actor import Actor
from jieban.people.acts import Act
from jieban.people.policy import SEES_EVERY_ORDER

if TYPE_CHECKING:
    from django.db.models import QuerySet

_TOLD = 5
"""Of more than these the last are told."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Since:
    """Something that was done: who, what, when."""

    who: str
    act: str
    at: str

    def __str__(self) -> str:
        return f"{self.at} {self.who} {self.act}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """An act that was done: which event of its order it is."""

    seq: int
    at: datetime


def since(order: Order, seen: int, actor: Actor) -> tuple[Since, ...]:
    """What others did to the order after its first `seen` events, as far as `actor` sees it in the trail.

    No query but one where nothing happened, else four at most.
    """
    found = list(_after(order, seen).exclude(actor=actor.ref).values_list("at", "act", "actor", "data"))
    if found and not actor.roles & SEES_EVERY_ORDER:
        mine = set(handlings_for(actor).filter(order=order).values_list("serial", flat=True))
        found = [each for each in found if _handling(each[3]) in {None, *mine}]
    names = names_of(who for _, _, who, _ in found)
    return tuple(
        Since(who=names.get(who, who), act=words.act(act), at=words.short_moment(at))
        for at, act, who, _ in found[-_TOLD:]
    )


def done_since(order: Order, seen: int, act: Act, handling: int | None, actor: Actor) -> tuple[Done, ...]:
    """When `actor` did this very act after those events: what is sent twice is done once. One query."""
    mine = _after(order, seen).filter(actor=actor.ref, act=act.value)
    return tuple(
        Done(seq=seq, at=at)
        for seq, at, data in mine.values_list("seq", "at", "data")
        if handling is None or _handling(data) == handling
    )


def told(found: Iterable[Since]) -> str:
    """All of them in a line."""
    return ";".join(str(each) for each in found)


def _after(order: Order, seen: int) -> "QuerySet[Event]":
    return Event.objects.filter(order=order, seq__gt=seen).order_by("seq")


def _handling(data: str) -> int | None:
    serial: int | None = json.loads(data).get("handling")
    return serial

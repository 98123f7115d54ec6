"""Answers that the centre has published: what was asked, in the centre's words, and what was answered; of nobody.

A reviewer decides what is published. Here what tells who asked is taken out all the same: their name, their numbers,
their address, whatever looks like a number of somebody's, and the citizen's own words altogether.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from jieban.orders.actions.desk import ANSWER_SLOT
from jieban.orders.actions.reply import REPLY_SLOT
from jieban.orders.models import Handling, Order, Words
from jieban.orders.nameless import without_person
from jieban.orders.replies import fields_of
from jieban.orders.secrets import Lock, contact_of, lock_of, matter_of
from jieban.orders.states import HandlingState, OrderState
from jieban.people.keys import keyring

SHOWN_IN = frozenset({OrderState.HANDLED, OrderState.CLOSED, OrderState.ARCHIVED})
"""One that was reopened has no answer that stands."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """An answer, part by part as the city's template has it; `unit` is whose it is, None for the centre's own."""

    unit: str | None
    parts: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedAnswer:
    """One published answer: codes, its two instants, the centre's summary, the answers. No number, place, person."""

    request_type: str
    mailbox: str | None
    topic: str
    subtopic: str | None
    asked_at: datetime
    answered_at: datetime
    summary: str | None
    answers: tuple[Said, ...]


def published_orders() -> "QuerySet[Order]":
    """The orders whose answers anybody may read, the latest answered first. Their rows are nobody's to see."""
    return Order.objects.filter(
        published=True, confidential=False, redacted_at__isnull=True, state__in=sorted(SHOWN_IN)
    ).order_by(Coalesce("closed_at", "last_at").desc(), "-pk")


def published_answers(begin: int, end: int) -> list[PublishedAnswer]:
    """The published answers from place `begin` to before `end`. Three queries, however many."""
    orders = list(published_orders().select_related("secret")[begin:end])
    handled: dict[int, list[Handling]] = {order.pk: [] for order in orders}
    closed = Handling.objects.filter(
        order__in=orders, state=HandlingState.CLOSED.value, replied_in__isnull=False
    )
    for each in closed.order_by("order", "serial"):
        handled[each.order_id].append(each)
    wanted = Q(pk__in=())
    for order in orders:
        told = {order.answer_in, *(each.replied_in for each in handled[order.pk])} - {None}
        wanted |= Q(order=order, seq__in=sorted(each for each in told if each is not None))
    words = {(each.order_id, each.seq): each for each in Words.objects.filter(wanted)}
    made = (_answer(order, handled[order.pk], words) for order in orders)
    return [each for each in made if each is not None]


def _answer(
    order: Order, handlings: list[Handling], words: Mapping[tuple[int, int], Words]
) -> PublishedAnswer | None:
    lock = lock_of(order.secret, order.number, keyring())
    if lock is None:
        return None
    contact, matter = contact_of(lock, order.secret), matter_of(lock, order.secret)
    answers = tuple(
        Said(unit=unit, parts=tuple(without_person(part, contact, matter) for part in parts))
        for unit, parts in _said(order, handlings, words, lock)
        if parts
    )
    if not answers:
        return None
    return PublishedAnswer(
        request_type=order.request_type,
        mailbox=order.mailbox,
        topic=order.topic,
        subtopic=order.subtopic,
        asked_at=order.received_at,
        answered_at=order.closed_at or order.last_at,
        summary=without_person(matter.summary, contact, matter) if matter.summary else None,
        answers=answers,
    )


def _said(
    order: Order, handlings: list[Handling], words: Mapping[tuple[int, int], Words], lock: Lock
) -> Iterator[tuple[str | None, tuple[str, ...]]]:
    if order.answer_in is not None:
        text = _opened(lock, words.get((order.pk, order.answer_in))).get(ANSWER_SLOT)
        yield order.answer_unit, (text,) if isinstance(text, str) else ()
    for each in handlings:
        given = _opened(lock, words.get((order.pk, each.replied_in or 0))).get(REPLY_SLOT)
        said = given if isinstance(given, dict) else {}
        # What is asked about the requester (were they told, what did they say) is nobody else's.
        fields = [
            field.code
            for field in fields_of(said, each.replied_at or order.last_at)
            if not field.not_for and not field.choices
        ]
        yield (
            each.unit,
            tuple(dict.fromkeys(said[code] for code in fields if isinstance(said.get(code), str))),
        )


def _opened(lock: Lock, words: Words | None) -> dict[str, object]:
    if words is None or words.sealed is None:
        return {}
    said = lock.open(f"words/{words.seq}", bytes(words.sealed))
    return said if isinstance(said, dict) else {}

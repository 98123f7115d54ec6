"""An order as it stands, for whoever runs the installation: codes, times, a masked requester, none of its words."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from jieban.orders.engine.step import entity
from jieban.orders.masking import masked
from jieban.orders.models import Clock, Event, Handling, Order, OrderSecret
from jieban.orders.secrets import Contact, contact_of, lock_of
from jieban.people.keys import keyring
from jieban.people.models import Account


@dataclass(frozen=True, kw_only=True, slots=True)
class HandlingView:
    """A handling's codes and times."""

    serial: int
    unit: str
    part: str
    state: str
    round: int
    dispatched_at: datetime
    signed_at: datetime | None
    replied_at: datetime | None
    closed_at: datetime | None
    return_requests: int
    extension_days: int
    reworks: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ClockView:
    """A deadline and how it stands; `clock` is its name in events."""

    clock: str
    handling: int | None
    stage: str
    round: int
    rule: str
    due_at: datetime
    provisional: bool
    paused_at: datetime | None
    stopped_at: datetime | None
    dropped: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class EventView:
    """An event: who did what, when, and to which handling; `username` is an account's today.

    `data` is what it holds besides: what changed, what was added, its facts, and commitments to what is sealed.
    """

    seq: int
    at: datetime
    act: str
    actor: str
    username: str | None
    handling: int | None
    data: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderView:
    """An order's codes and times. `requester` is masked; None for anonymous, confidential and redacted persons."""

    number: str
    state: str
    disposition: str | None
    channel: str
    mailbox: str | None
    request_type: str
    topic: str
    subtopic: str | None
    urgency: str
    street: str | None
    anonymous: bool
    confidential: bool
    redacted: bool
    excluded: bool
    round: int
    received_at: datetime
    dispatched_at: datetime | None
    signed_at: datetime | None
    closed_at: datetime | None
    concluded_at: datetime | None
    requester: Contact | None
    handlings: tuple[HandlingView, ...]
    clocks: tuple[ClockView, ...]
    trail: tuple[EventView, ...]


def view_of(order: Order) -> OrderView:
    """The order with its handlings, clocks and trail. Raises BadSeal, and BadKeys without the key of its contact."""
    handlings = list(Handling.objects.filter(order=order).order_by("serial"))
    return OrderView(
        number=order.number,
        state=order.state,
        disposition=order.disposition,
        channel=order.channel,
        mailbox=order.mailbox,
        request_type=order.request_type,
        topic=order.topic,
        subtopic=order.subtopic,
        urgency=order.urgency,
        street=order.street,
        anonymous=order.anonymous,
        confidential=order.confidential,
        redacted=order.redacted_at is not None,
        excluded=order.excluded,
        round=order.round,
        received_at=order.received_at,
        dispatched_at=order.dispatched_at,
        signed_at=order.signed_at,
        closed_at=order.closed_at,
        concluded_at=order.concluded_at,
        requester=_requester(order),
        handlings=tuple(_handling(each) for each in handlings),
        clocks=_clocks(order),
        trail=_trail(order),
    )


def _requester(order: Order) -> Contact | None:
    if order.anonymous or order.confidential:
        return None
    secret = OrderSecret.objects.get(order=order)
    lock = lock_of(secret, order.number, keyring())
    return masked(contact_of(lock, secret)) if lock is not None else None


def _handling(handling: Handling) -> HandlingView:
    return HandlingView(
        serial=handling.serial,
        unit=handling.unit,
        part=handling.part,
        state=handling.state,
        round=handling.round,
        dispatched_at=handling.dispatched_at,
        signed_at=handling.signed_at,
        replied_at=handling.replied_at,
        closed_at=handling.closed_at,
        return_requests=handling.return_requests,
        extension_days=handling.extension_days,
        reworks=handling.reworks,
    )


def _clocks(order: Order) -> tuple[ClockView, ...]:
    found = Clock.objects.filter(order=order).select_related("handling")
    views = [
        ClockView(
            clock=entity(each),
            handling=each.handling.serial if each.handling is not None else None,
            stage=each.stage,
            round=each.round,
            rule=each.rule,
            due_at=each.due_at,
            provisional=each.provisional,
            paused_at=each.paused_at,
            stopped_at=each.stopped_at,
            dropped=each.dropped,
        )
        for each in found
    ]
    return tuple(sorted(views, key=lambda each: (each.handling or 0, each.round, each.stage != "sign")))


def _trail(order: Order) -> tuple[EventView, ...]:
    events = list(Event.objects.filter(order=order).order_by("seq"))
    named = {each.actor for each in events if each.actor.startswith("account:")}
    found = Account.objects.filter(pk__in=[int(actor.partition(":")[2]) for actor in named])
    accounts = {f"account:{pk}": username for pk, username in found.values_list("pk", "username")}
    return tuple(
        EventView(
            seq=each.seq,
            at=each.at,
            act=each.act,
            actor=each.actor,
            username=accounts.get(each.actor),
            handling=data.get("handling"),
            data=data,
        )
        for each in events
        for data in (json.loads(each.data),)
    )

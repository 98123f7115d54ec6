"""What somebody sees of an order: the person masked, hidden from units if confidential; words where they concern."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from jieban.orders.access import order_for, seen_units
from jieban.orders.masking import masked
from jieban.orders.models import Event, Handling, Order, OrderSecret, Words
from jieban.orders.nameless import keeps_person_from, nameless, without_person
from jieban.orders.requesters import requester_of
from jieban.orders.secrets import Contact, Lock, Matter, contact_of, delivery_of, lock_of, matter_of
from jieban.orders.states import GONE, HandlingState, OrderState
from jieban.people.actor import Actor
from jieban.people.acts import Act
from jieban.people.keys import keyring
from jieban.people.policy import SEES_EVERY_ORDER

_TO_UNITS = frozenset({Act.DISPATCH, Act.ADD_UNIT, Act.SUPERVISE, Act.REOPEN})
"""Acts on the whole order whose words are meant for its units."""
_TO_CITIZEN = frozenset({Act.REFUSE, Act.PAUSE})
"""Acts whose words are meant for the requester: why not, and what is awaited of them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Face:
    """An order as one person sees it.

    `requester` is masked; None where there is nobody to be shown: anonymous, confidential to a unit, redacted. `words`
    are what was written in acts, by the number of the event, slot by slot: to a citizen what they wrote themselves and
    what they were answered, once it has passed review. `handlings` are the serials that are shown. `channel_ref`, the
    channel's own id, is the centre's. `absorbed` are the orders that were merged into this one: whoever deals with it
    sees their faces, too.
    """

    number: str
    state: OrderState
    anonymous: bool
    confidential: bool
    redacted: bool
    channel_ref: str | None = field(default=None, repr=False)
    requester: Contact | None = None
    matter: Matter | None = None
    handlings: tuple[int, ...] = ()
    absorbed: tuple[str, ...] = ()
    words: Mapping[int, Mapping[str, object]] = field(default_factory=dict, repr=False)


def face_of(actor: Actor, number: str) -> Face:
    """The order as `actor` sees it. Raises NoSuchOrder when it isn't their business."""
    order = order_for(actor, number)
    centre = bool(actor.roles & SEES_EVERY_ORDER)
    own = actor.reference is not None and requester_of(order) == actor.ref
    shown = _handlings(order, actor, everything=centre)
    secret = OrderSecret.objects.get(order=order)
    lock = lock_of(secret, order.number, keyring())
    kept = keeps_person_from(actor, order) and not own
    hidden = order.anonymous or kept
    contact = Contact() if lock is None else contact_of(lock, secret)
    matter = None if lock is None else matter_of(lock, secret)
    words = {} if lock is None else _opened(order, lock, _may(order, actor, shown, centre=centre, own=own))
    if kept:
        matter = None if matter is None else nameless(matter, contact)
        words |= _of_requester(order, words, contact)
    return Face(
        number=order.number,
        state=OrderState(order.state),
        anonymous=order.anonymous,
        confidential=order.confidential,
        redacted=lock is None,
        channel_ref=_channel_ref(lock, secret) if centre else None,
        requester=None if lock is None or hidden else masked(contact),
        matter=matter,
        handlings=shown,
        absorbed=_absorbed(order) if centre or shown else (),
        words=words,
    )


def _absorbed(order: Order) -> tuple[str, ...]:
    """What was merged into an order, and into that, the nearest first."""
    found: dict[int, str] = {}
    nearest = [order.pk]
    while nearest:
        away = Order.objects.filter(merged_into__in=nearest).order_by("pk").values_list("pk", "number")
        nearest = [pk for pk, _ in away if pk not in found]
        found |= dict(away)
    return tuple(found.values())


def _channel_ref(lock: Lock | None, secret: OrderSecret) -> str | None:
    delivery = delivery_of(lock, secret) if lock is not None else None
    return delivery.ref if delivery is not None else None


def _handlings(order: Order, actor: Actor, *, everything: bool) -> tuple[int, ...]:
    found = Handling.objects.filter(order=order).order_by("serial")
    if everything:
        return tuple(found.values_list("serial", flat=True))
    units = seen_units(actor)
    return tuple(
        each.serial for each in found if each.unit in units and HandlingState(each.state) not in GONE
    )


def _may(order: Order, actor: Actor, shown: tuple[int, ...], *, centre: bool, own: bool) -> set[int]:
    """The events whose words `actor` sees."""
    events = Event.objects.filter(order=order, seq__in=Words.objects.filter(order=order).values("seq"))
    told = _told_to_citizen(order) if own else {order.answer_in}
    return {
        seq
        for seq, act, by, data in events.values_list("seq", "act", "actor", "data")
        if centre
        or json.loads(data).get("handling") in shown
        or (bool(shown) and act in _TO_UNITS)
        or seq in told
        or (own and (by == actor.ref or act in _TO_CITIZEN))
    }


def _told_to_citizen(order: Order) -> set[int | None]:
    """The answer given at the desk, and the replies that passed review: a declaration of the unit's is none."""
    closed = Handling.objects.filter(order=order, state=HandlingState.CLOSED.value)
    replies = Event.objects.filter(order=order, act=Act.REPLY.value, seq__in=closed.values("replied_in"))
    return {order.answer_in, *replies.values_list("seq", flat=True)}


def _of_requester(
    order: Order, words: Mapping[int, Mapping[str, object]], contact: Contact
) -> dict[int, Mapping[str, object]]:
    """What the requester wrote themselves, without whose it is."""
    written = Event.objects.filter(order=order, seq__in=words, actor=requester_of(order))
    return {
        seq: {
            slot: without_person(said, contact, Matter()) if isinstance(said, str) else said
            for slot, said in words[seq].items()
        }
        for seq in written.values_list("seq", flat=True)
    }


def _opened(order: Order, lock: Lock, may: set[int]) -> dict[int, Mapping[str, object]]:
    opened: dict[int, Mapping[str, object]] = {}
    for each in Words.objects.filter(order=order, seq__in=may).order_by("seq"):
        if each.sealed is not None:
            said = lock.open(f"words/{each.seq}", bytes(each.sealed))
            opened[each.seq] = said if isinstance(said, dict) else {}
    return opened

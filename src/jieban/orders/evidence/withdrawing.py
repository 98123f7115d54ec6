"""Which evidence may be withdrawn, and by whom: by the side that brought it, while nothing that stands rests on it.

The trail tells for good that it was there, who withdrew it, when and why. What a reply, an answer or the end of a case
rested on stays with it, so that the record shows what was decided upon; a reply that was taken back or sent back
doesn't stand any more, and its evidence may be put right.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from enum import StrEnum

from jieban.orders.models import OPEN_PETITIONS, Evidence, Handling, Order, Petition, PetitionKind
from jieban.orders.possible import Offer
from jieban.orders.states import GONE, HandlingState
from jieban.people.actor import Actor
from jieban.people.acts import Act
from jieban.people.city import city
from jieban.people.roles import UNIT_ROLES, Role
from jieban.people.units import answering

_TELEPHONE = frozenset({Role.OPERATOR, Role.CALLBACK_AGENT})


class Stays(StrEnum):
    """Why a piece can't be withdrawn."""

    OVER = "over"
    EARLIER = "earlier"
    REPLY = "reply"
    DECLARED = "declared"
    ANSWERED = "answered"


def is_side(actor: Actor, piece: Evidence, handling: Handling | None) -> bool:
    """Whether `actor` is of those who brought it: the unit, the desks that telephone, the citizen themself.

    `handling` is the one that it belongs to, None for the order's own; `actor` has the posts of units carried on.
    """
    if actor.reference is not None:
        return piece.added_by == actor.ref
    if handling is not None:
        return actor.in_unit(handling.unit, *UNIT_ROLES)
    return not brought_by_citizen(piece) and not actor.roles.isdisjoint(_TELEPHONE)


def brought_by_citizen(piece: Evidence) -> bool:
    """Whether a citizen brought it: theirs to take back, and nobody else's."""
    return piece.added_by.partition(":")[0] == Role.CITIZEN.value


def why_it_stays(
    piece: Evidence, order: Order, handlings: Iterable[Handling], petitions: Iterable[Petition]
) -> Stays | None:
    """What rests on a piece, so that it stays; None while nothing does. All are the order's."""
    handling = next((each for each in handlings if each.pk == piece.handling_id), None)
    if handling is None:
        # Every reply is given to what the order's own material shows.
        live = [each for each in handlings if HandlingState(each.state) not in GONE]
        decided = [order.concluded_at, *(at for each in live for at in (each.replied_at, each.closed_at))]
        if piece.round < order.round:
            return Stays.EARLIER
        return Stays.ANSWERED if any(at is not None and piece.added_at <= at for at in decided) else None
    if HandlingState(handling.state) in GONE | {HandlingState.CLOSED}:
        return Stays.OVER
    if piece.round != handling.round:
        return Stays.EARLIER
    if handling.replied_at is not None and piece.added_at <= handling.replied_at:
        return Stays.REPLY
    declared = any(
        each.handling_id == handling.pk
        and each.kind == PetitionKind.UNREASONABLE
        and each.state in OPEN_PETITIONS
        and piece.added_at <= each.asked_at
        for each in petitions
    )
    return Stays.DECLARED if declared else None


def withdrawable(
    actor: Actor,
    order: Order,
    pieces: Iterable[Evidence],
    *,
    handlings: Collection[Handling],
    petitions: Collection[Petition],
    offers: Iterable[Offer],
    now: datetime,
) -> frozenset[int]:
    """The serials of the pieces that `actor` may withdraw as the order stands. No query.

    `offers` are `possible`'s. As there, an offer is no promise.
    """
    open_to = {each.handling for each in offers if each.act is Act.WITHDRAW_EVIDENCE}
    if not open_to or order.redacted_at is not None:
        return frozenset()
    profile = city()
    acting = answering(actor, profile, profile.clock.local_date(max(now, order.last_at)))
    own = {each.pk: each for each in handlings}
    found = set()
    for piece in pieces:
        handling = own.get(piece.handling_id) if piece.handling_id is not None else None
        if piece.removed_at is not None or (handling is None) != (piece.handling_id is None):
            continue
        if (
            (handling.serial if handling is not None else None) in open_to
            and is_side(acting, piece, handling)
            and why_it_stays(piece, order, handlings, petitions) is None
        ):
            found.add(piece.serial)
    return frozenset(found)

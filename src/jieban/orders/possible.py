"""What somebody can do to an order as it stands, so that pages offer that and nothing else.

An offer is no promise: the act looks again, under the lock, and at what only it knows (terms, counts).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from jieban.ledger.schema import Role as Part
from jieban.orders.models import OPEN_PETITIONS, Handling, Order, Petition, PetitionKind, PetitionState
from jieban.orders.moves import MOVES, Move
from jieban.orders.requesters import requester_of
from jieban.orders.states import GONE, HandlingState, OrderState
from jieban.people.actor import Actor
from jieban.people.acts import Act
from jieban.people.city import city
from jieban.people.policy import Standing, role_for
from jieban.people.units import answering

_ASKS: Mapping[Act, PetitionKind] = {
    Act.ASK_RETURN: PetitionKind.RETURN,
    Act.ASK_EXTENSION: PetitionKind.EXTENSION,
    Act.DECLARE_UNREASONABLE: PetitionKind.UNREASONABLE,
}
_ANSWERS: Mapping[Act, PetitionKind] = {
    Act.DECIDE_RETURN: PetitionKind.RETURN,
    Act.DECIDE_EXTENSION: PetitionKind.EXTENSION,
    Act.SIGN_AS_HEAD: PetitionKind.UNREASONABLE,
    Act.DECIDE_UNREASONABLE: PetitionKind.UNREASONABLE,
}
_EITHER = frozenset({Act.ATTACH, Act.WITHDRAW_EVIDENCE})
"""Acts that are done to the whole order or to a handling, as whoever does them chooses and policy allows."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """An act that may be done now; `handling` is the serial of the handling it is on, None for the whole order."""

    act: Act
    handling: int | None = None


def possible(
    actor: Actor, order: Order, handlings: Iterable[Handling], petitions: Iterable[Petition], *, now: datetime
) -> tuple[Offer, ...]:
    """The acts that `actor` may do to the order now, in the order of the table of moves. No query.

    Whoever carries on the work of a unit that ended is offered what that unit could do. `petitions` are the order's:
    what nobody asks is not offered to be decided, and what is being asked not to be asked again.
    """
    profile = city()
    # As acts see it: an order's clock never runs back.
    day = profile.clock.local_date(max(now, order.last_at))
    acting = answering(actor, profile, day)
    there = [each for each in handlings if HandlingState(each.state) not in GONE]
    lead = next((each.unit for each in there if each.part == "lead"), None)
    plain = Standing(lead=lead, involved=frozenset(each.unit for each in there), citizen=requester_of(order))
    asked = {(each.handling_id, each.kind): each for each in petitions if each.state in OPEN_PETITIONS}
    found: list[Offer] = []
    for act, move in MOVES.items():
        if OrderState(order.state) not in move.order:
            continue
        for handling in _places(act, move, there):
            held = handling.unit if handling is not None else None
            standing = replace(plain, unit=held, did=_asker(act, handling, asked))
            if _turn(act, handling, asked) and role_for(acting, act, standing) is not None:
                found.append(Offer(act=act, handling=handling.serial if handling is not None else None))
    return tuple(found)


def _places(act: Act, move: Move, there: list[Handling]) -> Iterator[Handling | None]:
    """Where an act with this move could be done: on each handling in a state it starts from, or on the whole order."""
    if move.handling is None:
        yield None
        if act in _EITHER:
            yield from (each for each in there if HandlingState(each.state) is not HandlingState.CLOSED)
        return
    yield from (each for each in there if HandlingState(each.state) in move.handling)


def _turn(act: Act, handling: Handling | None, asked: Mapping[tuple[int, str], Petition]) -> bool:
    if handling is None:
        return True
    if act is Act.REMOVE_UNIT:
        return handling.part != Part.LEAD
    if act in _ASKS:
        return (handling.pk, _ASKS[act].value) not in asked
    if act in _ANSWERS:
        petition = asked.get((handling.pk, _ANSWERS[act].value))
        return petition is not None and not (
            act is Act.SIGN_AS_HEAD and petition.state == PetitionState.HEAD_SIGNED
        )
    return True


def _asker(act: Act, handling: Handling | None, asked: Mapping[tuple[int, str], Petition]) -> str | None:
    """Who did what this act would judge: nobody judges their own."""
    if handling is None:
        return None
    if act not in _ANSWERS:
        return handling.replied_by
    petition = asked.get((handling.pk, _ANSWERS[act].value))
    return petition.asked_by if petition is not None else None

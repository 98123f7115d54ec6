"""Who may do what with articles: the table beside the policy of acts, which is about orders."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from jieban.kernel.i18n import tr
from jieban.orders.errors import NotAllowed
from jieban.people.actor import Actor
from jieban.people.city import city
from jieban.people.roles import Role


class Right(StrEnum):
    """Something that is done with articles."""

    READ = "read"
    WRITE = "write"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    CONFIRM = "confirm"
    OBJECT = "object"
    SETTLE = "settle"
    MOVE = "move"


class Whose(StrEnum):
    """Of which articles: any, those of one's own unit, those that the centre keeps itself."""

    ANY = "any"
    OWN = "own"
    CENTRE = "centre"


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """One cell of the table."""

    role: Role
    whose: Whose


def _any(*roles: Role) -> tuple[Cell, ...]:
    return tuple(Cell(role=role, whose=Whose.ANY) for role in roles)


def _own(*roles: Role) -> tuple[Cell, ...]:
    return tuple(Cell(role=role, whose=Whose.OWN) for role in roles)


def _centre(*roles: Role) -> tuple[Cell, ...]:
    return tuple(Cell(role=role, whose=Whose.CENTRE) for role in roles)


_R = Role
_UNIT = (_R.LIAISON, _R.HANDLER, _R.HEAD)
_READERS = (
    *(_R.OPERATOR, _R.DISPATCHER, _R.REVIEWER, _R.CALLBACK_AGENT, _R.SUPERVISOR),
    *(_R.ADMINISTRATOR, *_UNIT),
)
_KEEPERS = (_R.REVIEWER, _R.ADMINISTRATOR)

RIGHTS: Mapping[Right, tuple[Cell, ...]] = {
    Right.READ: _any(*_READERS),
    Right.WRITE: (*_any(_R.OPERATOR, _R.DISPATCHER, *_KEEPERS), *_own(*_UNIT)),
    Right.PUBLISH: (*_any(*_KEEPERS), *_own(_R.HEAD)),
    Right.WITHDRAW: (*_any(*_KEEPERS), *_own(_R.LIAISON, _R.HEAD)),
    Right.CONFIRM: (*_own(_R.LIAISON, _R.HEAD), *_centre(*_KEEPERS)),
    Right.OBJECT: _any(*_READERS),
    Right.SETTLE: (*_any(*_KEEPERS), *_own(*_UNIT)),
    Right.MOVE: _any(_R.ADMINISTRATOR),
}
"""Nobody publishes what they wrote or handed in themselves: `acts.publish` holds that."""


def may(actor: Actor, right: Right, unit: str | None, day: date) -> bool:
    """Whether one of `actor`'s roles has the right for articles of a unit (None: the centre's) on a day.

    A unit that ended is answered for by the one that carries on its work.
    """
    answering = None if unit is None else _answering(unit, day)
    return any(_holds(actor, cell, answering) for cell in RIGHTS[right])


def may_ever(actor: Actor, right: Right) -> bool:
    """Whether `actor` has the right for any article at all."""
    return any(actor.has(cell.role) for cell in RIGHTS[right])


def units_of(actor: Actor, right: Right) -> frozenset[str] | None:
    """The units for whose articles `actor` has the right, with the ended ones that they carry on; None for all."""
    cells = RIGHTS[right]
    if any(cell.whose is Whose.ANY and actor.has(cell.role) for cell in cells):
        return None
    own = actor.units_as(*(cell.role for cell in cells if cell.whose is Whose.OWN))
    return own | {each.code for unit in own for each in city().units.predecessors(unit)}


def of_the_centre(actor: Actor, right: Right) -> bool:
    """Whether `actor` has the right for the articles that the centre keeps itself."""
    return any(cell.whose is not Whose.OWN and actor.has(cell.role) for cell in RIGHTS[right])


def check(actor: Actor, right: Right, unit: str | None, day: date) -> None:
    """Raises NotAllowed for whoever has no such right."""
    if not may(actor, right, unit, day):
        raise NotAllowed(
            tr("您的岗位不能对这条知识这样做。"), fix=tr("请责任单位的人员、审核员或系统管理员办理。")
        )


def _answering(unit: str, day: date) -> str:
    units = city().units
    return units.carried_on_by(unit, day) if unit in units else unit


def _holds(actor: Actor, cell: Cell, unit: str | None) -> bool:
    if not actor.has(cell.role):
        return False
    match cell.whose:
        case Whose.ANY:
            return True
        case Whose.OWN:
            return unit is not None and actor.in_unit(unit, cell.role)
        case Whose.CENTRE:
            return unit is None

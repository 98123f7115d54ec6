"""Who may do what: one table of act, role and relation to the order. `jieban policy` prints it on a page."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

from jieban.kernel.i18n import Later, later
from jieban.people.actor import Actor
from jieban.people.acts import Act
from jieban.people.roles import Role


class Relation(StrEnum):
    """How somebody stands to what is acted on."""

    ANY = "any"
    HOLDS = "holds"
    LEADS = "leads"
    INVOLVED = "involved"
    OWN = "own"


RELATION_NAMES: Mapping[Relation, Later] = {
    Relation.ANY: later("任何工单"),
    Relation.HOLDS: later("本单位的承办"),
    Relation.LEADS: later("本单位主办的工单"),
    Relation.INVOLVED: later("本单位参与的工单"),
    Relation.OWN: later("本人的诉求"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """What a decision is about: the order's live units and the requester, and the handling acted on, if any.

    `did` is who did what this act judges (asked for the return, wrote the reply): nobody judges their own.
    """

    unit: str | None = None
    lead: str | None = None
    involved: frozenset[str] = frozenset()
    citizen: str | None = None
    did: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Grant:
    """One cell of the table."""

    role: Role
    relation: Relation


def _any(*roles: Role) -> tuple[Grant, ...]:
    return tuple(Grant(role=role, relation=Relation.ANY) for role in roles)


def _of(relation: Relation, *roles: Role) -> tuple[Grant, ...]:
    return tuple(Grant(role=role, relation=relation) for role in roles)


_R = Role
_DESK = _any(_R.OPERATOR, _R.DISPATCHER)
_DISPATCH = _any(_R.DISPATCHER)
_UNIT = _of(Relation.HOLDS, _R.LIAISON, _R.HANDLER)
_UNIT_SPEAKS = _of(Relation.HOLDS, _R.LIAISON, _R.HEAD)
_WATCH = _any(_R.SUPERVISOR)

POLICY: Mapping[Act, tuple[Grant, ...]] = {
    Act.RECORD: (*_any(_R.OPERATOR, _R.DISPATCHER, _R.SYSTEM), *_of(Relation.OWN, _R.CITIZEN)),
    Act.IMPORT: _any(_R.SYSTEM),
    Act.CLASSIFY: _DESK,
    Act.ANSWER: _DESK,
    Act.REFUSE: _DESK,
    Act.DISPATCH: _DISPATCH,
    Act.ADD_UNIT: _DISPATCH,
    Act.REMOVE_UNIT: _DISPATCH,
    Act.RECALL: _DISPATCH,
    Act.SIGN: _of(Relation.HOLDS, _R.LIAISON, _R.HANDLER, _R.HEAD),
    Act.ASSIGN: _UNIT_SPEAKS,
    Act.ASK_RETURN: _UNIT_SPEAKS,
    Act.DECIDE_RETURN: _DISPATCH,
    Act.ASK_EXTENSION: _UNIT_SPEAKS,
    Act.DECIDE_EXTENSION: _any(_R.DISPATCHER, _R.SUPERVISOR),
    Act.PAUSE: _UNIT,
    Act.RESUME: (*_UNIT, *_any(_R.DISPATCHER, _R.SYSTEM), *_of(Relation.OWN, _R.CITIZEN)),
    Act.REPORT_PROGRESS: _UNIT,
    Act.REPLY: _UNIT,
    Act.WITHDRAW_REPLY: _of(Relation.HOLDS, _R.LIAISON, _R.HANDLER, _R.HEAD),
    Act.ATTACH: (*_UNIT, *_any(_R.OPERATOR, _R.CALLBACK_AGENT), *_of(Relation.OWN, _R.CITIZEN)),
    Act.WITHDRAW_EVIDENCE: (
        *_of(Relation.HOLDS, _R.LIAISON, _R.HANDLER, _R.HEAD),
        *_any(_R.OPERATOR, _R.CALLBACK_AGENT),
        *_of(Relation.OWN, _R.CITIZEN),
    ),
    Act.DECLARE_UNREASONABLE: _UNIT,
    Act.SIGN_AS_HEAD: _of(Relation.HOLDS, _R.HEAD),
    Act.DECIDE_UNREASONABLE: _any(_R.REVIEWER),
    Act.PASS_REVIEW: _any(_R.REVIEWER),
    Act.REJECT_REVIEW: _any(_R.REVIEWER),
    Act.RECORD_CALLBACK: (*_any(_R.CALLBACK_AGENT), *_of(Relation.OWN, _R.CITIZEN)),
    Act.CLOSE: _any(_R.REVIEWER, _R.CALLBACK_AGENT, _R.SYSTEM),
    Act.REOPEN: _any(_R.DISPATCHER, _R.CALLBACK_AGENT, _R.SUPERVISOR),
    Act.URGE: (*_any(_R.OPERATOR, _R.DISPATCHER, _R.SUPERVISOR), *_of(Relation.OWN, _R.CITIZEN)),
    Act.SUPERVISE: _WATCH,
    Act.ESCALATE: _any(_R.SUPERVISOR, _R.SYSTEM),
    Act.WARN: _any(_R.SYSTEM),
    Act.CORRECT: _any(_R.DISPATCHER, _R.REVIEWER),
    Act.CORRECT_CALLBACK: _any(_R.REVIEWER),
    Act.LINK_REPEAT: _DESK,
    Act.UNLINK_REPEAT: (*_DESK, *_any(_R.REVIEWER)),
    Act.SPLIT: _DISPATCH,
    Act.MERGE: _DISPATCH,
    Act.ABSORB: _DISPATCH,
    Act.UNMERGE: _DISPATCH,
    Act.RELEASE: _DISPATCH,
    Act.PUBLISH: _any(_R.REVIEWER),
    Act.READ_CONTACT: (
        *_any(_R.OPERATOR, _R.DISPATCHER, _R.REVIEWER, _R.CALLBACK_AGENT),
        *_of(Relation.INVOLVED, _R.LIAISON, _R.HANDLER),
    ),
    Act.RECOMPUTE_CLOCKS: _any(_R.SYSTEM),
    Act.ARCHIVE: _any(_R.REVIEWER, _R.SYSTEM),
    Act.REDACT: _any(_R.ADMINISTRATOR, _R.SYSTEM),
}
"""Whoever finds no cell for themselves here may not. An act that is missing here can't be done by anybody."""

SEES_EVERY_ORDER: AbstractSet[Role] = frozenset(
    {
        _R.OPERATOR,
        _R.DISPATCHER,
        _R.REVIEWER,
        _R.CALLBACK_AGENT,
        _R.SUPERVISOR,
        _R.SYSTEM,
    }
)
"""Roles of the centre. Units see the orders in their hands, citizens their own, all others none one by one."""

JUDGES: AbstractSet[Act] = frozenset(
    {
        Act.DECIDE_RETURN,
        Act.DECIDE_EXTENSION,
        Act.SIGN_AS_HEAD,
        Act.DECIDE_UNREASONABLE,
        Act.PASS_REVIEW,
        Act.CORRECT_CALLBACK,
    }
)
"""Acts that judge what somebody else did: four eyes."""


def role_for(actor: Actor, act: Act, standing: Standing) -> Role | None:
    """In which of their roles `actor` may do `act`; None when in none."""
    if act in JUDGES and standing.did is not None and standing.did == actor.ref:
        return None
    for grant in POLICY.get(act, ()):
        if actor.has(grant.role) and _stands(actor, grant, standing):
            return grant.role
    return None


def may_ever(actor: Actor, act: Act) -> bool:
    """Whether one of `actor`'s roles may do `act` to some order; who may never needs no order to be locked."""
    return any(actor.has(grant.role) for grant in POLICY.get(act, ()))


def may_anywhere(actor: Actor, act: Act) -> bool:
    """Whether `actor` may do `act` to every order there is, so that nothing of one has to be looked at."""
    grants = (each for each in POLICY.get(act, ()) if each.relation is Relation.ANY)
    return act not in JUDGES and any(actor.has(grant.role) for grant in grants)


def _stands(actor: Actor, grant: Grant, standing: Standing) -> bool:
    units = actor.units_as(grant.role)
    match grant.relation:
        case Relation.ANY:
            return True
        case Relation.HOLDS:
            return standing.unit is not None and standing.unit in units
        case Relation.LEADS:
            return standing.lead is not None and standing.lead in units
        case Relation.INVOLVED:
            return not units.isdisjoint(standing.involved)
        case Relation.OWN:
            return standing.citizen is not None and standing.citizen == actor.ref

"""What units ask for, in words, for whoever decides it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from jieban.desks.order.said import Lines, Telling, lines_of
from jieban.desks.shell import words
from jieban.desks.shell.words import Due
from jieban.kernel.i18n import tr
from jieban.orders.models import OPEN_PETITIONS, Handling, Petition, PetitionKind
from jieban.people.acts import Act
from jieban.people.city import city

_NAMES: Mapping[PetitionKind, Act] = {
    PetitionKind.RETURN: Act.ASK_RETURN,
    PetitionKind.EXTENSION: Act.ASK_EXTENSION,
    PetitionKind.UNREASONABLE: Act.DECLARE_UNREASONABLE,
}
DECIDED_BY: Mapping[Act, PetitionKind] = {
    Act.DECIDE_RETURN: PetitionKind.RETURN,
    Act.DECIDE_EXTENSION: PetitionKind.EXTENSION,
    Act.SIGN_AS_HEAD: PetitionKind.UNREASONABLE,
    Act.DECIDE_UNREASONABLE: PetitionKind.UNREASONABLE,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A petition that waits: what, by whom, why. `head` tells whether a head has signed; empty where none need."""

    kind: PetitionKind
    handling: int
    name: str
    unit: str
    who: str
    at: datetime
    decide_by: Due | None
    facts: Lines
    said: Lines
    head: str


def asked_of(
    petitions: Iterable[Petition], handlings: Iterable[Handling], told: Telling, now: datetime
) -> tuple[Asked, ...]:
    """The petitions for these handlings that nobody has decided, the oldest first. No query."""
    held = {each.pk: each for each in handlings}
    return tuple(
        _asked(each, held[each.handling_id], told, now)
        for each in petitions
        if each.state in OPEN_PETITIONS and each.handling_id in held
    )


def _asked(petition: Petition, handling: Handling, told: Telling, now: datetime) -> Asked:
    kind, due = PetitionKind(petition.kind), petition.decide_by
    return Asked(
        kind=kind,
        handling=handling.serial,
        name=words.act(_NAMES[kind].value),
        unit=words.unit(handling.unit, handling.dispatched_at),
        who=told.names.get(petition.asked_by, ""),
        at=petition.asked_at,
        decide_by=words.due(due, now) if due is not None else None,
        facts=_facts(petition, handling),
        said=lines_of(told.written.get(petition.asked_in, {}), {}, petition.asked_at),
        head=_head(petition, told.names),
    )


def _facts(petition: Petition, handling: Handling) -> Lines:
    facts: list[tuple[str, str]] = []
    if petition.days is not None:
        facts.append((tr("申请延长"), tr("{n} 个工作日", n=petition.days)))
    if petition.kind == PetitionKind.EXTENSION and handling.extensions:
        said = tr("已延 {n} 次,共 {days} 个工作日", n=handling.extensions, days=handling.extension_days)
        facts.append((tr("此前"), said))
    if petition.kind == PetitionKind.RETURN and handling.return_requests > 1:
        facts.append((tr("此前"), tr("已申请退单 {n} 次", n=handling.return_requests - 1)))
    if petition.ground is not None:
        facts.append((tr("认定的情形"), words.unreasonable_ground(petition.ground, petition.asked_at)))
    return tuple(facts)


def _head(petition: Petition, names: Mapping[str, str]) -> str:
    if petition.head is not None:
        at = words.short_moment(petition.head_signed_at)
        return tr("负责人 {who} 已于 {at} 签字", who=names.get(petition.head, ""), at=at)
    if petition.kind in {case.value for case in city().workflow.reviewing.head_signs}:
        return tr("负责人还没有签字")
    return ""

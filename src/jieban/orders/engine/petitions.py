"""Petitions as the acts share them."""

from collections.abc import Callable

from jieban.kernel.i18n import tr
from jieban.orders.engine.step import Step
from jieban.orders.errors import WrongState
from jieban.orders.models import OPEN_PETITIONS, Handling, Petition, PetitionKind, PetitionState


def open_petition(step: Step, kind: PetitionKind, handling: Handling) -> Petition | None:
    """The petition of a kind that waits to be decided for a handling, if there is one."""
    return next(
        (
            each
            for each in step.petitions
            if each.handling_id == handling.pk and each.kind == kind and each.state in OPEN_PETITIONS
        ),
        None,
    )


def who_asked(kind: PetitionKind) -> Callable[[Step], str | None]:
    """Who made the petition that an act decides, for `perform`'s `did`: nobody decides their own."""

    def found(step: Step) -> str | None:
        petition = open_petition(step, kind, step.handling)
        return petition.asked_by if petition is not None else None

    return found


def need_petition(step: Step, kind: PetitionKind) -> Petition:
    """The one that waits for the handling acted on. Raises WrongState."""
    found = open_petition(step, kind, step.handling)
    if found is None:
        raise WrongState(tr("没有待审批的申请。"), fix=tr("请刷新后按工单现状办理。"))
    return found


def refuse_second(step: Step, kind: PetitionKind) -> None:
    """Raises WrongState when one of the kind waits already."""
    if open_petition(step, kind, step.handling) is not None:
        raise WrongState(tr("同类申请正在等待审批。"), fix=tr("请等审批后再申请。"))


def ask(step: Step, kind: PetitionKind, **columns: object) -> Petition:
    """A new petition for the handling acted on, by whoever acts."""
    return step.add(
        Petition(
            order=step.order,
            handling=step.handling,
            serial=step.serial(step.petitions),
            kind=kind.value,
            state=PetitionState.ASKED.value,
            asked_at=step.at,
            asked_by=step.actor.ref,
            asked_in=step.seq,
            **columns,
        )
    )


def decide(step: Step, petition: Petition, *, granted: bool) -> None:
    """The petition is granted or refused by whoever acts."""
    state = PetitionState.GRANTED if granted else PetitionState.REFUSED
    step.set(petition, state=state.value, decided_at=step.at, decided_by=step.actor.ref)


def lapse(step: Step, handling: Handling) -> None:
    """A handling that ends, or is replied to, leaves no petition undecided."""
    for petition in step.petitions:
        if petition.handling_id == handling.pk and petition.state in OPEN_PETITIONS:
            step.set(petition, state=PetitionState.LAPSED.value, decided_at=step.at)

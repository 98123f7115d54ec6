"""Urging, supervising and escalating: the centre and the citizen press for what is owed."""

from datetime import datetime

from jieban.kernel.i18n import tr
from jieban.orders.engine.needs import need_reason
from jieban.orders.engine.perform import Done, perform
from jieban.orders.engine.step import Step
from jieban.orders.errors import WrongState
from jieban.orders.models import PetitionKind, PetitionState
from jieban.people.actor import Actor
from jieban.people.acts import Act


def urge_order(*, order: str, actor: Actor, now: datetime, remark: str | None = None) -> Done:
    """Press for an answer; counted, by whomever it is done."""

    def body(step: Step) -> None:
        step.set(step.order, urged=step.order.urged + 1)
        step.say(remark=remark)

    return perform(Act.URGE, body, order=order, actor=actor, now=now)


def supervise_order(*, order: str, reason: str, actor: Actor, now: datetime) -> Done:
    """Put the order under supervision. Raises WrongState when it is already."""

    def body(step: Step) -> None:
        if step.order.supervised_at is not None:
            raise WrongState(tr("该工单已在督办中。"), fix=tr("可催办,或升级督办。"))
        need_reason(step, reason)
        step.set(step.order, supervised_at=step.at)

    return perform(Act.SUPERVISE, body, order=order, actor=actor, now=now)


def escalate_order(*, order: str, reason: str, actor: Actor, now: datetime) -> Done:
    """Make it a problem order: reworked too often, or declined by too many units; a supervisor may find it so earlier.

    The system raises it by the profile's numbers only. Raises WrongState when it was escalated before, or when the
    system does it without cause.
    """

    def body(step: Step) -> None:
        if step.order.escalated_at is not None:
            raise WrongState(tr("该工单已升级督办。"), fix=tr("无需重复操作。"))
        reworks, declined = tally(step)
        rules = step.profile.workflow.escalation
        if step.actor.account is None and reworks < rules.reworks and declined < rules.declining_units:
            raise WrongState(tr("该工单没有达到升级督办的条件。"), fix=tr("如有必要,请由督办员升级。"))
        need_reason(step, reason)
        step.fact(reworks=reworks, declining_units=declined)
        step.set(step.order, escalated_at=step.at, supervised_at=step.order.supervised_at or step.at)

    return perform(Act.ESCALATE, body, order=order, actor=actor, now=now)


def tally(step: Step) -> tuple[int, int]:
    """How often the order went back to rework (reopenings included), and how many units declined it."""
    reworks = sum(each.reworks for each in step.handlings) + step.order.round
    declined = {
        petition.handling_id
        for petition in step.petitions
        if petition.kind == PetitionKind.RETURN and petition.state == PetitionState.GRANTED
    }
    units = {each.unit for each in step.handlings if each.pk in declined}
    return reworks, len(units)

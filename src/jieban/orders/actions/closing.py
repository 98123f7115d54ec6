"""The end of a case, its reopening, its filing away, and the publication of its answer."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from jieban.kernel.i18n import tr
from jieban.orders.actions.callback import callback_settled
from jieban.orders.engine.follow import start_clock
from jieban.orders.engine.needs import need_reason
from jieban.orders.engine.perform import Done, handling_of, perform
from jieban.orders.engine.step import Step
from jieban.orders.errors import TooLate, WrongState
from jieban.orders.states import HandlingState, OrderState
from jieban.people.actor import Actor
from jieban.people.acts import Act
from jieban.profile.model import Stage


def close_order(*, order: str, actor: Actor, now: datetime, remark: str | None = None) -> Done:
    """End the case. Raises WrongState while a callback that the profile wants first is owed."""

    def body(step: Step) -> None:
        if not callback_settled(step):
            raise WrongState(tr("还没有回访,不能结案。"), fix=tr("请先回访诉求人。"))
        step.set(step.order, concluded_at=step.at)
        hold_evidence(step)
        step.say(remark=remark)

    return perform(Act.CLOSE, body, order=order, actor=actor, now=now)


def reopen_order(
    *, order: str, reason: str, actor: Actor, now: datetime, handlings: Sequence[int] = ()
) -> Done:
    """Have it handled a second time: by its lead, or by the handlings named. They get a new clock and keep the old.

    Raises TooLate when it was reopened too often or too long ago, WrongState for an order answered at the desk that no
    unit has handled.
    """

    def body(step: Step) -> None:
        need_reason(step, reason)
        _check_reopening(step)
        lead = step.lead
        if lead is None:
            raise WrongState(
                tr("这件工单没有承办单位,不能重新办理。"), fix=tr("请另行登记,并关联为重复诉求。")
            )
        again = [handling_of(step, serial) for serial in dict.fromkeys(handlings)] or [lead]
        step.set(
            step.order,
            round=step.order.round + 1,
            state=OrderState.HANDLED.value,  # from where it follows its handlings again
            concluded_at=None,
            excluded=False,
            excluded_ground=None,
            # The last round decides, and nobody was called about it yet. What was said before stays in the callbacks.
            called_back=None,
            contacted=None,
            resolved=None,
            satisfaction=None,
        )
        for handling in again:
            step.set(
                handling,
                state=HandlingState.HANDLING.value,
                round=step.order.round,
                replied_at=None,
                replied_by=None,
                replied_in=None,
                closed_at=None,
            )
            start_clock(step, Stage.CLOSE, handling, round_=step.order.round)
        start_clock(step, Stage.CLOSE, None, round_=step.order.round)
        for each in step.evidence:
            if each.removed_at is None:
                step.set(each, held_until=None)

    return perform(Act.REOPEN, body, order=order, actor=actor, now=now)


def _check_reopening(step: Step) -> None:
    rules = step.profile.workflow.reopening
    if step.order.round >= rules.times:
        raise TooLate(tr("已重新办理 {n} 次,达到上限。", n=step.order.round), fix=tr("请转督办,或另行登记。"))
    ended = step.order.concluded_at or step.order.closed_at
    if ended is not None and step.at > ended + timedelta(days=rules.within_days):
        raise TooLate(tr("结案已超过 {n} 天。", n=rules.within_days), fix=tr("请另行登记,并关联为重复诉求。"))


def archive_order(*, order: str, actor: Actor, now: datetime) -> Done:
    """File the case away: nothing more is done to it but what retention asks for."""

    def body(step: Step) -> None:
        step.set(step.order, archived_at=step.at)
        hold_evidence(step)

    return perform(Act.ARCHIVE, body, order=order, actor=actor, now=now)


def publish_answer(*, order: str, published: bool, actor: Actor, now: datetime) -> Done:
    """Have the answer shown to the public, or no longer. Raises WrongState for a confidential order."""

    def body(step: Step) -> None:
        if published and step.order.confidential:
            raise WrongState(tr("保密工单的答复不公开。"), fix=tr("无需操作。"))
        step.set(step.order, published=published)

    return perform(Act.PUBLISH, body, order=order, actor=actor, now=now)


def hold_evidence(step: Step) -> None:
    """Evidence of an ended case is held until its term of retention ends."""
    until = step.at + timedelta(days=step.profile.workflow.retention.evidence_days)
    for each in step.evidence:
        if each.removed_at is None and each.held_until is None:
            step.set(each, held_until=until)

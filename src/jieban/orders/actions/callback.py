"""Callbacks: was the citizen reached, is it solved, are they satisfied."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from jieban.kernel.i18n import tr
from jieban.ledger.schema import Satisfaction
from jieban.orders.engine.needs import need_reason
from jieban.orders.engine.perform import Done, perform
from jieban.orders.engine.step import Step
from jieban.orders.errors import BadValue, Missing, TooLate, WrongState
from jieban.orders.models import Callback, Order
from jieban.people.actor import Actor
from jieban.people.acts import Act
from jieban.people.roles import Role
from jieban.profile.workflow import CallbackRules, Requester


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What a call came to. Of one that wasn't answered nothing else can be known."""

    reached: bool
    contacted: bool | None = None
    resolved: bool | None = None
    satisfaction: Satisfaction | None = None
    remark: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if not self.reached and any(
            each is not None for each in (self.contacted, self.resolved, self.satisfaction)
        ):
            raise BadValue(tr("没有接通的回访不能有评价。"), fix=tr("请改为已接通,或去掉评价。"))
        if self.satisfaction is not None and self.satisfaction not in set(Satisfaction):
            raise BadValue(
                tr("满意度没有“{code}”这一档。", code=self.satisfaction), fix=tr("请从满意度列表中选择。")
            )


def record_callback(*, order: str, outcome: Outcome, actor: Actor, now: datetime) -> Done:
    """Record one try. The first that is reached in a round is the one that the order is judged by.

    Who is exempt need not be called, but may be. Raises WrongState for an anonymous requester or one who was reached
    already, TooLate beyond the tries allowed, Missing for a call that was reached without a rating.
    """

    def body(step: Step) -> None:
        if step.order.anonymous:
            raise WrongState(tr("匿名工单无人可回访。"), fix=tr("可直接结案。"))
        if not outcome.reached and step.facts.get("role") == Role.CITIZEN:
            # Nobody uses up the centre's tries by saying that they can't be reached.
            raise BadValue(
                tr("诉求人本人的评价不会没有接通。"), fix=tr("请填写满意度;不愿评价的选“未评价”。")
            )
        tries = tries_of(step)
        if any(each.reached for each in tries):
            raise WrongState(tr("本次办理已回访成功。"), fix=tr("如诉求人不满意,请重新办理。"))
        most = step.profile.workflow.callbacks.tries
        if len(tries) >= most:
            raise TooLate(tr("已回访 {n} 次,达到上限。", n=len(tries)), fix=tr("请按未接通结案。"))
        _need_rating(outcome)
        step.add(
            Callback(
                order=step.order,
                serial=step.serial(step.callbacks),
                round=step.order.round,
                called_at=step.at,
                called_by=actor.ref,
                reached=outcome.reached,
                contacted=outcome.contacted,
                resolved=outcome.resolved,
                satisfaction=outcome.satisfaction,
                told_in=step.seq,
            )
        )
        step.say(remark=outcome.remark)
        step.set(
            step.order,
            called_back=outcome.reached or bool(step.order.called_back),
            **(
                {
                    "contacted": outcome.contacted,
                    "resolved": outcome.resolved,
                    "satisfaction": outcome.satisfaction,
                }
                if outcome.reached
                else {}
            ),
        )

    return perform(Act.RECORD_CALLBACK, body, order=order, actor=actor, now=now)


def correct_callback(
    *, order: str, callback: int, outcome: Outcome, reason: str, actor: Actor, now: datetime
) -> Done:
    """Mend what was typed wrongly of a callback, named by its serial; the order is judged by what stands then.

    Not by who recorded it, and not what a citizen rated themselves. A `remark` stands instead of the one before; none
    leaves it. Raises BadValue for a callback that isn't there, WrongState for a citizen's own and for a second one that
    was reached in a round, Missing without a reason, a rating where it was reached, or anything to correct.
    """

    def recorded_by(step: Step) -> str | None:
        found = _callback(step, callback)
        return found.called_by if found is not None else None

    def body(step: Step) -> None:
        need_reason(step, reason)
        found = _callback(step, callback)
        if found is None:
            raise BadValue(tr("没有第 {n} 次回访。", n=callback), fix=tr("请核对是第几次回访。"))
        if found.called_by.partition(":")[0] == Role.CITIZEN:
            raise WrongState(tr("这是诉求人本人的评价,不能更正。"), fix=tr("诉求人不满意的,请重新办理。"))
        others = [each for each in step.callbacks if each.round == found.round and each is not found]
        if outcome.reached and any(each.reached for each in others):
            raise WrongState(tr("本次办理已回访成功。"), fix=tr("请更正接通的那一次。"))
        _need_rating(outcome)
        _mend(step, found, outcome)
        if found.round == step.order.round:
            _judge(step)

    return perform(Act.CORRECT_CALLBACK, body, order=order, actor=actor, now=now, did=recorded_by)


def _callback(step: Step, serial: int) -> Callback | None:
    return next((each for each in step.callbacks if each.serial == serial), None)


def _need_rating(outcome: Outcome) -> None:
    if outcome.reached and outcome.satisfaction is None:
        raise Missing(tr("接通的回访没有评价。"), fix=tr("请填写满意度;不愿评价的选“未评价”。"))


def _mend(step: Step, callback: Callback, outcome: Outcome) -> None:
    before = len(step.changed)
    step.set(
        callback,
        reached=outcome.reached,
        contacted=outcome.contacted,
        resolved=outcome.resolved,
        satisfaction=outcome.satisfaction,
        **({"told_in": step.seq} if outcome.remark else {}),
    )
    step.say(remark=outcome.remark)
    if len(step.changed) == before:
        raise Missing(tr("没有要更正的内容。"), fix=tr("请填写要更正的项目。"))


def _judge(step: Step) -> None:
    """The order takes over what its citizen said in the present round, if they were reached."""
    reached = next((each for each in tries_of(step) if each.reached), None)
    step.set(
        step.order,
        called_back=reached is not None,
        contacted=reached.contacted if reached is not None else None,
        resolved=reached.resolved if reached is not None else None,
        satisfaction=reached.satisfaction if reached is not None else None,
    )


def tries_of(step: Step) -> list[Callback]:
    """The callbacks of the present round."""
    return [each for each in step.callbacks if each.round == step.order.round]


def still_to_call(order: Order, callbacks: Iterable[Callback], rules: CallbackRules) -> bool:
    """Whether whoever asked is to be called yet: not exempt, not reached in this round nor tried often enough."""
    exempt = (order.anonymous and Requester.ANONYMOUS in rules.exempt) or (
        order.confidential and Requester.CONFIDENTIAL in rules.exempt
    )
    if not rules.needed or exempt or order.excluded:
        return False
    tries = [each for each in callbacks if each.round == order.round]
    return not any(each.reached for each in tries) and len(tries) < rules.tries


def callback_settled(step: Step) -> bool:
    """Whether what the profile asks for before the end was done."""
    rules = step.profile.workflow.callbacks
    return not rules.before_close or not still_to_call(step.order, step.callbacks, rules)

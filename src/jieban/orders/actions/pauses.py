"""Pauses: the clock stands still while the citizen's answer is awaited, and says why."""

from datetime import datetime

from jieban.kernel.i18n import tr
from jieban.orders.engine.follow import WAITING_FOR_CITIZEN
from jieban.orders.engine.needs import need_reason
from jieban.orders.engine.perform import Done, perform
from jieban.orders.engine.step import Step
from jieban.orders.errors import WrongState
from jieban.people.actor import Actor
from jieban.people.acts import Act


def pause_handling(*, order: str, handling: int, reason: str, actor: Actor, now: datetime) -> Done:
    """Wait for what the citizen has to tell: the unit's close clock stands still, and the order's if the unit leads.

    Raises Missing without a reason: what is awaited, and WrongState for an anonymous requester who can't be asked.
    """

    def body(step: Step) -> None:
        # Who filed it online under a reference may answer without a name; otherwise the clock would stand for good.
        if step.order.anonymous and step.order.requester is None:
            raise WrongState(tr("匿名工单无人可答复询问,不能暂停计时。"), fix=tr("请按现有情况继续办理。"))
        need_reason(step, reason)
        step.fact(why=WAITING_FOR_CITIZEN)

    return perform(Act.PAUSE, body, order=order, handling=handling, actor=actor, now=now)


def resume_handling(
    *, order: str, handling: int, actor: Actor, now: datetime, remark: str | None = None
) -> Done:
    """Go on: each clock that stood still has its deadline moved by the pause, which its history keeps."""

    def body(step: Step) -> None:
        step.say(remark=remark)

    return perform(Act.RESUME, body, order=order, handling=handling, actor=actor, now=now)

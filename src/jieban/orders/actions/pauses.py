"""Pauses: the clock stands still while the citizen's answer is awaited, and says why."""

from datetime import datetime

from jieban.orders.engine.follow import WAITING_FOR_CITIZEN
from jieban.orders.engine.needs import need_reason
from jieban.orders.engine.perform import Done, perform
from jieban.orders.engine.step import Step
from jieban.people.actor import Actor
from jieban.people.acts import Act


def pause_handling(*, order: str, handling: int, reason: str, actor: Actor, now: datetime) -> Done:
    """Wait for what the citizen has to tell: the unit's close clock stands still, and the order's if the unit leads.

    Raises Missing without a reason: what is awaited.
    """

    def body(step: Step) -> None:
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

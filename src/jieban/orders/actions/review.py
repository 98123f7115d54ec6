"""Review: the reply passes, and the unit's part is closed as of when it replied; or it goes back."""

from datetime import datetime

from jieban.orders.actions.reply import take_back
from jieban.orders.engine.needs import need_reason
from jieban.orders.engine.perform import Done, perform
from jieban.orders.engine.step import Step
from jieban.people.actor import Actor
from jieban.people.acts import Act


def pass_review(*, order: str, handling: int, actor: Actor, now: datetime, remark: str | None = None) -> Done:
    """Accept the reply. The order is closed with the last of its handlings (ruling 3)."""

    def body(step: Step) -> None:
        step.set(step.handling, closed_at=step.handling.replied_at)
        step.say(remark=remark)

    return perform(
        Act.PASS_REVIEW,
        body,
        order=order,
        handling=handling,
        actor=actor,
        now=now,
        did=lambda step: step.handling.replied_by,
    )


def reject_review(*, order: str, handling: int, reason: str, actor: Actor, now: datetime) -> Done:
    """Send the reply back to the unit, saying why. Its clock runs on as if it had never stopped."""

    def body(step: Step) -> None:
        need_reason(step, reason)
        take_back(step)
        step.set(step.handling, reworks=step.handling.reworks + 1)

    return perform(Act.REJECT_REVIEW, body, order=order, handling=handling, actor=actor, now=now)

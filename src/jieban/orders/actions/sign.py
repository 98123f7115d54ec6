"""Signing for: a unit takes over what was dispatched to it, and says who deals with it."""

from datetime import datetime

from jieban.orders.engine.perform import Done, perform
from jieban.orders.engine.step import Step
from jieban.people.actor import Actor
from jieban.people.acts import Act


def sign_handling(*, order: str, handling: int, actor: Actor, now: datetime) -> Done:
    """The unit has received it. The order is signed once its lead has signed (ruling 3)."""

    def body(step: Step) -> None:
        step.set(step.handling, signed_at=step.at)

    return perform(Act.SIGN, body, order=order, handling=handling, actor=actor, now=now)


def assign_handler(*, order: str, handling: int, account: int, actor: Actor, now: datetime) -> Done:
    """Name the person who deals with it: an account with a post in the unit."""

    def body(step: Step) -> None:
        step.set(step.handling, assignee=account)

    return perform(Act.ASSIGN, body, order=order, handling=handling, actor=actor, now=now)

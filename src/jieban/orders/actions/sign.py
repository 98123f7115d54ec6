"""Signing for: a unit takes over what was dispatched to it, and says who deals with it."""

from datetime import datetime

from jieban.kernel.i18n import tr
from jieban.orders.engine.perform import Done, perform
from jieban.orders.engine.step import Step
from jieban.orders.errors import BadValue
from jieban.people.actor import Actor
from jieban.people.acts import Act
from jieban.people.models import Post


def sign_handling(*, order: str, handling: int, actor: Actor, now: datetime) -> Done:
    """The unit has received it. The order is signed once its lead has signed (ruling 3)."""

    def body(step: Step) -> None:
        step.set(step.handling, signed_at=step.at)

    return perform(Act.SIGN, body, order=order, handling=handling, actor=actor, now=now)


def assign_handler(*, order: str, handling: int, account: int, actor: Actor, now: datetime) -> Done:
    """Name the person who deals with it. Raises BadValue unless the account is active and has a post in the unit."""

    def body(step: Step) -> None:
        day = step.profile.clock.local_date(step.at)
        held = Post.objects.valid_on(day).filter(account=account, account__is_active=True)
        unit = step.handling.unit
        if not held.filter(unit__in={unit, step.profile.units.carried_on_by(unit, day)}).exists():
            raise BadValue(tr("该账号已停用,或在承办单位没有岗位。"), fix=tr("请选择本单位在岗的人员。"))
        step.set(step.handling, assignee=account)

    return perform(Act.ASSIGN, body, order=order, handling=handling, actor=actor, now=now)

"""Repeats: an order is linked to the earlier one that it repeats, and a wrong link is taken away."""

from datetime import datetime

from jieban.kernel.i18n import tr
from jieban.orders.engine.needs import need_reason
from jieban.orders.engine.perform import Done, perform
from jieban.orders.engine.step import Step
from jieban.orders.engine.transactions import told_of_waiting
from jieban.orders.errors import BadValue, WrongState
from jieban.orders.models import Order
from jieban.orders.states import OrderState, RepeatBy
from jieban.orders.texts import storable
from jieban.people.actor import Actor
from jieban.people.acts import Act


def link_repeat(*, order: str, of: str, by: RepeatBy, actor: Actor, now: datetime) -> Done:
    """Say that an order repeats an earlier one, by the same person or on the same matter.

    Raises BadValue for an order that would repeat itself or a later one, and by the person for an anonymous one, or for
    a confidential one and one that isn't: units would learn from the other who the informer is.
    """
    with told_of_waiting():
        earlier = Order.objects.filter(number=of).first() if storable(of) else None

    def body(step: Step) -> None:
        if earlier is None:
            raise BadValue(tr("没有编号为 {number} 的工单。", number=of), fix=tr("请核对编号。"))
        # Of two that came at the same instant one is the earlier, so that they can't repeat each other.
        if (earlier.received_at, earlier.pk) >= (step.order.received_at, step.order.pk):
            raise BadValue(tr("重复诉求只能关联更早的工单。"), fix=tr("请在较晚的那件上关联较早的一件。"))
        if by is RepeatBy.PERSON:
            _check_same_person(step.order, earlier)
        step.set(step.order, repeat_of=earlier, repeat_by=by.value)
        step.fact(of=of)

    return perform(Act.LINK_REPEAT, body, order=order, actor=actor, now=now)


def unlink_repeat(*, order: str, reason: str, actor: Actor, now: datetime) -> Done:
    """Say that an order repeats none after all: it counts as a first one again. Raises WrongState without a link."""

    def body(step: Step) -> None:
        if step.order.repeat_of is None and step.order.repeat_number is None:
            raise WrongState(tr("这件工单没有关联重复诉求。"), fix=tr("请刷新后按工单现状办理。"))
        need_reason(step, reason)
        unlink(step)

    return perform(Act.UNLINK_REPEAT, body, order=order, actor=actor, now=now)


def unlink(step: Step) -> None:
    """Take away what the step's order repeats; its event tells what that was."""
    earlier = step.order.repeat_of
    step.fact(of=earlier.number if earlier is not None else step.order.repeat_number)
    step.set(step.order, repeat_of=None, repeat_by=None, repeat_number=None)


def unlink_if_it_betrays(step: Step) -> None:
    """Take away the link of the step's order that would tell of somebody who shall not be known any more."""
    earlier = step.order.repeat_of if step.order.repeat_by == RepeatBy.PERSON else None
    if earlier is not None and betrays(step.order, earlier):
        unlink(step)


def betrays(order: Order, earlier: Order) -> bool:
    """Whether a link by the person would tell of one of two orders who asked, though nobody shall know."""
    return order.anonymous or earlier.anonymous or order.confidential != earlier.confidential


def linked_by_person(order: str) -> list[str]:
    """The numbers of the orders that repeat `order` by the person and are still worked on."""
    if not storable(order):
        return []
    found = Order.objects.filter(repeat_of__number=order, repeat_by=RepeatBy.PERSON.value)
    with told_of_waiting():
        return list(found.exclude(state=OrderState.ARCHIVED.value).values_list("number", flat=True))


def _check_same_person(order: Order, earlier: Order) -> None:
    if order.anonymous or earlier.anonymous:
        raise BadValue(tr("匿名工单不知道是谁提出的。"), fix=tr("请按同一事项关联。"))
    if betrays(order, earlier):
        raise BadValue(
            tr("保密工单与其他工单不能按同一诉求人关联。"), fix=tr("请按同一事项关联,以免泄露举报人。")
        )

"""Recording a call: the order first, then what was decided about it; sent again it is the same order."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jieban.desks.intake.cite import check_cited
from jieban.desks.intake.form import CallForm, Course
from jieban.desks.knowledge.articles.citing import answer_citing, keys_of
from jieban.kernel.errors import JiebanError
from jieban.kernel.i18n import tr
from jieban.ledger.schema import DEMO_PREFIX
from jieban.orders.access import order_for
from jieban.orders.actions.desk import refuse_order
from jieban.orders.actions.links import link_repeat
from jieban.orders.actions.record import Request, record_order
from jieban.orders.face import face_of
from jieban.orders.models import Order
from jieban.orders.requesters import followed_by
from jieban.orders.states import OrderState, RepeatBy
from jieban.people.actor import Actor
from jieban.people.city import city


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """A call that was recorded: its order, the number to be read out, and what could not be done besides.

    `followed`: by that number and the telephone's; who is anonymous or left none can only call again.
    """

    order: Order
    spoken: str
    followed: bool
    new: bool
    refused: tuple[JiebanError, ...]


class TakenOtherwise(JiebanError):
    """The form was recorded before with something else in it: this would be lost without a word."""

    code = "desks.taken_otherwise"


def take(form: CallForm, actor: Actor, now: datetime) -> Taken:
    """Record what a valid form says.

    Raises TakenOtherwise, NotHolding for an article that is cited and holds no longer, and what `record_order` does;
    then nothing is written.
    """
    request = form.request()
    check_cited(form, now)
    recorded = record_order(request=request, actor=actor, now=now)
    number = recorded.order
    if not recorded.new:
        _check_same(request, order_for(actor, number), actor)
    refused = []
    for step in (_link, _settle):
        try:
            step(number, form.cleaned_data, actor, now)
        except JiebanError as fault:
            refused.append(fault)
    return Taken(
        order=order_for(actor, number),
        spoken=spoken(number),
        followed=not request.anonymous and followed_by(request.contact.phone or ""),
        new=recorded.new,
        refused=tuple(refused),
    )


def spoken(number: str) -> str:
    """An order's number in groups, to be read out; the mark of a demonstration stands before them."""
    pattern, plain = city().workflow.numbering, number.removeprefix(DEMO_PREFIX)
    if not pattern.holds(plain):
        return number
    return " ".join(part for part in (number[: len(number) - len(plain)], pattern.spoken(plain)) if part)


def _check_same(request: Request, order: Order, actor: Actor) -> None:
    matter = face_of(actor, order.number).matter
    same = (order.request_type, order.topic, order.subtopic) == (
        request.request_type,
        request.topic,
        request.subtopic,
    )
    if matter is not None and not (same and matter == request.matter):
        raise TakenOtherwise(
            tr("这张表单已经登记为 {number},之后又改了内容,改动没有保存。", number=order.number),
            fix=tr("这是另一件诉求的,再按一次 Ctrl+Enter 另行登记;要改原来那件的,请打开它更正。"),
        )


def _link(number: str, given: dict[str, Any], actor: Actor, now: datetime) -> None:
    if not given["repeat_of"] or order_for(actor, number).repeat_of_id is not None:
        return
    by = RepeatBy(given["repeat_by"] or RepeatBy.MATTER)
    link_repeat(order=number, of=given["repeat_of"], by=by, actor=actor, now=now)


def _settle(number: str, given: dict[str, Any], actor: Actor, now: datetime) -> None:
    """Answer or refuse, unless that was done when the form came first."""
    if order_for(actor, number).state != OrderState.RECORDED:
        return
    if given["course"] == Course.ANSWER:
        answer_citing(
            order=number,
            answer=given["answer"],
            unit=given["unit"] or None,
            versions=keys_of(given["cites"]),
            actor=actor,
            now=now,
        )
    elif given["course"] == Course.REFUSE:
        refuse_order(
            order=number, ground=given["ground"], explanation=given["explanation"], actor=actor, now=now
        )

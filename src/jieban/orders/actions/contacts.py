"""Reading a requester's contact in full: an act, since every reading is recorded."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from jieban.kernel.i18n import Later, later, tr
from jieban.orders.engine.perform import look, perform
from jieban.orders.engine.step import Step
from jieban.orders.errors import BadValue, Missing, NotAllowed, WrongState
from jieban.orders.models import Event, OrderSecret
from jieban.orders.secrets import Contact, contact_of, lock_of
from jieban.orders.states import OPEN, HandlingState
from jieban.people.actor import Actor
from jieban.people.acts import Act
from jieban.people.keys import keyring
from jieban.people.roles import UNIT_ROLES

_ONE_CLICK: Final = timedelta(seconds=30)
"""Within so long the same person's reading for the same purpose is the same reading, sent twice."""


class Purpose(StrEnum):
    """What a contact is read for."""

    CLARIFY = "clarify"
    HANDLE = "handle"
    TELL = "tell"
    REVIEW = "review"
    CALL_BACK = "call_back"
    REPEAT = "repeat"


PURPOSE_NAMES: Mapping[Purpose, Later] = {
    Purpose.CLARIFY: later("核实诉求"),
    Purpose.HANDLE: later("办理诉求"),
    Purpose.TELL: later("告知结果"),
    Purpose.REVIEW: later("审核答复"),
    Purpose.CALL_BACK: later("回访"),
    Purpose.REPEAT: later("核对重复诉求"),
}


def read_contact(*, order: str, purpose: str, actor: Actor, now: datetime) -> Contact:
    """The requester's name and number in full; who read them, when and what for is in the trail.

    Raises NotAllowed for units when the order is confidential, WrongState for those that have done their part, Missing
    for an anonymous one, Redacted once the term of retention has ended, BadValue for an unknown purpose.
    """
    read: list[Contact] = []

    def body(step: Step) -> None:
        if purpose not in set(Purpose):
            raise BadValue(tr("没有“{code}”这一查看用途。", code=purpose), fix=tr("请从用途列表中选择。"))
        _refuse_units(step)
        if step.order.anonymous:
            raise Missing(
                tr("匿名诉求,没有可查看的联系方式。"), fix=tr("请在答复中公开说明,不必联系诉求人。")
            )
        step.fact(purpose=purpose)
        read.append(contact_of(step.lock, step.secret))

    perform(Act.READ_CONTACT, body, order=order, actor=actor, now=now)
    return read[-1]


def just_read(*, order: str, purpose: str, actor: Actor, now: datetime) -> Contact | None:
    """What `actor` read for this purpose less than half a minute ago: a form that is sent twice is read once.

    None otherwise, and for what can't be read any more. Raises NoSuchOrder and NotAllowed as reading does.
    """
    look(Act.READ_CONTACT, order=order, actor=actor, now=now)
    mine = Event.objects.filter(order__number=order, act=Act.READ_CONTACT.value, actor=actor.ref)
    last = mine.order_by("seq").last()
    if last is None or now - last.at > _ONE_CLICK or json.loads(last.data)["facts"]["purpose"] != purpose:
        return None
    secret = OrderSecret.objects.get(order=last.order_id)
    lock = lock_of(secret, order, keyring())
    return contact_of(lock, secret) if lock is not None else None


def _refuse_units(step: Step) -> None:
    """A unit needs the requester while it handles; those of a confidential order are nobody's in the units."""
    if step.facts.get("role") not in UNIT_ROLES:
        return
    if step.order.confidential:
        raise NotAllowed(
            tr("工单 {number} 为保密件,承办单位不能查看诉求人。", number=step.order.number),
            fix=tr("需要联系诉求人的,请由热线中心转达。"),
        )
    units = step.actor.units_as(*UNIT_ROLES)
    if not any(each.unit in units and HandlingState(each.state) in OPEN for each in step.in_hand):
        raise WrongState(
            tr("本单位对工单 {number} 的承办已经结束,不能再查看诉求人。", number=step.order.number),
            fix=tr("需要联系诉求人的,请由热线中心转达。"),
        )

"""Replies: what a unit did, where it stands and what comes next, after the profile's template."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from jieban.kernel.i18n import listed, tr
from jieban.orders.actions.evidence import check_demands
from jieban.orders.engine.needs import need_reason
from jieban.orders.engine.perform import Done, perform
from jieban.orders.engine.petitions import lapse
from jieban.orders.engine.step import Step
from jieban.orders.errors import BadValue, Missing
from jieban.orders.models import Order
from jieban.orders.texts import written
from jieban.people.actor import Actor
from jieban.people.acts import Act
from jieban.profile.workflow import ReplyField, Requester

REPLY_SLOT = "reply"
MOST_CHARACTERS = 10_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """A unit's reply. `fields` are texts, or codes of choices, by the codes of the profile's template.

    `site_visit` and `phone_contact` say what was done, as rules on evidence ask.
    """

    fields: Mapping[str, str] = field(default_factory=dict, repr=False)
    site_visit: bool = False
    phone_contact: bool = False


def reply_to_order(*, order: str, handling: int, reply: Reply, actor: Actor, now: datetime) -> Done:
    """Give the unit's reply; its clock stops, and review begins. What was still asked for by the unit lapses.

    Raises Missing that names each field and each piece of evidence that is lacking, BadValue for what the template
    doesn't have.
    """

    def body(step: Step) -> None:
        check_reply(step, reply)
        check_demands(step, site_visit=reply.site_visit, phone_contact=reply.phone_contact)
        lapse(step, step.handling)
        choices = {each.code for each in step.profile.workflow.reply if each.choices}
        given = {code: text.strip() for code, text in reply.fields.items() if text.strip()}
        step.say(**{REPLY_SLOT: {code: text for code, text in given.items() if code not in choices}})
        step.fact(
            site_visit=reply.site_visit,
            phone_contact=reply.phone_contact,
            **{code: chosen for code, chosen in given.items() if code in choices},
        )
        step.set(step.handling, replied_at=step.at, replied_by=actor.ref, replied_in=step.seq)

    return perform(Act.REPLY, body, order=order, handling=handling, actor=actor, now=now)


def withdraw_reply(*, order: str, handling: int, reason: str, actor: Actor, now: datetime) -> Done:
    """Take a reply back before it was reviewed: the clock runs on as if it had never stopped."""

    def body(step: Step) -> None:
        need_reason(step, reason)
        take_back(step)

    return perform(Act.WITHDRAW_REPLY, body, order=order, handling=handling, actor=actor, now=now)


def take_back(step: Step) -> None:
    """The reply no longer stands; its words stay with its event."""
    step.set(step.handling, replied_at=None, replied_by=None, replied_in=None)


def reply_fields(order: Order, template: tuple[ReplyField, ...]) -> tuple[ReplyField, ...]:
    """The fields of the template that hold for an order: nobody can be told who isn't known (ruling 15)."""
    away = {
        who
        for who, holds in (
            (Requester.ANONYMOUS, order.anonymous),
            (Requester.CONFIDENTIAL, order.confidential),
        )
        if holds
    }
    return tuple(each for each in template if away.isdisjoint(each.not_for))


def check_reply(step: Step, reply: Reply) -> None:
    """Raises Missing with the names of all that lacks, BadValue for what can't be."""
    template = step.profile.workflow.reply
    known = {each.code for each in template}
    strange = sorted(set(reply.fields) - known)
    if strange:
        raise BadValue(
            tr("答复模板没有“{names}”这一项。", names=listed(strange)), fix=tr("请按本市的答复模板填写。")
        )
    lacking, asked = [], reply_fields(step.order, template)
    # What isn't asked for may be given, and is held to the same form: a choice goes into the event as it stands.
    for each in template:
        said = reply.fields.get(each.code, "").strip()
        if not said:
            if each.required and each in asked:
                lacking.append(each.name)
            continue
        if each.choices and said not in {choice.code for choice in each.choices}:
            # What was typed isn't repeated: it may be about somebody.
            raise BadValue(
                tr("“{field}”填的不是可选项。", field=each.name),
                fix=tr("可选:{choices}。", choices=listed([choice.name for choice in each.choices])),
            )
        if not each.choices and written(said) < each.min_chars:
            lacking.append(tr("{field}(至少 {n} 字)", field=each.name, n=each.min_chars))
        if len(said) > MOST_CHARACTERS:
            raise BadValue(
                tr("“{field}”有 {n} 字,超过 {most} 字。", field=each.name, n=len(said), most=MOST_CHARACTERS),
                fix=tr("请写要点,全文作为附件上传。"),
            )
    if lacking:
        raise Missing(tr("答复还缺:{names}。", names=listed(lacking)), fix=tr("请补齐后再提交。"))

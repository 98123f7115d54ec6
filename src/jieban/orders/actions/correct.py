"""Correcting a mistake: with a reason, and with what stood there kept in the trail."""

from dataclasses import asdict, dataclass, field, replace
from datetime import datetime

from jieban.kernel.i18n import tr
from jieban.orders.actions.desk import becomes_confidential
from jieban.orders.checks import MOST_COMMUNITY, check_lengths, check_short, check_topic, known
from jieban.orders.engine.follow import reclassify_clocks
from jieban.orders.engine.needs import need_reason
from jieban.orders.engine.perform import Done, perform
from jieban.orders.engine.step import Step
from jieban.orders.errors import Missing
from jieban.orders.secrets import (
    Contact,
    Matter,
    contact_of,
    contact_slots,
    matter_of,
    matter_slots,
    phone_index,
)
from jieban.people.actor import Actor
from jieban.people.acts import Act
from jieban.profile.model import Urgency


@dataclass(frozen=True, kw_only=True, slots=True)
class Correction:
    """What shall stand instead; None leaves a thing as it is. What the citizen said can't be corrected.

    A type that is confidential by default makes the order so, unless it is said not to be.
    """

    request_type: str | None = None
    topic: str | None = None
    subtopic: str | None = None
    urgency: Urgency | None = None
    street: str | None = None
    community: str | None = None
    confidential: bool | None = None
    summary: str | None = field(default=None, repr=False)
    address: str | None = field(default=None, repr=False)
    contact: Contact | None = None


def correct_order(*, order: str, correction: Correction, reason: str, actor: Actor, now: datetime) -> Done:
    """Mend what was written wrongly. Another type or urgency counts the clocks anew from their own start.

    Raises BadValue for codes that the profile doesn't have, Missing without a reason or without anything to correct.
    """

    def body(step: Step) -> None:
        need_reason(step, reason)
        before = len(step.changed), dict(step.commitments)
        _codes(step, correction)
        _sealed(step, correction)
        if before == (len(step.changed), step.commitments):
            raise Missing(tr("没有要更正的内容。"), fix=tr("请填写要更正的项目。"))

    return perform(Act.CORRECT, body, order=order, actor=actor, now=now)


def _codes(step: Step, wanted: Correction) -> None:
    profile, order = step.profile, step.order
    if wanted.request_type is not None:
        known(wanted.request_type in profile.request_types, tr("诉求类型"), wanted.request_type)
    if wanted.street is not None:
        known(wanted.street in profile.streets, tr("街道乡镇"), wanted.street)
    check_short(wanted.community, tr("社区(村)"), MOST_COMMUNITY)
    topic = wanted.topic or order.topic
    subtopic = wanted.subtopic or (order.subtopic if topic == order.topic else None)
    if (topic, subtopic) != (order.topic, order.subtopic):
        # Codes that the city has since given up stay what they were.
        check_topic(profile, order.mailbox, topic, subtopic)
    confidential = wanted.confidential
    if (
        confidential is None
        and wanted.request_type is not None
        and becomes_confidential(step, wanted.request_type)
    ):
        confidential = True
    codes = {
        "request_type": wanted.request_type,
        "urgency": wanted.urgency.value if wanted.urgency is not None else None,
        "street": wanted.street,
        "confidential": confidential,
    }
    moved = wanted.street not in {None, order.street}
    if moved or wanted.community is not None:
        # A community lies in its street: in another street it is another one, or unknown.
        step.set(order, community=wanted.community)
    if confidential and order.published:
        # What is confidential isn't shown to the public from the same moment.
        codes["published"] = False
    timed = (order.request_type, order.urgency)
    step.set(order, topic=topic, subtopic=subtopic, **{k: v for k, v in codes.items() if v is not None})
    if timed != (order.request_type, order.urgency):
        reclassify_clocks(step, "correct")


def _sealed(step: Step, wanted: Correction) -> None:
    told = {name: text for name in ("summary", "address") if (text := getattr(wanted, name)) is not None}
    stands = matter_of(step.lock, step.secret) if told else None
    told = {name: text for name, text in told.items() if text != getattr(stands, name)}
    if told and stands is not None:
        mended = replace(stands, **told)
        check_lengths(Contact(), mended)
        matter = matter_slots(mended)
        step.set_secret(matter=step.lock.seal("matter", matter))
        step.commit(**{f"matter/{name}": matter[name] for name in told})
    if wanted.contact is not None and wanted.contact != contact_of(step.lock, step.secret):
        if wanted.contact.empty and not step.order.anonymous:
            raise Missing(tr("实名诉求没有姓名和电话。"), fix=tr("请至少填写一项。"))
        check_lengths(wanted.contact, Matter())
        contact = contact_slots(wanted.contact)
        phone = wanted.contact.phone
        step.set_secret(
            contact=step.lock.seal("contact", contact) if contact else None,
            phone_index=phone_index(phone, step.keyring) if phone else None,
        )
        step.commit(**{f"contact/{name}": value for name, value in asdict(wanted.contact).items()})

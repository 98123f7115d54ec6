"""Correcting a mistake: with a reason, and with what stood there kept in the trail."""

from dataclasses import asdict, dataclass, field, replace
from datetime import datetime

from jieban.kernel.i18n import tr
from jieban.orders.checks import check_lengths
from jieban.orders.engine.classify import set_codes
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

    What follows from codes, `set_codes` says.
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
        set_codes(step, correction)
        _sealed(step, correction)
        if before == (len(step.changed), step.commitments):
            raise Missing(tr("没有要更正的内容。"), fix=tr("请填写要更正的项目。"))

    return perform(Act.CORRECT, body, order=order, actor=actor, now=now)


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

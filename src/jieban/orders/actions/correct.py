"""Correcting a mistake: with a reason, and with what stood there kept in the trail."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime

from jieban.kernel.i18n import tr
from jieban.orders.actions.links import betrays, linked_by_person, unlink, unlink_if_it_betrays
from jieban.orders.checks import check_lengths, check_place
from jieban.orders.engine.classify import set_codes
from jieban.orders.engine.needs import need_reason, need_text
from jieban.orders.engine.perform import Done, finish, perform_on_several
from jieban.orders.engine.step import Step
from jieban.orders.errors import Missing
from jieban.orders.models import Order
from jieban.orders.secrets import (
    Contact,
    Matter,
    contact_of,
    contact_slots,
    matter_of,
    phone_index,
)
from jieban.orders.states import HandlingState, RepeatBy
from jieban.people.actor import Actor
from jieban.people.acts import Act
from jieban.profile.model import Urgency


@dataclass(frozen=True, kw_only=True, slots=True)
class Coordinates:
    """Where it is, in degrees; neither, where that is unknown after all."""

    longitude: str | None = field(default=None, repr=False)
    latitude: str | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Correction:
    """What shall stand instead; None leaves a thing as it is, an empty text takes away what may be missing.

    What the citizen said can't be corrected. What follows from codes, `set_codes` says.
    """

    request_type: str | None = None
    topic: str | None = None
    subtopic: str | None = None
    urgency: Urgency | None = None
    street: str | None = None
    community: str | None = None
    anonymous: bool | None = None
    confidential: bool | None = None
    summary: str | None = field(default=None, repr=False)
    address: str | None = field(default=None, repr=False)
    coordinates: Coordinates | None = None
    contact: Contact | None = None


def correct_order(*, order: str, correction: Correction, reason: str, actor: Actor, now: datetime) -> Done:
    """Mend what was written wrongly. Another type or urgency counts the clocks anew from their own start.

    Whoever becomes anonymous or confidential is hidden at once: links by the person that would tell who it is are taken
    away from both orders, and no clock stands still any more for somebody who can't be asked. Raises BadValue for codes
    that the profile doesn't have, Missing without a reason, without anything to correct, or for a named person without
    a name or number.
    """
    # Those that are linked meanwhile are checked as they are linked.
    others = linked_by_person(order)

    def body(step: Step) -> None:
        need_reason(step, reason)
        before = len(step.changed), dict(step.commitments)
        set_codes(step, correction)
        if correction.anonymous is not None:
            step.set(step.order, anonymous=correction.anonymous)
        _correct_matter(step, correction)
        _correct_contact(step, correction)
        if before == (len(step.changed), step.commitments):
            raise Missing(tr("没有要更正的内容。"), fix=tr("请填写要更正的项目。"))
        _hide(step)

    def work(steps: Mapping[str, Step]) -> Done:
        main = steps[order]
        done = finish(main, body)
        for number in others:
            if _betrayed(steps[number].order, main.order):
                finish(steps[number], unlink)
        return done

    acts = {order: Act.CORRECT} | dict.fromkeys(others, Act.UNLINK_REPEAT)
    return perform_on_several(acts, work, actor=actor, now=now)


def _betrayed(order: Order, earlier: Order | None) -> bool:
    linked = earlier is not None and order.repeat_of_id == earlier.pk and order.repeat_by == RepeatBy.PERSON
    return linked and earlier is not None and betrays(order, earlier)


def _hide(step: Step) -> None:
    """What follows at once for a person who is known no longer."""
    unlink_if_it_betrays(step)
    # As with `pause_handling`: who filed it online may answer without a name.
    if step.order.anonymous and step.order.requester is None:
        for handling in step.live:
            if handling.state == HandlingState.PAUSED:
                step.set(handling, state=HandlingState.HANDLING.value)


def _correct_matter(step: Step, wanted: Correction) -> None:
    told: dict[str, str | None] = {}
    if wanted.summary is not None:
        told["summary"] = need_text(wanted.summary, tr("摘要"))
    if wanted.address is not None:
        told["address"] = wanted.address.strip() or None
    if wanted.coordinates is not None:
        told |= asdict(wanted.coordinates)
    if not told:
        return
    stands = matter_of(step.lock, step.secret)
    mended = replace(stands, **told)
    if mended == stands:
        return
    check_lengths(Contact(), mended)
    check_place(mended)
    step.set_matter(mended)
    # What is taken away is committed to as None.
    step.commit(**{f"matter/{name}": value for name, value in told.items() if value != getattr(stands, name)})


def _correct_contact(step: Step, wanted: Correction) -> None:
    if wanted.contact is None and wanted.anonymous is not False:
        return
    stands = contact_of(step.lock, step.secret)
    mended = stands if wanted.contact is None else wanted.contact
    if mended.empty and not step.order.anonymous:
        raise Missing(tr("实名诉求没有姓名和电话。"), fix=tr("请至少填写一项。"))
    if mended == stands:
        return
    check_lengths(mended, Matter())
    contact = contact_slots(mended)
    step.set_secret(
        contact=step.lock.seal("contact", contact) if contact else None,
        phone_index=phone_index(mended.phone, step.keyring) if mended.phone else None,
    )
    step.commit(**{f"contact/{name}": value for name, value in asdict(mended).items()})

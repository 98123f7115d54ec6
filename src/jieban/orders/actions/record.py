"""Recording: a request enters, by whichever door, once."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import IntegrityError

from jieban.kernel.i18n import tr
from jieban.orders.access import order_for, orders_for
from jieban.orders.checks import check_codes
from jieban.orders.engine.follow import start_clock
from jieban.orders.engine.step import Step
from jieban.orders.engine.transactions import in_one_transaction, told_of_waiting
from jieban.orders.engine.write import write_new
from jieban.orders.errors import BadValue, NotAllowed
from jieban.orders.models import Evidence, Order, OrderSecret
from jieban.orders.numbers import next_number
from jieban.orders.secrets import (
    Contact,
    Delivery,
    Matter,
    contact_slots,
    delivery_index,
    delivery_indexes,
    matter_slots,
    matter_tokens,
    new_lock,
    phone_index,
)
from jieban.orders.states import OrderState, RepeatBy
from jieban.people.actor import Actor
from jieban.people.acts import Act
from jieban.people.city import city
from jieban.people.keys import keyring
from jieban.people.policy import Standing, role_for
from jieban.people.roles import Role
from jieban.profile.model import Stage, Urgency


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """What somebody asked for, as a door took it in. Codes are the profile's.

    `channel_ref` is the channel's own id: the same one twice is one order. `confidential` None leaves it to the
    request type. A letter names its `mailbox`; its topics are the mailbox's own. `repeat_of` is the number of an
    order that this one repeats.
    """

    channel: str
    request_type: str
    topic: str
    matter: Matter
    subtopic: str | None = None
    urgency: Urgency = Urgency.NORMAL
    contact: Contact = Contact()  # noqa: RUF009  # frozen
    anonymous: bool = False
    confidential: bool | None = None
    channel_ref: str | None = None
    mailbox: str | None = None
    street: str | None = None
    community: str | None = None
    repeat_of: str | None = None
    received_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Recorded:
    """The order of a request; `new` is False when it had been delivered before."""

    order: str
    new: bool


def record_order(*, request: Request, actor: Actor, now: datetime) -> Recorded:
    """Open an order for a request, with its clocks running. Never fails for a year that the calendar doesn't know.

    Raises NotAllowed, BadValue for codes that the profile doesn't have and for somebody else's `channel_ref`, Missing
    for a named person without a name or number, NoSuchOrder for a `repeat_of` that isn't there or isn't theirs to see,
    Busy or Unavailable where the database kept it waiting for too long.
    """
    role = role_for(actor, Act.RECORD, Standing(citizen=actor.ref))
    if role is None:
        raise NotAllowed(tr("您的岗位不能登记诉求。"), fix=tr("请由话务员登记,或请市民自行提交。"))
    check_codes(city(), request, now)
    with told_of_waiting():
        delivered = _delivered(request, actor)
    if delivered is not None:
        return Recorded(order=delivered, new=False)

    def once() -> Recorded:
        earlier = order_for(actor, request.repeat_of) if request.repeat_of is not None else None
        order = open_order(request, actor=actor, now=now, role=role, repeat_of=earlier)
        return Recorded(order=order.number, new=True)

    try:
        return in_one_transaction(once)
    except IntegrityError:
        # Somebody else delivered the same in the meantime; anything else is a fault to be seen.
        delivered = _delivered(request, actor)
        if delivered is None:
            raise
        return Recorded(order=delivered, new=False)


def _delivered(request: Request, actor: Actor) -> str | None:
    delivery = _delivery(request)
    if delivery is None:
        return None
    delivered = OrderSecret.objects.filter(delivery_index__in=delivery_indexes(delivery, keyring()))
    number = delivered.order_by("order_id").values_list("order__number", flat=True).first()
    if number is not None and not orders_for(actor).filter(number=number).exists():
        raise BadValue(tr("这一渠道编号已经登记过。"), fix=tr("请核对渠道编号。"))
    return number


def _delivery(request: Request) -> Delivery | None:
    if request.channel_ref is None:
        return None
    return Delivery(channel=request.channel, ref=request.channel_ref)


def open_order(
    request: Request,
    *,
    actor: Actor,
    now: datetime,
    role: Role,
    parent: Order | None = None,
    repeat_of: Order | None = None,
    evidence: Iterable[Evidence] = (),
) -> Order:
    """Write a new order for a request that was checked, with its clocks running from now, within a transaction.

    `evidence` is what was attached to the request before: its files are this order's, too.
    """
    profile, keys = city(), keyring()
    received_at = request.received_at or now
    if received_at > now:
        raise BadValue(tr("受理时间晚于现在。"), fix=tr("请改正受理时间。"))
    confidential = request.confidential
    if confidential is None:
        confidential = profile.request_types[request.request_type].confidential
    order = Order(
        number=next_number(profile, received_at),
        profile_version=profile.version,
        state=OrderState.RECORDED.value,
        channel=request.channel,
        mailbox=request.mailbox,
        request_type=request.request_type,
        topic=request.topic,
        subtopic=request.subtopic,
        urgency=request.urgency.value,
        street=request.street,
        community=request.community,
        anonymous=request.anonymous,
        confidential=confidential,
        requester=_requester(actor, parent),
        recorded_by=actor.ref,
        received_at=received_at,
        last_at=now,
        parent=parent,
    )
    if repeat_of is not None:
        order.repeat_of, order.repeat_by = repeat_of, RepeatBy.NAMED.value
    step = Step(act=Act.RECORD, order=order, actor=actor, at=now, profile=profile, keyring=keys)
    step.new_lock = lock = new_lock(order.number)
    contact, matter = contact_slots(request.contact), matter_slots(request.matter)
    delivery = _delivery(request)
    secret = OrderSecret(
        order_received_at=received_at,
        key_version=keys.current,
        wrapped_key=lock.wrapped(keys),
        contact=lock.seal("contact", contact) if contact else None,
        matter=lock.seal("matter", matter),
        phone_index=phone_index(request.contact.phone, keys) if request.contact.phone else None,
        delivery=lock.seal("delivery", asdict(delivery)) if delivery is not None else None,
        delivery_index=delivery_index(delivery, keys) if delivery is not None else None,
        search=matter_tokens(request.matter, keys),
    )
    step.commit(**{f"contact/{name}": value for name, value in contact.items()})
    step.commit(**{f"matter/{name}": value for name, value in matter.items()})
    if delivery is not None:
        step.commit(**{f"delivery/{name}": value for name, value in asdict(delivery).items()})
    step.fact(role=role.value)
    for stage in Stage:
        start_clock(step, stage, None)
    for each in evidence:
        step.add(_again(each, step))
    write_new(step, secret)
    return order


def _requester(actor: Actor, parent: Order | None) -> str | None:
    # What an order was split into is still the request of whoever filed it.
    if parent is not None:
        return parent.requester
    return actor.ref if actor.reference and actor.has(Role.CITIZEN) else None


def _again(evidence: Evidence, step: Step) -> Evidence:
    return Evidence(
        order=step.order,
        serial=step.serial(step.evidence),
        kind=evidence.kind,
        digest=evidence.digest,
        media_type=evidence.media_type,
        size=evidence.size,
        added_at=evidence.added_at,
        added_by=evidence.added_by,
    )

"""An order as its requester is told of it: where it stands, what was answered, what is asked, what they can do."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from jieban.desks.citizen.numbers import spoken
from jieban.desks.evidence.media import medium_of
from jieban.desks.order.said import reply_lines
from jieban.desks.shell import words
from jieban.kernel.i18n import Later, later, tr, tr_later
from jieban.ledger.schema import Satisfaction
from jieban.orders.access import order_for, orders_for
from jieban.orders.actions.desk import ANSWER_SLOT, EXPLANATION_SLOT
from jieban.orders.actions.reply import REPLY_SLOT
from jieban.orders.evidence.withdrawing import withdrawable
from jieban.orders.face import Face, face_of
from jieban.orders.models import Clock, Event, Evidence, Handling, Order
from jieban.orders.possible import Offer, possible
from jieban.orders.states import GONE, HandlingState, OrderState
from jieban.people.actor import Actor
from jieban.people.acts import Act
from jieban.people.city import city
from jieban.profile.model import Level, Stage

_ENDED = frozenset({OrderState.HANDLED, OrderState.CLOSED, OrderState.ARCHIVED})
_AGAIN = _ENDED | {OrderState.REFUSED}


@dataclass(frozen=True, kw_only=True, slots=True)
class Stop:
    """A place on the way: `at` is when it was reached, empty while it is not."""

    name: str
    at: str
    here: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """Who answered, and what: parts with their names, which the city's template gives."""

    who: str
    at: str
    parts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What a unit waits for, of the handling with this serial."""

    handling: int
    who: str
    what: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What was asked of the requester and answered, and how they pressed: who did, when, and the words, if any."""

    who: str
    at: str
    what: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Photo:
    """A photo that the requester sent along: whether browsers show it, and whether it may be taken back."""

    serial: int
    at: str
    shown: bool
    free: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """All that the page shows. `can` are the acts that are offered; `others` the numbers of what it was split into.

    `events` is how many there were: a form says which of them it had seen.
    """

    number: str
    events: int
    spoken: str
    headline: str
    explained: str
    stops: tuple[Stop, ...]
    units: tuple[str, ...]
    due: str
    content: str
    place: str
    received: str
    answers: tuple[Answer, ...]
    asked: tuple[Asked, ...]
    said: tuple[Said, ...]
    can: frozenset[str]
    rated: str
    again: bool
    photos: tuple[Photo, ...]
    others: tuple[tuple[str, str], ...]


def told_of(actor: Actor, number: str, now: datetime) -> Told:
    """The order as its requester sees it. Raises NoSuchOrder for somebody else's."""
    order = order_for(actor, number)
    face = face_of(actor, number)
    handlings = [
        each
        for each in Handling.objects.filter(order=order).order_by("serial")
        if HandlingState(each.state) not in GONE
    ]
    asked = _asked(order, handlings, face)
    headline, explained = _standing(order, asked, face)
    offers = possible(actor, order, handlings, (), now=now)
    return Told(
        number=order.number,
        events=order.events,
        spoken=spoken(order.number),
        headline=headline,
        explained=explained,
        stops=_stops(order),
        units=tuple(words.unit(each.unit, each.dispatched_at, short=False) for each in handlings),
        due=_due(order),
        content=(face.matter.content or "") if face.matter is not None else "",
        place=_place(order, face),
        received=words.moment(order.received_at),
        answers=tuple(_answers(order, handlings, face)),
        asked=asked,
        said=tuple(_said(order, actor, handlings, {each.handling for each in asked}, face)),
        can=_can(order, offers),
        rated=_rated(order),
        again=OrderState(order.state) in _AGAIN,
        photos=_photos(actor, order, handlings, offers, now),
        others=_others(actor, order),
    )


def _rated(order: Order) -> str:
    said = order.satisfaction
    if not order.called_back or said is None or said == Satisfaction.NOT_RATED:
        return ""
    return words.label("satisfaction", said)


_STANDINGS: Mapping[OrderState, tuple[Later, Later]] = {
    OrderState.RECORDED: (later("已收到"), later("热线正在确定由哪个单位办理。")),
    OrderState.DISPATCHED: (later("已转办"), later("已转给承办单位,等它接手。")),
    OrderState.HANDLING: (later("正在办理"), later("承办单位正在办理,办完后会在这里答复您。")),
    OrderState.REFUSED: (later("不予受理"), later("热线不能受理这件诉求,原因写在下面。")),
    OrderState.MERGED: (
        later("合并办理"),
        later("别人也反映了同一件事,两件合在一起办理。想知道进展,请拨打热线并报编号。"),
    ),
    OrderState.SPLIT: (
        later("分开办理"),
        later("这件诉求说到了几件事,已分给不同单位,请在下面分别查看。"),
    ),
    **dict.fromkeys(_ENDED, (later("已办完"), later("承办单位已经办完,答复在下面。"))),
}


def _standing(order: Order, asked: tuple[Asked, ...], face: Face) -> tuple[str, str]:
    if face.redacted:
        return tr("已存档"), tr("这件诉求已超过保存期限,个人信息和内容都已销毁。")
    if asked:
        return tr("等您补充"), tr("承办单位需要您再说明一下,请在下面答复。")
    if order.answer_in is not None and OrderState(order.state) in _ENDED:
        return tr("已答复"), tr("热线已直接答复您。")
    headline, explained = _STANDINGS[OrderState(order.state)]
    return tr_later(headline), tr_later(explained)


def _stops(order: Order) -> tuple[Stop, ...]:
    state = OrderState(order.state)
    if state in {OrderState.REFUSED, OrderState.MERGED, OrderState.SPLIT}:
        return ()
    way: list[tuple[str, datetime | None]] = [(tr("收到"), order.received_at)]
    if order.answer_in is None:
        way += [(tr("转办"), order.dispatched_at), (tr("接手"), order.signed_at)]
    way.append((tr("办完"), order.closed_at if state in _ENDED else None))
    reached = [place for place, (_, at) in enumerate(way) if at is not None]
    return tuple(
        Stop(name=name, at=words.short_moment(at), here=place == reached[-1])
        for place, (name, at) in enumerate(way)
    )


def _due(order: Order) -> str:
    """By when the city owes the answer; nothing once it was given, while nobody owes it, or before that is known."""
    clocks = Clock.objects.filter(
        order=order,
        handling__isnull=True,
        level=Level.ORDER.value,
        stage=Stage.CLOSE.value,
        round=order.round,
        stopped_at__isnull=True,
        paused_at__isnull=True,
        dropped=False,
        provisional=False,
    )
    clock = clocks.first()
    return words.moment(clock.due_at) if clock is not None else ""


def _place(order: Order, face: Face) -> str:
    address = (face.matter.address if face.matter is not None else None) or ""
    street = words.street(order.street) or ""
    said = (address,) if street and address.startswith(street) else (street, address)
    return " ".join(each for each in said if each)


def _asked(order: Order, handlings: list[Handling], face: Face) -> tuple[Asked, ...]:
    waiting = {each.serial: each for each in handlings if each.state == HandlingState.PAUSED}
    if not waiting:
        return ()
    said: dict[int, str] = {}
    for event in Event.objects.filter(order=order, act=Act.PAUSE.value).order_by("seq"):
        said[json.loads(event.data).get("handling")] = str(face.words.get(event.seq, {}).get("reason", ""))
    return tuple(
        Asked(
            handling=serial,
            who=words.unit(each.unit, each.dispatched_at, short=False),
            what=said.get(serial, ""),
        )
        for serial, each in waiting.items()
    )


def _said(
    order: Order, actor: Actor, handlings: list[Handling], waiting: set[int], face: Face
) -> Iterator[Said]:
    """In order; what is still waited for stands above, as a question."""
    units = {each.serial: words.unit(each.unit, each.dispatched_at, short=False) for each in handlings}
    acts = (Act.PAUSE.value, Act.RESUME.value, Act.URGE.value)
    events = list(Event.objects.filter(order=order, act__in=acts).order_by("seq"))
    last = {json.loads(each.data).get("handling"): each.seq for each in events if each.act == Act.PAUSE}
    open_now = {last[serial] for serial in waiting & last.keys()}
    for event in events:
        own = event.actor == actor.ref
        asking = event.act == Act.PAUSE
        if event.seq in open_now or not (own or asking):
            continue
        slots = face.words.get(event.seq, {})
        unit = units.get(json.loads(event.data).get("handling"), tr("承办单位"))
        who = tr("{who}问您", who=unit) if asking else tr("您催办") if event.act == Act.URGE else tr("您答复")
        what = str(slots.get("reason" if asking else "remark") or "")
        yield Said(who=who, at=words.moment(event.at), what=what)


def _answers(order: Order, handlings: list[Handling], face: Face) -> list[Answer]:
    found = []
    for slots in face.words.values():
        if isinstance(refused := slots.get(EXPLANATION_SLOT), str):
            at = words.moment(order.concluded_at)
            found.append(Answer(who=city().publication.hotline, at=at, parts=(("", refused),)))
    direct = _slots(face, order.answer_in).get(ANSWER_SLOT)
    if isinstance(direct, str):
        who = (
            words.unit(order.answer_unit, order.closed_at or order.last_at, short=False)
            if order.answer_unit is not None
            else city().publication.hotline
        )
        found.append(Answer(who=who, at=words.moment(order.closed_at), parts=(("", direct),)))
    for each in handlings:
        given = _slots(face, each.replied_in).get(REPLY_SLOT)
        if each.state != HandlingState.CLOSED or not isinstance(given, dict):
            continue
        # What a unit chose from lists is about the citizen, who knows it.
        parts = reply_lines(given, {}, each.replied_at or order.last_at)
        who = words.unit(each.unit, each.dispatched_at, short=False)
        found.append(Answer(who=who, at=words.moment(each.closed_at), parts=parts))
    return found


def _slots(face: Face, seq: int | None) -> Mapping[str, object]:
    return face.words.get(seq, {}) if seq is not None else {}


def _photos(
    actor: Actor, order: Order, handlings: list[Handling], offers: Iterable[Offer], now: datetime
) -> tuple[Photo, ...]:
    held = list(
        Evidence.objects.filter(order=order, added_by=actor.ref, removed_at__isnull=True).order_by("serial")
    )
    free = withdrawable(actor, order, held, handlings=handlings, petitions=(), offers=offers, now=now)
    return tuple(
        Photo(
            serial=each.serial,
            at=words.moment(each.added_at),
            shown=medium_of(each.media_type).shown == "image",
            free=each.serial in free,
        )
        for each in held
    )


def _can(order: Order, offers: Iterable[Offer]) -> frozenset[str]:
    if order.redacted_at is not None:
        return frozenset()
    offered = {each.act for each in offers}
    if order.anonymous or order.called_back:
        offered.discard(Act.RECORD_CALLBACK)
    if OrderState(order.state) in _AGAIN:
        # What is over takes no more of a citizen's photos.
        offered -= {Act.ATTACH} if OrderState(order.state) != OrderState.HANDLED else set()
    return frozenset(each.value for each in offered)


def _others(actor: Actor, order: Order) -> tuple[tuple[str, str], ...]:
    """What it was split into, and what was asked again of it: number, and where that stands."""
    own = orders_for(actor)
    found = own.filter(parent=order) | own.filter(repeat_of=order)
    return tuple((each.number, words.order_state(each.state)) for each in found.order_by("pk"))

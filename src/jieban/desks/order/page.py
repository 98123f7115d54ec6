"""What the order's page shows: matter, clocks, handlings, trail, evidence, and what can be done now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from jieban.desks.order.forms import FORMS
from jieban.desks.queues.rows import city_scheme, title_of
from jieban.desks.shell import words
from jieban.desks.shell.visit import Visit
from jieban.desks.shell.words import Due
from jieban.orders.access import order_for
from jieban.orders.face import Face, face_of
from jieban.orders.models import Evidence, Handling, Order, Petition
from jieban.orders.possible import Offer, possible
from jieban.orders.states import GONE, HandlingState
from jieban.orders.view import ClockView, EventView, HandlingView, OrderView, view_of
from jieban.people.acts import Act

_FORWARD = (
    *(Act.DECIDE_RETURN, Act.DECIDE_EXTENSION, Act.SIGN_AS_HEAD, Act.DECIDE_UNREASONABLE),
    *(Act.DISPATCH, Act.SIGN, Act.REPLY, Act.PASS_REVIEW, Act.RECORD_CALLBACK, Act.CLOSE),
    *(Act.URGE, Act.RESUME),
)
"""The acts that carry an order on; the first that is possible is what its page offers first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ClockLine:
    """A clock in words. `due` is None once what was due is done, or nobody owes it."""

    name: str
    whose: str
    exact: str
    due: Due | None
    said: str
    late: bool
    provisional: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class HandlingLine:
    """A handling in words, with what can be done to it."""

    view: HandlingView
    unit: str
    part: str
    state: str
    gone: bool
    clocks: tuple[ClockLine, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class TrailLine:
    """An event in words: who did what, and what they wrote."""

    at: datetime
    act: str
    who: str
    unit: str
    written: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderPage:
    """An order as one person sees it, in words. `events` is how many there were: who saves says what they had seen."""

    order: Order
    face: Face
    view: OrderView
    scheme: str | None
    clocks: tuple[ClockLine, ...]
    handlings: tuple[HandlingLine, ...]
    trail: tuple[TrailLine, ...]
    evidence: tuple[Evidence, ...]
    offers: tuple[Offer, ...]
    events: int
    title: str
    forward: Act | None


def order_context(visit: Visit, number: str) -> OrderPage:
    """The page of an order. Raises NoSuchOrder when it isn't this person's business."""
    order = order_for(visit.actor, number)
    face = face_of(visit.actor, number)
    view = view_of(order)
    shown = [each for each in view.handlings if each.serial in face.handlings]
    units = {each.serial: words.unit(each.unit, order.received_at) for each in view.handlings}
    clocks = [(each.handling, _clock(each, visit.now, units)) for each in view.clocks]
    rows = list(Handling.objects.filter(order=order))
    mine = [each for each in rows if each.serial in face.handlings]
    petitions = list(Petition.objects.filter(order=order).order_by("serial"))
    offers = possible(visit.actor, order, mine, petitions, now=visit.now)
    return OrderPage(
        order=order,
        face=face,
        view=view,
        scheme=city_scheme(order),
        clocks=tuple(line for handling, line in clocks if handling is None),
        handlings=tuple(
            HandlingLine(
                view=each,
                unit=units[each.serial],
                part=words.label("role", each.part),
                state=words.handling_state(each.state),
                gone=HandlingState(each.state) in GONE,
                clocks=tuple(line for handling, line in clocks if handling == each.serial),
            )
            for each in shown
        ),
        trail=tuple(
            _trail(each, units, face.words.get(each.seq, {}))
            for each in view.trail
            if each.handling is None or each.handling in face.handlings
        ),
        evidence=tuple(Evidence.objects.filter(order=order, removed_at__isnull=True).order_by("serial")),
        offers=tuple(each for each in offers if each.act in FORMS),
        forward=next((act for act in _FORWARD if any(each.act is act for each in offers)), None),
        events=order.events,
        title=title_of(face.matter),
    )


def _clock(clock: ClockView, now: datetime, units: Mapping[int, str]) -> ClockLine:
    running = clock.stopped_at is None and not clock.dropped and clock.paused_at is None
    at = clock.stopped_at
    return ClockLine(
        name=words.stage(clock.stage),
        whose=units.get(clock.handling, "") if clock.handling is not None else "",
        exact=words.moment(clock.due_at),
        due=words.due(clock.due_at, now) if running else None,
        said=words.clock_ended(at, clock.due_at, dropped=clock.dropped) if not running else "",
        late=at is not None and at > clock.due_at and not clock.dropped,
        provisional=clock.provisional,
    )


def _trail(event: EventView, units: Mapping[int, str], written: Mapping[str, object]) -> TrailLine:
    return TrailLine(
        at=event.at,
        act=words.act(event.act),
        who=words.actor(event.actor, event.username),
        unit=units.get(event.handling, "") if event.handling is not None else "",
        written=tuple((slot, said) for slot, said in written.items() if isinstance(said, str) and said),
    )

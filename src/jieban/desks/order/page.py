"""What the order's page shows: matter, clocks, handlings, trail, evidence, and what can be done now."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from jieban.desks.evidence.gallery import Gallery, galleries, photo_pair
from jieban.desks.knowledge.articles.citing import cited_in
from jieban.desks.order.acting.forms import FORMS, OWN_PAGES
from jieban.desks.order.asked import DECIDED_BY, Asked, asked_of
from jieban.desks.order.calls import CallLine, calls_of
from jieban.desks.order.changes import Eyes, changes_of, people_in
from jieban.desks.order.demands import Demand, demands_of
from jieban.desks.order.forward import Stands, forward
from jieban.desks.order.related import Related, related_to
from jieban.desks.order.rungs import Rung, rungs_of
from jieban.desks.order.said import (
    REPLIES,
    StandingReply,
    Telling,
    lines_of,
    standing_replies,
)
from jieban.desks.order.trail import TrailLine, folded, trail_line
from jieban.desks.presence.here import Other, be_here, others
from jieban.desks.queues.rows import city_scheme, title_of
from jieban.desks.shell import words
from jieban.desks.shell.names import names_of
from jieban.desks.shell.visit import Visit
from jieban.desks.shell.words import Due
from jieban.orders.access import order_for
from jieban.orders.evidence.exhibits import exhibits_for
from jieban.orders.evidence.withdrawing import withdrawable
from jieban.orders.face import Face, face_of
from jieban.orders.models import (
    OPEN_PETITIONS,
    Callback,
    Evidence,
    Handling,
    Order,
    Petition,
    PetitionKind,
)
from jieban.orders.possible import Offer, possible
from jieban.orders.states import GONE, HandlingState
from jieban.orders.view import ClockView, HandlingView, OrderView, view_of
from jieban.people.actor import Actor
from jieban.people.acts import Act
from jieban.people.city_then import known_then
from jieban.people.models import Account
from jieban.people.policy import SEES_EVERY_ORDER
from jieban.people.roles import Role

_ANSWERS = frozenset({Act.ANSWER.value, Act.REPLY.value})
"""Acts that may rest on articles of the knowledge base."""

_MANY = 3
"""Of more handlings than these an act stands folded, and the deadlines that don't press."""

_SELDOM = frozenset({Act.CORRECT, Act.CORRECT_CALLBACK, Act.LINK_REPEAT, Act.UNLINK_REPEAT})
"""The acts that mend what was written; they don't stand among those that an order is waiting for."""


def _repeats(order: Order) -> bool:
    return order.repeat_of_id is not None or order.repeat_number is not None


_POINTLESS: Mapping[Act, Callable[[Order], bool]] = {
    Act.SUPERVISE: lambda order: order.supervised_at is not None,
    Act.ESCALATE: lambda order: order.escalated_at is not None,
    Act.LINK_REPEAT: _repeats,
    Act.UNLINK_REPEAT: lambda order: not _repeats(order),
    Act.CORRECT_CALLBACK: lambda order: order.called_back is None,
    Act.RECORD_CALLBACK: lambda order: order.called_back is True or order.anonymous,
}
"""When an act that may be done has nothing to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ClockLine:
    """A clock in words. `due` is None once what was due is done, or nobody owes it; `again` counts from 0."""

    name: str
    whose: str
    again: int
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
    assignee: str
    clocks: tuple[ClockLine, ...]

    @property
    def pressing(self) -> bool:
        """Whether something of it is late, was, or soon will be."""
        return any(each.late or (each.due is not None and each.due.tone != "calm") for each in self.clocks)


@dataclass(frozen=True, kw_only=True, slots=True)
class PetitionLine:
    """What a unit asked for and somebody decided, in words; `file` is what an unreasonable request's file says."""

    name: str
    unit: str
    standing: str
    asked: str
    ground: str
    source: str
    head: str
    file: tuple[str, ...]


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
    galleries: tuple[Gallery, ...]
    scene: tuple[int, ...]
    petitions: tuple[PetitionLine, ...]
    offers: tuple[Offer, ...]
    events: int
    title: str
    forward: Act | None
    replies: tuple[StandingReply, ...]
    asked: tuple[Asked, ...]
    demands: tuple[Demand, ...]
    calls: tuple[CallLine, ...]
    rungs: tuple[Rung, ...]
    present: tuple[Other, ...]
    related: tuple[Related, ...]

    @property
    def over(self) -> bool:
        """Whether no deadline runs: then what was said matters more than when it was due."""
        held = (line for each in self.handlings if not each.gone for line in each.clocks)
        return not any(line.due for line in (*self.clocks, *held))

    @property
    def next_offers(self) -> tuple[tuple[Offer, ...], ...]:
        """What the order may be waiting for; what may be done to many of its handlings stands together."""
        found: dict[tuple[Act, int | None], list[Offer]] = {}
        many = Counter(each.act for each in self.offers)
        for each in self.offers:
            if each.act not in _SELDOM:
                apart = each.handling if many[each.act] <= _MANY else None
                found.setdefault((each.act, apart), []).append(each)
        return tuple(map(tuple, found.values()))

    @property
    def beside(self) -> tuple[HandlingLine, ...]:
        """Of many handlings those with deadlines that don't press."""
        held = [each for each in self.handlings if not each.gone]
        return tuple(each for each in held if not each.pressing) if len(held) > _MANY else ()

    @property
    def seldom_offers(self) -> tuple[Offer, ...]:
        """What mends it."""
        return tuple(each for each in self.offers if each.act in _SELDOM)

    def page_of(self, offer: Offer) -> str | None:
        """The page that an act has of its own, if it has one."""
        own = OWN_PAGES.get(offer.act)
        return own.format(number=self.order.number) if own is not None else None


def order_context(visit: Visit, number: str) -> OrderPage:
    """The page of an order. Raises NoSuchOrder when it isn't this person's business."""
    order = order_for(visit.actor, number)
    face = face_of(visit.actor, number)
    view = view_of(order)
    shown = [each for each in view.handlings if each.serial in face.handlings]
    units = {each.serial: words.unit(each.unit, each.dispatched_at) for each in view.handlings}
    clocks = [(each.handling, _clock(each, visit.now, units)) for each in view.clocks]
    rows = list(Handling.objects.filter(order=order))
    mine = [each for each in rows if each.serial in face.handlings]
    people = _assignees(mine)
    petitions = list(Petition.objects.filter(order=order).order_by("serial"))
    offers = possible(visit.actor, order, mine, petitions, now=visit.now)
    shown_offers = tuple(each for each in offers if _shown(each, order, visit.actor))
    evidence = tuple(Evidence.objects.filter(order=order, removed_at__isnull=True).order_by("serial"))
    free = withdrawable(
        visit.actor, order, evidence, handlings=rows, petitions=petitions, offers=offers, now=visit.now
    )
    callbacks = list(Callback.objects.filter(order=order).order_by("serial"))
    facts = {each.seq: each.data.get("facts", {}) for each in view.trail if each.act in REPLIES}
    cited = (
        cited_in(order.pk, words.local(visit.now).date())
        if any(each.act in _ANSWERS for each in view.trail)
        else {}
    )
    names = names_of(
        [each.actor for each in view.trail]
        + [ref for each in petitions for ref in (each.asked_by, each.head)]
        + people_in(view.trail)
    )
    told = Telling(order=order, written=face.words, names=names)
    eyes = Eyes(
        order=order,
        trail=view.trail,
        scheme=city_scheme(order),
        units={each.serial: units[each.serial] for each in shown},
        names=names,
        centre=bool(visit.actor.roles & SEES_EVERY_ORDER),
    )
    return OrderPage(
        order=order,
        face=face,
        view=view,
        scheme=eyes.scheme,
        clocks=tuple(line for handling, line in clocks if handling is None),
        handlings=tuple(
            HandlingLine(
                view=each,
                unit=units[each.serial],
                part=words.label("role", each.part),
                state=words.handling_state(each.state),
                gone=HandlingState(each.state) in GONE,
                assignee=people.get(each.serial, ""),
                clocks=tuple(line for handling, line in clocks if handling == each.serial),
            )
            for each in shown
        ),
        trail=folded(
            trail_line(
                each,
                units,
                names,
                (
                    *changes_of(each, eyes),
                    *lines_of(face.words.get(each.seq, {}), facts.get(each.seq, {}), each.at),
                ),
                cited=cited.get(each.seq, ()),
            )
            for each in view.trail
            if each.handling is None or each.handling in face.handlings
        ),
        galleries=galleries(
            number, exhibits_for(visit.actor, order, face.handlings), units, offers, free=free
        ),
        scene=_scene(visit, offers),
        petitions=tuple(
            _petition(each, mine, units, names, face.words.get(each.asked_in, {}))
            for each in petitions
            if each.state not in OPEN_PETITIONS and any(row.pk == each.handling_id for row in mine)
        ),
        offers=shown_offers,
        forward=forward(
            visit.actor,
            Stands(
                order=order,
                handlings=mine,
                petitions=petitions,
                callbacks=callbacks,
                clocks=view.clocks,
                now=visit.now,
            ),
            shown_offers,
        ),
        events=order.events,
        title=title_of(face.matter),
        replies=standing_replies(mine, evidence, told, facts),
        demands=demands_of(view.trail, shown, units, told),
        asked=tuple(
            each
            for each in asked_of(petitions, mine, told, visit.now)
            if any(
                DECIDED_BY.get(offer.act) is each.kind and offer.handling == each.handling for offer in offers
            )
        ),
        calls=calls_of(callbacks, face.words, names),
        rungs=rungs_of(order, view.clocks, view.handlings, visit.now)
        if Role.SUPERVISOR in visit.actor.roles
        else (),
        present=others(visit, order),
        related=related_to(order, visit.actor),
    )


def opened(visit: Visit, number: str, doing: str = "") -> OrderPage:
    """`order_context` of an order that somebody opens, who is told to the others from now on. Raises NoSuchOrder."""
    made = order_context(visit, number)
    be_here(visit, made.order, doing)
    return made


def _shown(offer: Offer, order: Order, actor: Actor) -> bool:
    """Whether there is a page for it, and anything behind it: no contact of nobody's, and nothing that was done."""
    if offer.act in _POINTLESS and _POINTLESS[offer.act](order):
        return False
    if offer.act is Act.READ_CONTACT:
        kept_from_units = order.confidential and actor.roles.isdisjoint(SEES_EVERY_ORDER)
        return not (order.anonymous or order.redacted_at is not None or kept_from_units)
    return offer.act in FORMS or offer.act in OWN_PAGES


def _clock(clock: ClockView, now: datetime, units: Mapping[int, str]) -> ClockLine:
    running = clock.stopped_at is None and not clock.dropped and clock.paused_at is None
    at = clock.stopped_at
    return ClockLine(
        name=words.stage(clock.stage),
        whose=units.get(clock.handling, "") if clock.handling is not None else "",
        again=clock.round,
        exact=words.moment(clock.due_at),
        due=words.due(clock.due_at, now) if running else None,
        said=words.clock_ended(at, clock.due_at, dropped=clock.dropped) if not running else "",
        late=at is not None and at > clock.due_at and not clock.dropped,
        provisional=clock.provisional,
    )


def _scene(visit: Visit, offers: Iterable[Offer]) -> tuple[int, ...]:
    """The handlings to which whoever goes there adds photos, where the profile has photos of before and after."""
    if photo_pair() is None or not visit.actor.roles & {Role.LIAISON, Role.HANDLER}:
        return ()
    return tuple(each.handling for each in offers if each.act is Act.ATTACH and each.handling is not None)


def _assignees(handlings: Iterable[Handling]) -> dict[int, str]:
    """Who deals with each handling, by its serial: names as they are today."""
    chosen = {each.serial: each.assignee for each in handlings if each.assignee is not None}
    if not chosen:
        return {}
    names = dict(Account.objects.filter(pk__in=chosen.values()).values_list("pk", "display_name"))
    return {serial: names[account] for serial, account in chosen.items() if account in names}


def _petition(
    petition: Petition,
    handlings: Iterable[Handling],
    units: Mapping[int, str],
    names: Mapping[str, str],
    written: Mapping[str, object],
) -> PetitionLine:
    serial = next(each.serial for each in handlings if each.pk == petition.handling_id)
    ground = (
        known_then(petition.ground, lambda then: then.workflow.unreasonable_grounds, petition.asked_at)
        if petition.ground is not None
        else None
    )

    def signature(ref: str | None, at: datetime | None) -> str:
        return "" if ref is None else f"{names.get(ref, ref)} {words.short_moment(at)}"

    return PetitionLine(
        name=words.petition(petition.kind),
        unit=units[serial],
        standing=words.petition_state(petition.state),
        asked=signature(petition.asked_by, petition.asked_at),
        ground=ground.name if ground is not None else "",
        source=ground.source if ground is not None else "",
        head=signature(petition.head, petition.head_signed_at),
        file=tuple(str(written[slot]) for slot in ("inquiry", "policy") if written.get(slot))
        if petition.kind == PetitionKind.UNREASONABLE
        else (),
    )

"""A month of demo orders: drafts given places, people, words and moments, as the workflow of a hotline allows."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from jieban.demo.assign import Draft, assign, place_units
from jieban.demo.fates import Fate, FateKind, choose_fates
from jieban.demo.targets import DemoPlan, MonthTarget, busyness, leads_alone, standing_for
from jieban.demo.texts import Phrasebook, Speaker
from jieban.demo.times import OfficeTimes, call_moment, daily_counts, dispatch_moment, staffed
from jieban.indicators.period import Period
from jieban.ledger.schema import DEMO_PREFIX, Role, Satisfaction
from jieban.profile.city import Profile
from jieban.profile.model import Level, Stage, Street, Urgency
from jieban.worktime import Basis, Span

# An order that runs late or long must still end before the month's report is made.
_EARLY_DAY = 17
_SHORTEST = timedelta(minutes=12)
_LAST_HOURS = timedelta(hours=2)
_RETURN_FROM, _RETURN_UNTIL = 9, 16


@dataclass(kw_only=True, slots=True)
class HandlingPlan:
    """One unit's part: its deadlines, and what shall happen to it."""

    unit: str
    role: Role
    dispatched_at: datetime
    sign_due: datetime
    sign_rule: str
    close_due: datetime
    close_rule: str
    late_sign: bool = False
    late_close: bool = False
    returned: bool = False
    return_requests: int = 0
    extension_days: int = 0
    rework: int = 0
    signed_at: datetime | None = None
    closed_at: datetime | None = None


@dataclass(kw_only=True, slots=True)
class OrderPlan:
    """One order with its handlings."""

    order_no: str
    draft: Draft
    urgency: Urgency
    channel: str
    street: str
    patterns: tuple[str, ...]
    received_at: datetime
    dispatched_at: datetime
    sign_due: datetime
    sign_rule: str
    close_due: datetime
    close_rule: str
    dissatisfied: bool = False
    handlings: list[HandlingPlan] = field(default_factory=list)

    @property
    def counted(self) -> list[HandlingPlan]:
        """The handlings that were not returned."""
        return [handling for handling in self.handlings if not handling.returned]

    @property
    def blamed(self) -> bool:
        """Whether a published figure counts it as late or dissatisfied, so that it must be assessed."""
        return self.dissatisfied or any(h.late_sign or h.late_close for h in self.handlings)


class MonthMaker:
    """Makes one month's orders from its target. One seed, one month: the same rows every time."""

    def __init__(self, profile: Profile, plan: DemoPlan, book: Phrasebook, month: MonthTarget) -> None:
        self.profile, self.plan, self.book, self.month = profile, plan, book, month
        self.rng = random.Random(f"{plan.seed}/{month.first}")  # noqa: S311  # demo data, no secret
        self.speaker = Speaker(book, self.rng)
        self.streets = profile.streets.valid_on(month.first)
        self.places = place_units(profile, plan, month)
        self.place_kinds = {unit: profile.streets[street].kind for unit, street in self.places.items()}
        zone = profile.clock.tz
        _, over = Period.parse(plan.report_month).instants(zone)
        _, own = Period.parse(f"{month.first:%Y-%m}").instants(zone)
        # Each month is closed when its report is made, which is as long after it as with the reported one.
        self.end = (own + (plan.as_of - over)).astimezone(UTC) - _LAST_HOURS
        self.office = OfficeTimes(
            staffed(profile.clock, *(profile.clock.local_date(each) for each in (own, self.end))),
            month.first - timedelta(days=1),
            month.first + timedelta(days=75),
        )
        self._due: dict[tuple[str, date], datetime] = {}

    def orders(self) -> list[OrderPlan]:
        """All the month's dispatched orders in order of receipt, with every moment settled."""
        drafts = assign(self.profile, self.plan, self.book, self.month, self.rng)
        fates = choose_fates(
            drafts, self.month, self.plan.shares, self.rng, leads_only=leads_alone(self.profile)
        )
        days = daily_counts(len(drafts), self.month.first, self.plan, self.profile.clock, self.rng)
        orders = sorted(
            (
                self._open(draft, day, fates.get(id(draft)))
                for draft, day in self._with_days(drafts, days, fates)
            ),
            key=lambda order: (order.received_at, order.draft.matter),
        )
        serial: Counter[str] = Counter()
        for order in orders:
            day_code = order.received_at.astimezone(self.profile.clock.tz).strftime("%Y%m%d")
            serial[day_code] += 1
            order.order_no = f"{DEMO_PREFIX}{day_code}{serial[day_code]:05d}"
        for order in orders:
            for handling in order.handlings:
                self._settle(order, handling)
        return orders

    def _with_days(
        self, drafts: Sequence[Draft], days: Sequence[date], fates: Mapping[int, Fate]
    ) -> Iterator[tuple[Draft, date]]:
        """Every draft with its day; those that will run long get an early one."""
        early = [day for day in days if day.day <= _EARLY_DAY]
        late = [day for day in days if day.day > _EARLY_DAY]
        self.rng.shuffle(early)
        long = [draft for draft in drafts if id(draft) in fates and fates[id(draft)].runs_long]
        others = [draft for draft in drafts if not (id(draft) in fates and fates[id(draft)].runs_long)]
        yield from zip(long, early, strict=False)
        left = early[len(long) :] + late
        self.rng.shuffle(left)
        yield from zip(others, left, strict=True)

    def _due_at(self, rule_id: str, span: Span, start: datetime) -> datetime:
        clock = self.profile.clock
        if span.basis is not Basis.WORKING_DAYS:
            return clock.due(start, span).astimezone(UTC)
        key = (rule_id, clock.local_date(start))
        if key not in self._due:
            self._due[key] = clock.due(start, span).astimezone(UTC)
        return self._due[key]

    def _deadline(
        self, level: Level, stage: Stage, order: tuple[str, Urgency, str], start: datetime
    ) -> tuple[datetime, str]:
        request_type, urgency, channel = order
        rule = self.profile.deadline_rule(
            level,
            stage,
            request_type=request_type,
            urgency=urgency,
            channel=channel,
            on=self.month.first,
        )
        return self._due_at(rule.id, Span(amount=rule.amount, basis=Basis(rule.basis.value)), start), rule.id

    def _open(self, draft: Draft, day: date, fate: Fate | None) -> OrderPlan:
        shares, rng = self.plan.shares, self.rng
        texts = self.book.matters[self.profile.order_scheme, draft.matter]
        chance = rng.random() if texts.site_visit and fate is None else 1.0
        urgency = (
            Urgency.EMERGENCY
            if chance < shares["emergency"]
            else Urgency.URGENT
            if chance < shares["emergency"] + shares["urgent"]
            else Urgency.NORMAL
        )
        channel = rng.choices(list(self.plan.channels), weights=list(self.plan.channels.values()))[0]
        received = call_moment(day, self.plan.hour_weights, self.profile.clock, rng)
        sent = dispatch_moment(received, self.profile.clock, rng, pressing=urgency is not Urgency.NORMAL)
        key = (draft.request_type, urgency, channel)
        sign_due, sign_rule = self._deadline(Level.ORDER, Stage.SIGN, key, sent)
        close_due, close_rule = self._deadline(Level.ORDER, Stage.CLOSE, key, sent)
        street, patterns = self._place(draft)
        order = OrderPlan(
            order_no="",
            draft=draft,
            urgency=urgency,
            channel=channel,
            street=street,
            patterns=patterns,
            received_at=received,
            dispatched_at=sent,
            sign_due=sign_due,
            sign_rule=sign_rule,
            close_due=close_due,
            close_rule=close_rule,
        )
        for unit in draft.units:
            role = Role.LEAD if unit == draft.lead else Role.ASSIST
            order.handlings.append(self._handling(order, unit, role, sent))
        if fate is not None:
            self._meet(order, fate)
        return order

    def _meet(self, order: OrderPlan, fate: Fate) -> None:
        handling = next(h for h in order.handlings if h.unit == fate.unit)
        match fate.kind:
            case FateKind.LATE_SIGN:
                handling.late_sign = True
            case FateKind.LATE_CLOSE:
                handling.late_close = True
            case FateKind.EXTENDED:
                handling.extension_days = self.profile.extension.working_days // 2
            case FateKind.REWORKED:
                handling.rework = 1
            case FateKind.RETURNED:
                self._return_once(order)
            case FateKind.DISSATISFIED:
                order.dissatisfied = True

    def _handling(self, order: OrderPlan, unit: str, role: Role, sent: datetime) -> HandlingPlan:
        key = (order.draft.request_type, order.urgency, order.channel)
        sign_due, sign_rule = self._deadline(Level.HANDLING, Stage.SIGN, key, sent)
        close_due, close_rule = self._deadline(Level.HANDLING, Stage.CLOSE, key, sent)
        return HandlingPlan(
            unit=unit,
            role=role,
            dispatched_at=sent,
            sign_due=sign_due,
            sign_rule=sign_rule,
            close_due=close_due,
            close_rule=close_rule,
        )

    def extended(self, handling: HandlingPlan) -> datetime:
        """A handling's close deadline after its extension."""
        return self._later(handling.close_due, handling.extension_days)

    def extended_order(self, order: OrderPlan) -> datetime:
        """An order's close deadline: where the profile says so, it follows the longest extension of its handlings."""
        if not self.profile.extension.extends_order:
            return order.close_due
        return self._later(order.close_due, max(handling.extension_days for handling in order.counted))

    def _later(self, due: datetime, days: int) -> datetime:
        if not days:
            return due
        return self.profile.clock.extend(due, Span(amount=days, basis=Basis.WORKING_DAYS)).astimezone(UTC)

    def _place(self, draft: Draft) -> tuple[str, tuple[str, ...]]:
        """The street where the matter lies, and what can be said about it there."""
        texts = self.book.matters[self.profile.order_scheme, draft.matter]
        known_as = draft.known_as(self.place_kinds)
        bound = next((self.places[unit] for unit in draft.units if unit in self.places), None)
        if bound is None:
            # A text is drawn first, so that texts of rare places are not said less.
            kinds = self.rng.choice(texts.suiting(draft.request_type, known_as)).place_kinds
            streets = [s for s in self.streets if kinds is None or s.kind in kinds]
            weights = [self._busy_street(street) for street in streets]
            bound = self.rng.choices(streets, weights=weights)[0].code
        kind = self.profile.streets[bound].kind
        return bound, tuple(p.text for p in texts.suiting(draft.request_type, known_as, kind))

    def _busy_street(self, street: Street) -> float:
        return self.plan.street_weights[street.kind] * busyness(street.code, self.month.first)

    def _return_once(self, order: OrderPlan) -> None:
        """Another unit had the order first, signed for it, and sent it back within hours, the same day."""
        texts = self.book.matters[self.profile.order_scheme, order.draft.matter]
        others = [
            code
            for unit in texts.lead
            if unit in self.profile.units
            for code in standing_for(self.profile.units, unit, self.month.first)
            if code not in order.draft.units
        ]
        hour = order.dispatched_at.astimezone(self.profile.clock.tz).hour
        if not others or not _RETURN_FROM <= hour < _RETURN_UNTIL:
            return
        first = self._handling(order, self.rng.choice(others), Role.LEAD, order.dispatched_at)
        first.returned, first.return_requests = True, 1
        first.signed_at = order.dispatched_at + timedelta(minutes=self.rng.randint(10, 90))
        again = order.dispatched_at + timedelta(
            hours=self.rng.randint(3, 6), seconds=self.rng.randint(0, 3599)
        )
        order.handlings[0] = self._handling(order, order.draft.lead, Role.LEAD, again)
        order.handlings.insert(0, first)

    def _settle(self, order: OrderPlan, handling: HandlingPlan) -> None:
        """Sign and close: within the handling's deadline, or after it but within the order's (ruling 3)."""
        if handling.returned:
            return
        rng, sent = self.rng, handling.dispatched_at
        if handling.late_sign:
            handling.signed_at = self.office.between(
                handling.sign_due, min(order.sign_due, handling.close_due, self.end) - _SHORTEST, rng, 0.3
            )
        else:
            handling.signed_at = self.office.between(
                sent, min(handling.sign_due, order.sign_due, self.end - _SHORTEST), rng, 0.12
            )
        low = handling.signed_at + _SHORTEST
        if handling.late_close or handling.extension_days:
            latest = order.close_due
            if handling.extension_days:
                latest = min(latest, self.extended(handling))
            handling.closed_at = self.office.between(
                max(low, handling.close_due), min(latest, self.end), rng, 0.3
            )
        else:
            lean = rng.choice((0.15, 0.3, 0.5, 0.65))
            high = min(handling.close_due, self.end)
            handling.closed_at = self.office.between(min(low, high - timedelta(seconds=2)), high, rng, lean)


def rating(order: OrderPlan, shares: Mapping[str, float], rng: random.Random) -> Satisfaction:
    """What the citizen says at the callback."""
    if order.dissatisfied:
        return Satisfaction.DISSATISFIED
    chance = rng.random()
    if chance < shares["very_satisfied"]:
        return Satisfaction.VERY_SATISFIED
    if chance < shares["very_satisfied"] + shares["basically_satisfied"]:
        return Satisfaction.BASICALLY_SATISFIED
    return Satisfaction.SATISFIED

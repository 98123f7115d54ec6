"""Demo orders as canonical ledger rows: people, words and callbacks added to the plans."""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property

import pyarrow as pa

from jieban.demo.letters import letters
from jieban.demo.month import HandlingPlan, MonthMaker, OrderPlan, rating
from jieban.demo.targets import BadDemo, DemoPlan, MonthTarget, read_plan
from jieban.demo.texts import Phrasebook, read_phrasebook
from jieban.demo.times import when_facts
from jieban.kernel.i18n import tr
from jieban.ledger.schema import TABLES, Disposition, Ledger, Role, Satisfaction
from jieban.profile.city import Profile

Row = dict[str, object]


class LedgerMaker:
    """Turns months of order plans into the four canonical tables."""

    def __init__(self, profile: Profile, plan: DemoPlan, book: Phrasebook) -> None:
        self.profile, self.plan, self.book = profile, plan, book
        self.rows: dict[str, list[Row]] = {schema.name: [] for schema in TABLES}

    @cached_property
    def communities(self) -> Mapping[str, Sequence[str]]:
        """Community names by street, as people call them."""
        found: dict[str, list[str]] = {}
        for community in self.profile.communities:
            found.setdefault(community.street, []).append(community.spoken)
        return found

    def add(self, month: MonthTarget) -> None:
        """Add a month's orders, handlings, callbacks and letters."""
        maker = MonthMaker(self.profile, self.plan, self.book, month)
        people = People(maker.rng, self.book, self.plan)
        for order in maker.orders():
            self._add_order(order, maker, people)
        for mailbox in month.mailboxes:
            self.rows["letters"] += letters(mailbox, maker, self.communities)

    def ledger(self) -> Ledger:
        """The rows as Arrow tables in their schemas."""
        tables = {
            schema.name: pa.Table.from_pylist(self.rows[schema.name], schema=schema.arrow)
            for schema in TABLES
        }
        return Ledger(**tables)

    def _add_order(self, order: OrderPlan, maker: MonthMaker, people: "People") -> None:
        rng, draft = maker.rng, order.draft
        texts = self.book.matters[self.profile.order_scheme, draft.matter]
        street = self.profile.streets[order.street]
        community = rng.choice(self.communities[order.street])
        facts = {"street": street.short_name, "community": community}
        facts["address"] = maker.speaker.fill(
            "{street}{community}{n}号", facts | {"n": str(rng.randint(1, 199))}
        )
        facts |= when_facts(order.received_at, self.profile.clock, rng)
        facts["lead"] = self.profile.units[draft.lead].short_name
        confidential = self.profile.request_types[draft.request_type].confidential
        # Who rates the answer has been called back, and so is known.
        unnamed = rng.random() < self.plan.shares["anonymous"] and not order.dissatisfied
        person = people.somebody(order, anonymous=unnamed)
        signed = next(h.signed_at for h in order.counted if h.role is Role.LEAD)
        closed = max(h.closed_at for h in order.counted if h.closed_at is not None)
        callback = self._callback(order, closed, maker, called=not person["anonymous"])
        told = _told(order, anonymous=bool(person["anonymous"]), confidential=confidential)
        reply = maker.speaker.reply(texts, draft.request_type, facts, told=told)
        self.rows["orders"].append(
            {
                "order_no": order.order_no,
                "channel": order.channel,
                "disposition": Disposition.DISPATCHED,
                "received_at": order.received_at,
                "dispatched_at": order.dispatched_at,
                "signed_at": signed,
                "closed_at": closed,
                "request_type": draft.request_type,
                "topic": draft.matter[0],
                "subtopic": draft.matter[1] or None,
                "urgency": order.urgency,
                "street": order.street,
                "community": community,
                "address": facts["address"],
                **person,
                "confidential": confidential,
                "content": maker.speaker.say(order.patterns, facts),
                "reply": reply,
                **callback,
                "reopen_count": int(rng.random() < self.plan.shares["reopened"]),
                "excluded": rng.random() < self.plan.shares["excluded"] and not order.blamed,
                "sign_due_at": order.sign_due,
                "sign_rule": order.sign_rule,
                "close_due_at": maker.extended_order(order),
                "close_rule": order.close_rule,
            }
        )
        for number, handling in enumerate(order.handlings, start=1):
            said = None
            if not handling.returned:
                said = maker.speaker.reply(texts, draft.request_type, facts, told=told)
            self.rows["handlings"].append(self._handling(order, handling, number, said, maker))

    def _handling(
        self, order: OrderPlan, handling: HandlingPlan, number: int, reply: str | None, maker: MonthMaker
    ) -> Row:
        return {
            "handling_no": f"{order.order_no}-{number}",
            "order_no": order.order_no,
            "unit": handling.unit,
            "role": handling.role,
            "dispatched_at": handling.dispatched_at,
            "signed_at": handling.signed_at,
            "closed_at": handling.closed_at,
            "returned": handling.returned,
            "return_requests": handling.return_requests,
            "extension_days": handling.extension_days,
            "rework_count": handling.rework,
            "reply": reply,
            "sign_due_at": handling.sign_due,
            "sign_rule": handling.sign_rule,
            "close_due_at": maker.extended(handling),
            "close_rule": handling.close_rule,
        }

    def _callback(self, order: OrderPlan, closed: datetime, maker: MonthMaker, *, called: bool) -> Row:
        rng, shares = maker.rng, self.plan.shares
        if not called or not (order.dissatisfied or rng.random() < shares["called_back"]):
            return {"called_back": False, "satisfaction": Satisfaction.NOT_RATED}
        said = rating(order, shares, rng)
        result: Row = {
            "contacted": order.dissatisfied or rng.random() >= shares["not_contacted"],
            "resolved": not order.dissatisfied and rng.random() >= shares["unresolved"],
            "satisfaction": said,
        }
        until = max(maker.end + timedelta(hours=1), closed + timedelta(minutes=30))
        reached_at = maker.office.between(
            closed + timedelta(minutes=10), min(closed + timedelta(days=2), until), rng, 0.3
        )
        attempts = [reached_at]
        if rng.random() < 0.12:  # noqa: PLR2004  # some don't pick up the first time
            attempts.insert(0, closed + (reached_at - closed) * rng.uniform(0.2, 0.8))
        for number, called_at in enumerate(attempts, start=1):
            reached = called_at == reached_at
            self.rows["callbacks"].append(
                {
                    "callback_no": f"{order.order_no}-H{number}",
                    "order_no": order.order_no,
                    "called_at": called_at.replace(microsecond=0),
                    "reached": reached,
                    **(result if reached else {}),
                }
            )
        return {"called_back": True, **result}


def _told(order: OrderPlan, *, anonymous: bool, confidential: bool) -> str:
    if order.dissatisfied:
        return "told_dissatisfied"
    if anonymous:
        return "told_anonymous"
    return "told_confidential" if confidential else "told"


class People:
    """Invented requesters, some of whom call again about the same matter in the same place."""

    def __init__(self, rng: random.Random, book: Phrasebook, plan: DemoPlan) -> None:
        self._rng, self._book, self._plan = rng, book, plan
        self._known: dict[tuple[object, str], tuple[str, str, str]] = {}

    def somebody(self, order: OrderPlan, *, anonymous: bool) -> Row:
        """The requester columns and `repeat_of` for an order."""
        if anonymous:
            return {"anonymous": True, "requester": None, "phone": None, "repeat_of": None}
        key = (order.draft.matter, order.street)
        before = self._known.get(key)
        # The share is among all orders, but only those with a forerunner in the same place can repeat one.
        if before is not None and self._rng.random() < self._plan.shares["repeat"] * 1.4:
            number, name, phone = before
            return {"anonymous": False, "requester": name, "phone": phone, "repeat_of": number}
        # No telephone number begins with 1009: nobody real can be meant.
        name, phone = self._rng.choice(self._book.names), f"1009{self._rng.randrange(10**7):07d}"
        self._known[key] = (order.order_no, name, phone)
        return {"anonymous": False, "requester": name, "phone": phone, "repeat_of": None}


def make_ledger(profile: Profile, months: Sequence[str] | None = None) -> tuple[Ledger, DemoPlan]:
    """The demo ledger of a profile: all months of its plan, or those named (e.g. "2025-04").

    Raises BadDemo or Infeasible when the profile's demo data don't allow it.
    """
    if profile.directory is None:
        raise BadDemo(tr("配置“{name}”不是从目录读来的,没有演示数据。", name=profile.name))
    plan = read_plan(profile, profile.directory / "demo")
    maker = LedgerMaker(profile, plan, read_phrasebook(profile, plan))
    for name, month in plan.months.items():
        if months is None or name in months:
            maker.add(month)
    return maker.ledger(), plan

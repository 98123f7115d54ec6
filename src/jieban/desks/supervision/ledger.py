"""A unit's own ledger: who took over, who was given it, who answered, and when, beside what was due.

Published analysis reports ask each unit for it (chapter three, one, of the one that is our model): named persons and
points of time for receiving, assigning and handling.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from jieban.desks.queues.queue import PAGE, Entry
from jieban.desks.queues.rows import Row, rows_of
from jieban.desks.shell import words
from jieban.desks.shell.names import names_of
from jieban.desks.shell.visit import Visit
from jieban.desks.shell.words import Due, local
from jieban.kernel.i18n import tr, tr_later
from jieban.orders.models import Clock, Event, Handling
from jieban.orders.states import OPEN, HandlingState
from jieban.people.actor import Actor
from jieban.people.acts import Act
from jieban.people.models import Post
from jieban.people.roles import ROLE_NAMES, Role
from jieban.profile.model import Stage

if TYPE_CHECKING:
    from django.db.models import QuerySet

STATES: Mapping[str, frozenset[HandlingState]] = {
    "open": OPEN,
    "closed": frozenset({HandlingState.CLOSED}),
}
_TOLD = (Act.DISPATCH, Act.ADD_UNIT, Act.DECIDE_RETURN, Act.SIGN, Act.ASSIGN, Act.REPLY)


@dataclass(frozen=True, kw_only=True, slots=True)
class Node:
    """A point of time on a handling's way: when and by whom, when it was due, and whether it is late.

    What hasn't come: how it stands with its deadline is in `left`, and `paused` says that its clock doesn't run.
    """

    at: datetime | None
    who: str = ""
    due: datetime | None = None
    late: bool = False
    left: Due | None = None
    paused: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class LedgerLine:
    """A handling in its unit's ledger."""

    row: Row
    part: str
    received: Node
    signed: Node
    assigned: Node
    handled: Node


@dataclass(frozen=True, kw_only=True, slots=True)
class LedgerPage:
    """A page of a unit's ledger; `people` are those with a post there today, by their roles."""

    lines: tuple[LedgerLine, ...]
    people: tuple[tuple[str, str], ...]
    number: int
    more: bool


def ledger_of(visit: Visit, unit: str, state: str, number: int) -> LedgerPage:
    """The unit's handlings, those that are open by the longest wait, the closed ones the latest received first.

    Nine queries, however long the ledger is.
    """
    begin = (number - 1) * PAGE
    handlings = list(handlings_of(unit, state)[begin : begin + PAGE + 1])
    shown = handlings[:PAGE]
    return LedgerPage(
        lines=_lines(shown, visit.actor, visit.now),
        people=_people(unit, visit.now),
        number=number,
        more=len(handlings) > PAGE,
    )


def handlings_of(unit: str, state: str) -> "QuerySet[Handling]":
    """A unit's handlings, sorted as its ledger shows them."""
    found = Handling.objects.filter(unit=unit, state__in=sorted(STATES[state]))
    return found.order_by(
        *(("-order_received_at", "-order_id") if state == "closed" else ("dispatched_at", "order_id"))
    )


def ledger_heads() -> Sequence[tuple[str, int]]:
    """The columns of the ledger as a workbook, with their widths: each point with who, when and its deadline."""
    points = [tr("接收"), tr("签收"), tr("分派"), tr("办理答复")]
    told = [
        (f"{point}{what}", 18) for point in points for what in (tr("时间"), tr("人"), tr("期限"), tr("超期"))
    ]
    return [
        (tr("工单"), 22),
        (tr("角色"), 8),
        (tr("诉求"), 60),
        (tr("分类"), 20),
        (tr("街道"), 12),
        *told,
        (tr("现状"), 12),
    ]


def ledger_cells(handlings: list[Handling], actor: Actor, now: datetime) -> Iterator[Sequence[str]]:
    """Rows under `ledger_heads`. Six queries for all."""
    for line in _lines(handlings, actor, now, unnamed=True):
        row = line.row
        points = [_point(each) for each in (line.received, line.signed, line.assigned, line.handled)]
        yield (
            *(f"{row.number}-{row.handling}", line.part, row.summary, row.topic, row.street),
            *(cell for point in points for cell in point),
            row.state,
        )


def _point(node: Node) -> tuple[str, str, str, str]:
    at = words.moment(node.at) if node.at is not None else ""
    return at, node.who, words.moment(node.due) if node.due is not None else "", tr("是") if node.late else ""


def _lines(
    handlings: list[Handling], actor: Actor, now: datetime, *, unnamed: bool = False
) -> tuple[LedgerLine, ...]:
    entries = [Entry(order=each.order_id, handling=each.serial, at=None) for each in handlings]
    found = rows_of(entries, actor, now, due=False, unnamed=unnamed)
    rows = {(row.key, row.handling): row for row in found}
    events = _events(handlings)
    # By their orders, too, since that is what clocks are indexed by.
    of = {"order__in": [each.order_id for each in handlings], "handling__in": [each.pk for each in handlings]}
    clocks = Clock.objects.filter(**of, dropped=False)
    latest = {(each.handling_id, each.stage): each for each in clocks.order_by("round")}
    accounts = {f"account:{each.assignee}" for each in handlings if each.assignee is not None}
    names = names_of({event.actor for found in events.values() for event in found} | accounts)
    known = _Known(events=events, clocks=latest, names=names, now=now)
    return tuple(
        _line(each, rows[each.order_id, each.serial], known)
        for each in handlings
        if (each.order_id, each.serial) in rows
    )


def _events(handlings: Iterable[Handling]) -> dict[int, list[Event]]:
    orders = {each.order_id for each in handlings}
    found = Event.objects.filter(order__in=orders, act__in=[each.value for each in _TOLD])
    events: dict[int, list[Event]] = {}
    for each in found.only("order", "seq", "at", "act", "actor", "data").order_by("seq"):
        events.setdefault(each.order_id, []).append(each)
    return events


@dataclass(frozen=True, kw_only=True, slots=True)
class _Known:
    """What is known of the handlings of a page: their orders' events, their latest clocks, and who is called what."""

    events: Mapping[int, Iterable[Event]]
    clocks: Mapping[tuple[int | None, str], Clock]
    names: Mapping[str, str]
    now: datetime

    def opening(self, handling: Handling) -> str:
        """Who gave a handling to its unit: what opens one tells of the order, or of the handling before."""
        opens = {Act.DISPATCH.value, Act.ADD_UNIT.value, Act.DECIDE_RETURN.value}
        fit = (
            each
            for each in self.events.get(handling.order_id, ())
            if each.act in opens and each.at == handling.dispatched_at
        )
        return self._who(next(fit, None))

    def last(self, act: Act, handling: Handling) -> tuple[datetime | None, str]:
        """When an act was last done to a handling, and by whom."""
        fit = [
            each
            for each in self.events.get(handling.order_id, ())
            if each.act == act and json.loads(each.data).get("handling") == handling.serial
        ]
        return (fit[-1].at, self._who(fit[-1])) if fit else (None, "")

    def _who(self, event: Event | None) -> str:
        return self.names.get(event.actor, "") if event is not None else ""

    def timed(self, handling: Handling, stage: Stage, at: datetime | None, who: str) -> Node:
        """A point that has a deadline."""
        clock = self.clocks.get((handling.pk, stage.value))
        due = clock.due_at if clock is not None else None
        paused = clock is not None and clock.paused_at is not None
        return Node(
            at=at,
            who=who if at is not None else "",
            due=due,
            late=due is not None and not paused and (at or self.now) > due,
            left=words.due(due, self.now) if due is not None and at is None and not paused else None,
            paused=paused and at is None,
        )


def _line(handling: Handling, row: Row, known: _Known) -> LedgerLine:
    given = handling.assignee
    return LedgerLine(
        row=row,
        part=words.label("role", handling.part),
        received=Node(at=handling.dispatched_at, who=known.opening(handling)),
        signed=known.timed(handling, Stage.SIGN, handling.signed_at, known.last(Act.SIGN, handling)[1]),
        assigned=Node(
            at=known.last(Act.ASSIGN, handling)[0],
            who=known.names.get(f"account:{given}", "") if given is not None else "",
        ),
        handled=known.timed(handling, Stage.CLOSE, handling.replied_at, known.last(Act.REPLY, handling)[1]),
    )


def _people(unit: str, now: datetime) -> tuple[tuple[str, str], ...]:
    held = Post.objects.valid_on(local(now).date()).filter(unit=unit, account__is_active=True)
    named: dict[str, list[str]] = {}
    for role, name in held.order_by("account__display_name").values_list("role", "account__display_name"):
        named.setdefault(role, []).append(name)
    order = (Role.HEAD, Role.LIAISON, Role.HANDLER)
    return tuple((tr_later(ROLE_NAMES[role]), "、".join(named.get(role.value, []))) for role in order)

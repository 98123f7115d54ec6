"""Deadlines as stored values: what starts, moves and stops them, so that anybody can recompute each (ruling 3)."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from jieban.profile.city import Profile
from jieban.profile.model import DeadlineRule, Level, Stage, Urgency
from jieban.worktime import Basis, Pause, Span, UnknownYear, WorkClock

_WEEK, _WEEKDAYS = 7, 5
_UNCHANGED = "[]"


class ChangeKind(StrEnum):
    """What can happen to a running clock."""

    RESTART = "restart"
    RECLASSIFY = "reclassify"
    PAUSE = "pause"
    EXTEND = "extend"
    REASSIGN = "reassign"


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """Something that happened to a clock at an instant.

    A restart from then by `rule`, another `rule` from the same start, a pause that ended `until`, an extension by
    working `days`, or a reassignment, which moves nothing but is told. `why` is a code.
    """

    kind: ChangeKind
    at: datetime
    until: datetime | None = None
    days: int | None = None
    rule: str | None = None
    amount: int | None = None
    basis: Basis | None = None
    why: str | None = None

    def as_json(self) -> dict[str, object]:
        """The change as it is stored, without what is not there."""
        said: dict[str, object] = {"kind": self.kind.value, "at": self.at.astimezone(UTC).isoformat()}
        if self.until is not None:
            said["until"] = self.until.astimezone(UTC).isoformat()
        for name in ("days", "rule", "amount", "basis", "why"):
            if (value := getattr(self, name)) is not None:
                said[name] = value
        return said

    @classmethod
    def from_json(cls, said: Mapping[str, object]) -> "Change":
        """What `as_json` gave."""
        until, days, amount, basis = (said.get(name) for name in ("until", "days", "amount", "basis"))
        return cls(
            kind=ChangeKind(str(said["kind"])),
            at=datetime.fromisoformat(str(said["at"])),
            until=datetime.fromisoformat(str(until)) if until is not None else None,
            days=int(str(days)) if days is not None else None,
            rule=str(said["rule"]) if "rule" in said else None,
            amount=int(str(amount)) if amount is not None else None,
            basis=Basis(str(basis)) if basis is not None else None,
            why=str(said["why"]) if "why" in said else None,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """A clock's whole history: the rule's span and start, and the changes in the order in which they were made."""

    rule: str
    span: Span
    started_at: datetime
    changes: tuple[Change, ...] = ()

    def with_change(self, change: Change) -> "Run":
        """The history with one change more."""
        return replace(self, changes=(*self.changes, change))


def changes_text(changes: Iterable[Change]) -> str:
    """The column `changes`."""
    return json.dumps([change.as_json() for change in changes], ensure_ascii=False, separators=(",", ":"))


def read_changes(text: str) -> tuple[Change, ...]:
    """What `changes_text` wrote."""
    if text == _UNCHANGED:
        return ()
    return tuple(Change.from_json(said) for said in json.loads(text))


@dataclass(frozen=True, kw_only=True, slots=True)
class Settled:
    """What of a history counts now: the start and the span that hold, and what moved the deadline since, in order."""

    started_at: datetime
    span: Span
    moves: tuple[Change, ...]


def settled(run: Run) -> Settled:
    """A restart forgets what was before it; a reclassification changes the span and nothing else."""
    started_at, span = run.started_at, run.span
    moves: list[Change] = []
    for change in run.changes:
        match change.kind:
            case ChangeKind.RESTART:
                started_at, span, moves = change.at, _span_of(change), []
            case ChangeKind.RECLASSIFY:
                span = _span_of(change)
            case ChangeKind.PAUSE | ChangeKind.EXTEND:
                moves.append(change)
            case ChangeKind.REASSIGN:
                pass
    return Settled(started_at=started_at, span=span, moves=tuple(moves))


def _span_of(change: Change) -> Span:
    if change.amount is None or change.basis is None:
        raise ValueError(f"a {change.kind} names its rule")
    return Span(amount=change.amount, basis=change.basis)


def due_of(run: Run, clock: WorkClock) -> datetime:
    """The deadline that a history leads to. Raises UnknownYear when the calendar lacks a year that it needs."""
    found = settled(run)
    due = clock.due(found.started_at, found.span)
    for move in found.moves:
        due = moved(due, move, found.span, clock)
    return due.astimezone(UTC)


def moved(due: datetime, move: Change, span: Span, clock: WorkClock) -> datetime:
    """The deadline `due`, counted by `span`, after a pause or an extension."""
    if move.kind is ChangeKind.PAUSE:
        return clock.after_pause(due, span.basis, Pause(begin=move.at, end=move.until))
    if move.kind is ChangeKind.EXTEND and move.days is not None:
        return clock.extend(due, Span(amount=move.days, basis=Basis.WORKING_DAYS))
    raise ValueError(f"{move.kind} moves no deadline")


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """A deadline, and whether it is provisional: the calendar of a year that it needs is not loaded (ruling 11)."""

    at: datetime
    provisional: bool


def due_or_provisional(run: Run, clock: WorkClock) -> Due:
    """The deadline of a history; a guess that says so where the calendar ends. Recording never fails for it."""
    try:
        return Due(at=due_of(run, clock), provisional=False)
    except UnknownYear:
        return Due(at=_guess(run), provisional=True)


def _guess(run: Run) -> datetime:
    found = settled(run)
    due = found.started_at + _roughly(found.span)
    for move in found.moves:
        if move.until is not None:
            due += move.until - move.at
        elif move.days is not None:
            due += _roughly(Span(amount=move.days, basis=Basis.WORKING_DAYS))
    return due.astimezone(UTC)


def _roughly(span: Span) -> timedelta:
    # Whole weeks for every five working days, and a day for office hours: never earlier than a plain count of Mondays
    # to Fridays, whose last day ends when the office closes.
    if span.basis is Basis.WORKING_DAYS:
        return timedelta(days=-(-span.amount // _WEEKDAYS) * _WEEK + 1)
    if span.basis.by_the_clock:
        return span.duration
    return timedelta(days=_WEEK) + span.duration


def rule_for(
    profile: Profile,
    level: Level,
    stage: Stage,
    *,
    request_type: str,
    urgency: str,
    channel: str,
    at: datetime,
) -> DeadlineRule:
    """The profile's rule for what begins at an instant."""
    return profile.deadline_rule(
        level,
        stage,
        request_type=request_type,
        urgency=Urgency(urgency),
        channel=channel,
        on=profile.clock.local_date(at),
    )

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


class ChangeKind(StrEnum):
    """What can happen to a running clock."""

    RESTART = "restart"
    PAUSE = "pause"
    EXTEND = "extend"
    REASSIGN = "reassign"


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """Something that happened to a clock at an instant.

    A restart from then by `rule`, a pause that ended `until`, an extension by working `days`, or a reassignment, which
    moves nothing but is told. `why` is a code.
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
    return tuple(Change.from_json(said) for said in json.loads(text))


def due_of(run: Run, clock: WorkClock) -> datetime:
    """The deadline that a history leads to. Raises UnknownYear when the calendar lacks a year that it needs."""
    span, due = run.span, clock.due(run.started_at, run.span)
    for change in run.changes:
        span, due = _changed(change, span, due, clock)
    return due.astimezone(UTC)


def _changed(change: Change, span: Span, due: datetime, clock: WorkClock) -> tuple[Span, datetime]:
    match change.kind:
        case ChangeKind.RESTART:
            if change.amount is None or change.basis is None:
                raise ValueError("a restart names its rule")
            span = Span(amount=change.amount, basis=change.basis)
            return span, clock.due(change.at, span)
        case ChangeKind.PAUSE:
            return span, clock.after_pause(due, span.basis, Pause(begin=change.at, end=change.until))
        case ChangeKind.EXTEND:
            if change.days is None:
                raise ValueError("an extension says by how many days")
            return span, clock.extend(due, Span(amount=change.days, basis=Basis.WORKING_DAYS))
        case ChangeKind.REASSIGN:
            return span, due


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
    span, due = run.span, run.started_at + _roughly(run.span)
    for change in run.changes:
        if change.kind is ChangeKind.RESTART and change.amount is not None and change.basis is not None:
            span = Span(amount=change.amount, basis=change.basis)
            due = change.at + _roughly(span)
        elif change.kind is ChangeKind.PAUSE and change.until is not None:
            due += change.until - change.at
        elif change.kind is ChangeKind.EXTEND and change.days is not None:
            due += _roughly(Span(amount=change.days, basis=Basis.WORKING_DAYS))
    return due.astimezone(UTC)


def _roughly(span: Span) -> timedelta:
    # Whole weeks for every five working days: never earlier than a plain Monday to Friday count.
    if span.basis is Basis.WORKING_DAYS:
        return timedelta(days=-(-span.amount // _WEEKDAYS) * _WEEK)
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

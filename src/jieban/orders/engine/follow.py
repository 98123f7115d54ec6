"""What follows from an act by itself: the order from its handlings, and the clocks from both."""

from collections.abc import Mapping
from datetime import datetime

from jieban.ledger.schema import Role as Part
from jieban.orders.clocks import (
    Change,
    ChangeKind,
    Run,
    changes_text,
    due_or_provisional,
    read_changes,
    rule_for,
    settled,
)
from jieban.orders.engine.step import Step
from jieban.orders.models import Clock, Handling
from jieban.orders.rungs import ladder_of, reached, still_raised
from jieban.orders.states import FOLLOWING, GONE, HandlingFacts, HandlingState, OrderState, follow
from jieban.profile.model import Level, Stage
from jieban.worktime import Basis, Span

WAITING_FOR_CITIZEN = "citizen"
"""Why a clock stands still."""

_DONE = {HandlingState.REPLIED, HandlingState.CLOSED}
_TIMED = frozenset({"state", "signed_at", "replied_at", "closed_at"})
"""Columns of orders and handlings from which clocks take whether and when they stop."""


def start_clock(step: Step, stage: Stage, handling: Handling | None, *, round_: int = 0) -> Clock:
    """A new clock from this instant, by the profile's rule for the order as it is classified now."""
    level = Level.ORDER if handling is None else Level.HANDLING
    rule = rule_for(
        step.profile,
        level,
        stage,
        request_type=step.order.request_type,
        urgency=step.order.urgency,
        channel=step.order.channel,
        at=step.at,
    )
    due = due_or_provisional(Run(rule=rule.id, span=rule.span, started_at=step.at), step.profile.clock)
    return step.add(
        Clock(
            order=step.order,
            handling=handling,
            level=level.value,
            stage=stage.value,
            round=round_,
            rule=rule.id,
            amount=rule.amount,
            basis=rule.basis.value,
            started_at=step.at,
            due_at=due.at,
            provisional=due.provisional,
        )
    )


def run_of(clock: Clock) -> Run:
    """A stored clock's history."""
    return Run(
        rule=clock.rule,
        span=Span(amount=clock.amount, basis=Basis(clock.basis)),
        started_at=clock.started_at,
        changes=read_changes(clock.changes),
    )


def change_clock(step: Step, clock: Clock, change: Change) -> None:
    """Add a change to a clock's history and move its deadline by it."""
    run = run_of(clock).with_change(change)
    move_deadline(step, clock, run)
    step.facts.setdefault("clocks", [])
    told = step.facts["clocks"]
    if isinstance(told, list):
        whose = f"handling:{clock.handling.serial}" if clock.handling is not None else "order"
        told.append([whose, clock.stage, clock.round, change.as_json()])


def move_deadline(step: Step, clock: Clock, run: Run) -> None:
    """Store a history and the deadline that it leads to; warnings of the old deadline that no longer hold are void."""
    due = due_or_provisional(run, step.profile.clock)
    ladder = ladder_of(step.profile.workflow, clock.level, clock.stage)
    steps = reached(ladder, started_at=settled(run).started_at, due=due.at, at=step.at)
    step.set(
        clock,
        changes=changes_text(run.changes),
        due_at=due.at,
        provisional=due.provisional,
        warned=still_raised(steps, ladder, clock.warned),
    )


def restart_order_clocks(step: Step, why: str) -> None:
    """The order's clocks run from now, by the rule that holds now: it was dispatched, or classified otherwise."""
    for clock in order_clocks(step):
        rule = rule_for(
            step.profile,
            Level.ORDER,
            Stage(clock.stage),
            request_type=step.order.request_type,
            urgency=step.order.urgency,
            channel=step.order.channel,
            at=step.at,
        )
        change = Change(
            kind=ChangeKind.RESTART, at=step.at, rule=rule.id, amount=rule.amount, basis=rule.basis, why=why
        )
        change_clock(step, clock, change)


def tell_reassigned(step: Step, why: str) -> None:
    """The order goes to another unit: its own close clock runs on, and says so."""
    for clock in order_clocks(step):
        if clock.stage == Stage.CLOSE:
            change_clock(step, clock, Change(kind=ChangeKind.REASSIGN, at=step.at, why=why))


def reclassify_clocks(step: Step, why: str) -> None:
    """Count every clock of the present round again from its own start, by the rule that holds now.

    From its own start: a new classification gives nobody time that had passed. What happened since is kept.
    """
    for clock in [*order_clocks(step), *(c for each in step.live for c in handling_clocks(step, each))]:
        rule = rule_for(
            step.profile,
            Level(clock.level),
            Stage(clock.stage),
            request_type=step.order.request_type,
            urgency=step.order.urgency,
            channel=step.order.channel,
            at=settled(run_of(clock)).started_at,
        )
        change = Change(
            kind=ChangeKind.RECLASSIFY,
            at=step.at,
            rule=rule.id,
            amount=rule.amount,
            basis=rule.basis,
            why=why,
        )
        change_clock(step, clock, change)


def order_clocks(step: Step) -> list[Clock]:
    """The order's clocks that run in its present round, one a stage."""
    return _latest([clock for clock in step.clocks if clock.handling is None])


def handling_clocks(step: Step, handling: Handling) -> list[Clock]:
    """A handling's clocks of its present round, one a stage."""
    return _latest([clock for clock in step.clocks if clock.handling is handling])


def _latest(clocks: list[Clock]) -> list[Clock]:
    found: dict[str, Clock] = {}
    for clock in clocks:
        if clock.stage not in found or found[clock.stage].round < clock.round:
            found[clock.stage] = clock
    return list(found.values())


def follow_up(step: Step) -> None:
    """Let the order's state and times follow from its handlings, and stop or start again the clocks of both."""
    order = step.order
    if OrderState(order.state) in FOLLOWING and (step.handlings or order.state != OrderState.RECORDED):
        found = follow(
            HandlingFacts(
                state=HandlingState(each.state),
                part=Part(each.part),
                signed_at=each.signed_at,
                closed_at=each.closed_at,
            )
            for each in step.handlings
        )
        step.set(order, state=found.state.value, signed_at=found.signed_at, closed_at=found.closed_at)
    if not any(isinstance(row, (Handling, Clock)) for row in step.new) and not any(
        _moves_clocks(name, columns) for name, columns in step.changed.items()
    ):
        return
    for handling in step.handlings:
        gone = HandlingState(handling.state) in GONE
        done = handling.replied_at if HandlingState(handling.state) in _DONE else None
        for clock in handling_clocks(step, handling):
            stopped = handling.signed_at if clock.stage == Stage.SIGN else done
            step.set(clock, stopped_at=stopped, dropped=gone and stopped is None)
            paused = clock.stage == Stage.CLOSE and handling.state == HandlingState.PAUSED
            _pause_or_resume(step, clock, paused=paused, owed=not gone)
    ended = OrderState(order.state) not in FOLLOWING
    waits = step.lead is not None and step.lead.state == HandlingState.PAUSED
    for clock in order_clocks(step):
        stopped = _not_before(clock, order.signed_at if clock.stage == Stage.SIGN else order.closed_at)
        step.set(clock, stopped_at=stopped, dropped=ended and stopped is None)
        paused = clock.stage == Stage.CLOSE and waits and not ended
        _pause_or_resume(step, clock, paused=paused, owed=not ended)


def _not_before(clock: Clock, done: datetime | None) -> datetime | None:
    """A clock that began once all was done (a reopened unit was relieved again) stops as it begins."""
    return None if done is None else max(done, settled(run_of(clock)).started_at)


def _moves_clocks(name: str, columns: Mapping[str, object]) -> bool:
    """Whether what an act changed in a row can stop, start, pause or drop a clock; else they needn't be read."""
    return name.startswith("clock:") or (
        name.startswith(("order", "handling:")) and not _TIMED.isdisjoint(columns)
    )


def _pause_or_resume(step: Step, clock: Clock, *, paused: bool, owed: bool) -> None:
    """A close clock stands still while its handling, or the order's lead, waits for the citizen.

    The pause of a clock that nobody owes any more is only forgotten: what is undone finds it as it was.
    """
    if paused == (clock.paused_at is not None):
        return
    if clock.paused_at is not None and owed:
        pause = Change(kind=ChangeKind.PAUSE, at=clock.paused_at, until=step.at, why=WAITING_FOR_CITIZEN)
        change_clock(step, clock, pause)
    step.set(clock, paused_at=step.at if paused else None)

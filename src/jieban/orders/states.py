"""The states of orders and handlings, and how an order's follows from its handlings'."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from jieban.kernel.i18n import Later, later
from jieban.ledger.schema import Role as Part


class OrderState(StrEnum):
    """Where an order stands. `HANDLED`: every unit has done its part; `CLOSED`: the centre has ended the case."""

    RECORDED = "recorded"
    DISPATCHED = "dispatched"
    HANDLING = "handling"
    HANDLED = "handled"
    CLOSED = "closed"
    REFUSED = "refused"
    MERGED = "merged"
    SPLIT = "split"
    ARCHIVED = "archived"


ORDER_STATE_NAMES: Mapping[OrderState, Later] = {
    OrderState.RECORDED: later("待派单"),
    OrderState.DISPATCHED: later("待签收"),
    OrderState.HANDLING: later("办理中"),
    OrderState.HANDLED: later("已办结"),
    OrderState.CLOSED: later("已结案"),
    OrderState.REFUSED: later("不予受理"),
    OrderState.MERGED: later("已并单"),
    OrderState.SPLIT: later("已拆单"),
    OrderState.ARCHIVED: later("已归档"),
}


class HandlingState(StrEnum):
    """Where a handling stands. Returned and recalled ones are over and count for nobody."""

    AWAITING = "awaiting"
    HANDLING = "handling"
    PAUSED = "paused"
    REPLIED = "replied"
    CLOSED = "closed"
    RETURNED = "returned"
    RECALLED = "recalled"


HANDLING_STATE_NAMES: Mapping[HandlingState, Later] = {
    HandlingState.AWAITING: later("待签收"),
    HandlingState.HANDLING: later("办理中"),
    HandlingState.PAUSED: later("待补充"),
    HandlingState.REPLIED: later("待审核"),
    HandlingState.CLOSED: later("已办结"),
    HandlingState.RETURNED: later("已退单"),
    HandlingState.RECALLED: later("已撤回"),
}


class RepeatBy(StrEnum):
    """Why an order is held to repeat an earlier one."""

    NAMED = "named"
    PERSON = "person"
    MATTER = "matter"


GONE = frozenset({HandlingState.RETURNED, HandlingState.RECALLED})
"""Handlings that are no longer anybody's."""

LIVE = frozenset(HandlingState) - GONE
OPEN = LIVE - {HandlingState.CLOSED}
"""Handlings on which a unit, or the review of its reply, is still due."""

FOLLOWING = frozenset({OrderState.RECORDED, OrderState.DISPATCHED, OrderState.HANDLING, OrderState.HANDLED})
"""Order states that follow from the handlings; all others are decided by an act of the centre."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HandlingFacts:
    """What of a handling settles the state of its order."""

    state: HandlingState
    part: Part
    signed_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Followed:
    """What an order takes over from its handlings (ruling 3)."""

    state: OrderState
    signed_at: datetime | None
    closed_at: datetime | None


def follow(handlings: Iterable[HandlingFacts]) -> Followed:
    """The order's state and times: signed when its lead has signed, closed when all handlings are closed."""
    live = [handling for handling in handlings if handling.state not in GONE]
    lead = next((handling for handling in live if handling.part is Part.LEAD), None)
    signed_at = lead.signed_at if lead is not None else None
    if not live:
        return Followed(state=OrderState.RECORDED, signed_at=None, closed_at=None)
    closed = [handling.closed_at for handling in live if handling.closed_at is not None]
    if lead is not None and len(closed) == len(live):
        return Followed(state=OrderState.HANDLED, signed_at=signed_at, closed_at=max(closed))
    state = OrderState.HANDLING if signed_at is not None else OrderState.DISPATCHED
    return Followed(state=state, signed_at=signed_at, closed_at=None)

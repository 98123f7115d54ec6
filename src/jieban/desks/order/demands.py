"""What the centre asked of those who handle an order and they haven't answered yet: why it came back, what presses."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from jieban.desks.order.said import Lines, Telling, lines_of
from jieban.desks.shell import words
from jieban.orders.states import OPEN, HandlingState
from jieban.orders.view import EventView, HandlingView
from jieban.people.acts import Act

_SENT_BACK: Final = frozenset({Act.REJECT_REVIEW.value, Act.REOPEN.value})
_PRESSED: Final = frozenset({Act.URGE.value, Act.SUPERVISE.value, Act.ESCALATE.value})
_AT_WORK: Final = frozenset(each.value for each in OPEN) - {HandlingState.REPLIED.value}


@dataclass(frozen=True, kw_only=True, slots=True)
class Demand:
    """An act by which the centre wants something of units, in words; `units` is empty where it is of all."""

    name: str
    units: tuple[str, ...]
    who: str
    at: datetime
    said: Lines


def demands_of(
    trail: Sequence[EventView], shown: Iterable[HandlingView], units: Mapping[int, str], told: Telling
) -> tuple[Demand, ...]:
    """The latest of each such act that somebody wrote words in and that a handling still owes an answer. No query."""
    waiting = {each.serial for each in shown if each.state in _AT_WORK}
    found: dict[tuple[str, frozenset[int]], Demand] = {}
    for event in reversed(trail):
        if event.act == Act.REPLY.value and event.handling is not None:
            waiting -= {event.handling}
        if not waiting:
            break
        meant = waiting & _meant(event, waiting)
        said = lines_of(told.written.get(event.seq, {}), {}, event.at) if meant else ()
        key = (event.act, frozenset(meant))
        if said and key not in found:
            found[key] = Demand(
                name=words.act(event.act),
                units=tuple(units[each] for each in sorted(meant)) if event.act in _SENT_BACK else (),
                who=told.names.get(event.actor, event.actor),
                at=event.at,
                said=said,
            )
    return tuple(found.values())


def _meant(event: EventView, waiting: Iterable[int]) -> frozenset[int]:
    """The handlings that an act wants something of."""
    if event.act in _PRESSED:
        return frozenset(waiting)
    if event.act not in _SENT_BACK:
        return frozenset()
    if event.handling is not None:
        return frozenset({event.handling})
    changed = event.data.get("changes", {})
    return frozenset(each for each in waiting if f"handling:{each}" in changed)

"""The trail of an order in words: who did what, and when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from jieban.desks.knowledge.articles.citing import Cited
from jieban.desks.order.said import Lines
from jieban.desks.shell import words
from jieban.orders.view import EventView
from jieban.people.roles import UNIT_ROLES


@dataclass(frozen=True, kw_only=True, slots=True)
class TrailLine:
    """An event in words: who did what, what that changed, what they wrote, and which articles that rests on.

    `unit` is whose part of the order it was about: `theirs` tells that who did it belongs there.
    `times`: so often in a row, where nothing tells one from the other.
    """

    at: datetime
    act: str
    who: str
    unit: str
    theirs: bool
    written: Lines
    cited: tuple[Cited, ...]
    times: int = 1


def folded(lines: Iterable[TrailLine]) -> tuple[TrailLine, ...]:
    """What somebody did several times over within a minute, as twenty pictures, stands there once."""
    found: list[TrailLine] = []
    for line in lines:
        last = found[-1] if found else None
        same = last is not None and replace(last, at=line.at, times=1) == line
        if last is not None and same and words.moment(last.at) == words.moment(line.at):
            found[-1] = replace(last, times=last.times + 1)
        else:
            found.append(line)
    return tuple(found)


def trail_line(
    event: EventView,
    units: Mapping[int, str],
    names: Mapping[str, str],
    written: Lines,
    *,
    cited: tuple[Cited, ...],
) -> TrailLine:
    """An event in words; `written` is what was said in it and changed by it."""
    return TrailLine(
        at=event.at,
        act=words.act(event.act),
        who=names.get(event.actor, event.actor),
        unit=units.get(event.handling, "") if event.handling is not None else "",
        theirs=event.data.get("facts", {}).get("role") in UNIT_ROLES,
        written=written,
        cited=cited,
    )

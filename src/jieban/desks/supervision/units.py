"""Units by what they owe: what is late, what will be within a day and two, what isn't signed for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from jieban.desks.queues.find import running
from jieban.desks.shell import words
from jieban.desks.supervision.queues import DAY, OPEN, TWO_DAYS, unsigned
from jieban.people.city import city
from jieban.profile.model import Level, Stage

COLUMNS = ("late", "day", "soon", "unsigned")
"""The ids of the queues that the numbers of a row open."""


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitRow:
    """A unit and how many of its handlings stand in each of the queues of `COLUMNS`."""

    code: str
    name: str
    group: str
    counts: Mapping[str, int]


def rows_by_unit(now: datetime) -> tuple[UnitRow, ...]:
    """The units that owe something, the worst first. Two queries."""
    clocks = running(Level.HANDLING, Stage.CLOSE).filter(handling__state__in=OPEN, due_at__lte=now + TWO_DAYS)
    ahead = Q(due_at__gt=now)
    counted = (
        clocks.order_by()
        .values("handling__unit")
        .annotate(
            late=Count("pk", filter=Q(due_at__lte=now)),
            day=Count("pk", filter=ahead & Q(due_at__lte=now + DAY)),
            soon=Count("pk", filter=ahead),
        )
    )
    counts: dict[str, dict[str, int]] = {}
    for each in counted:
        counts[each["handling__unit"]] = {name: each[name] for name in ("late", "day", "soon")}
    for unit, n in unsigned(now).order_by().values_list("handling__unit").annotate(n=Count("pk")):
        counts.setdefault(unit, {})["unsigned"] = n
    rows = [
        UnitRow(
            code=code,
            name=words.unit(code, now),
            group=_group(code),
            counts={name: found.get(name, 0) for name in COLUMNS},
        )
        for code, found in counts.items()
    ]
    return tuple(sorted(rows, key=lambda row: (*(-row.counts[name] for name in COLUMNS), row.code)))


def total_of(rows: tuple[UnitRow, ...]) -> Mapping[str, int]:
    """The sums of the columns."""
    return {name: sum(row.counts[name] for row in rows) for name in COLUMNS}


def _group(code: str) -> str:
    units = city().units
    return words.label("group", units[code].group) if code in units else ""

"""One's own lists, in words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.core.exceptions import PermissionDenied
from django.http import Http404

from jieban.desks.lists.keeping import open_address
from jieban.desks.lists.kinds import name_of
from jieban.desks.lists.make import KEPT
from jieban.desks.lists.models import Export
from jieban.desks.shell.visit import Visit
from jieban.desks.work.ask import Standing, standings
from jieban.desks.work.models import Job
from jieban.kernel.sealing import BadSeal

_SHOWN = 30


@dataclass(frozen=True, kw_only=True, slots=True)
class MineLine:
    """A list of one's own. `standing` is that of the work on it, None once it is ready or given up."""

    key: int
    name: str
    asked_at: datetime
    until: datetime
    done: int
    total: int | None
    size: int
    ready: bool
    cancelled: bool
    said: str
    standing: Standing | None = None

    @classmethod
    def of(cls, row: Export, visit: Visit, standing: Standing | None = None) -> Self | None:
        """The line of a row; None for a list that its owner may not have any more."""
        try:
            name = name_of(row.kind, open_address(row.address), visit.actor, visit.now)
        except (Http404, PermissionDenied, BadSeal):
            return None
        return cls(
            key=row.pk,
            name=name,
            asked_at=row.asked_at,
            until=row.asked_at + KEPT,
            done=row.done,
            total=row.total,
            size=row.size,
            ready=row.ready_at is not None,
            cancelled=row.cancelled_at is not None,
            said=row.said,
            standing=standing if row.ended_at is None else None,
        )

    @property
    def under_way(self) -> bool:
        """Whether it will come about by itself."""
        return self.standing is not None and self.standing.under_way

    @property
    def broken(self) -> bool:
        """Whether its process died."""
        return self.standing is not None and self.standing.broken


def lines_of(visit: Visit) -> tuple[MineLine, ...]:
    """The visitor's lists, the latest first. Two queries."""
    rows = list(Export.objects.filter(account=visit.account).order_by("-pk")[:_SHOWN])
    stand = standings(Job.EXPORT, [str(row.pk) for row in rows if row.ended_at is None], visit.now)
    lines = (MineLine.of(row, visit, stand.get(str(row.pk))) for row in rows)
    return tuple(line for line in lines if line is not None)

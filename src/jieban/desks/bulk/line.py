"""A line of the page of an act on several orders."""

from dataclasses import dataclass

from jieban.desks.bulk.picks import Pick
from jieban.desks.order.since import Since
from jieban.desks.queues.rows import Row
from jieban.kernel.errors import JiebanError


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """An order of the page: `told` is what would be or was done, `refused` why not.

    `others`: what was done to it after the preview, by whom and when. `kept`: into it the others are merged.
    """

    pick: Pick
    row: Row | None
    told: tuple[str, ...] = ()
    refused: JiebanError | None = None
    others: tuple[Since, ...] = ()
    kept: bool = False

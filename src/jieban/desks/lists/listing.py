"""The lists that can be had as workbooks: each found anew from its address, for whoever asks at that moment.

Codes stand in them in words, and what an order is about; nobody's name and no number to call. Whoever wants those reads
them one by one, each reading an act (`orders.actions.contacts`).
"""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, Final

from jieban.desks.lists.book import STEP
from jieban.desks.queues.queue import Entry
from jieban.desks.queues.rows import Row, rows_of
from jieban.desks.shell import words
from jieban.kernel.i18n import tr
from jieban.people.actor import Actor

Heads = Sequence[tuple[str, int]]
Cells = Sequence[str]
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NONE: Final = -1
_MICROSECOND: Final = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """A list: its columns with their widths, how many rows if that is known, and the rows, to be asked for once."""

    heads: Heads
    total: int | None
    rows: Callable[[], Iterator[Cells]]


class Keys:
    """Entries of a list in 24 bytes each, so that none is held as an object, and no cursor open while they are used."""

    def __init__(self, found: Iterable[tuple[int, int | None, datetime | None]]) -> None:
        self._orders, self._serials, self._instants = array("q"), array("q"), array("q")
        for order, serial, at in found:
            self._orders.append(order)
            self._serials.append(_NONE if serial is None else serial)
            self._instants.append(_NONE if at is None else (at - _EPOCH) // _MICROSECOND)

    def __len__(self) -> int:
        return len(self._orders)

    def __iter__(self) -> Iterator[Entry]:
        for order, serial, at in zip(self._orders, self._serials, self._instants, strict=True):
            yield Entry(
                order=order,
                handling=None if serial == _NONE else serial,
                at=None if at == _NONE else _EPOCH + at * _MICROSECOND,
            )


def pieces(entries: Iterable[Any]) -> Iterator[list[Any]]:
    """As many at once as a handful of statements fetches."""
    left = iter(entries)
    while piece := list(islice(left, STEP)):
        yield piece


def order_heads(instant: str | None) -> Heads:
    """The columns of a list of orders; `instant` names the one by which its queue is sorted, if it has one."""
    return (
        (tr("工单编号"), 22),
        (tr("受理时间"), 18),
        *([(instant, 18)] if instant is not None else []),
        (tr("状态"), 12),
        (tr("紧急程度"), 10),
        (tr("诉求类型"), 10),
        (tr("分类"), 20),
        (tr("街道"), 12),
        (tr("承办单位"), 28),
        (tr("标记"), 18),
        (tr("摘要"), 60),
    )


def order_rows(
    entries: Iterable[Entry], actor: Actor, now: datetime, *, instant: bool, due: bool = False
) -> Iterator[Cells]:
    """The rows of a list of orders, those that `actor` may see."""
    for piece in pieces(entries):
        for row in rows_of(piece, actor, now, due=due, unnamed=True):
            yield _cells(row, instant=instant)


def _cells(row: Row, *, instant: bool) -> Cells:
    at = row.due.at if row.due is not None else row.at
    return (
        row.number if row.handling is None else f"{row.number}-{row.handling}",
        words.moment(row.received_at),
        *([words.moment(at) if at is not None else ""] if instant else []),
        *(row.state, row.urgent, row.request_type, row.topic, row.street),
        *("、".join(row.units), "、".join(row.marks), row.summary),
    )

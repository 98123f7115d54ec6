"""What was found as a workbook: codes in words and what it is about, nobody's name and no number to call."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import xlsxwriter

from jieban.desks.queues.queue import Entry
from jieban.desks.queues.rows import Row, rows_of
from jieban.desks.shell import words
from jieban.kernel.i18n import tr
from jieban.orders.search.box import Sought
from jieban.orders.search.find import Hit, all_orders
from jieban.people.actor import Actor

MOST_ROWS = 10_000
"""Orders of a workbook that a page waits for."""
_AT_ONCE = 500
_PIECE = 1 << 16
_WIDTHS = (22, 18, 12, 10, 20, 12, 28, 60)


def workbook(actor: Actor, sought: Sought, now: datetime) -> Iterator[bytes]:
    """The workbook of what `actor` finds, piece by piece; the file is gone afterwards, wherever it was left off."""
    with TemporaryDirectory(prefix="jieban-list-") as place:
        path = Path(place) / "list.xlsx"
        write(path, actor, sought, now)
        with path.open("rb") as opened:
            while piece := opened.read(_PIECE):
                yield piece


def write(path: Path, actor: Actor, sought: Sought, now: datetime) -> int:
    """Write the workbook, row by row, and give how many orders stand in it: the first `MOST_ROWS`."""
    # What somebody wrote stays a text, whatever it begins with.
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    count = 0
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet, head = book.add_worksheet(tr("工单")), book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        for place, width in enumerate(_WIDTHS):
            sheet.set_column(place, place, width)
        sheet.write_row(0, 0, _heads(), head)
        found = islice(all_orders(actor, sought), MOST_ROWS)
        while hits := list(islice(found, _AT_ONCE)):
            for row, received_at in _rows(hits, actor, now):
                count += 1
                for place, text in enumerate(_cells(row, received_at)):
                    sheet.write_string(count, place, text)
        if count == MOST_ROWS:
            sheet.write_string(count + 1, 0, tr("只列出最近受理的 {n} 件,请缩小查询范围。", n=MOST_ROWS))
    return count


def _heads() -> Sequence[str]:
    return (
        *(tr("工单编号"), tr("受理时间"), tr("状态"), tr("诉求类型")),
        *(tr("主题"), tr("街道"), tr("承办单位"), tr("摘要")),
    )


def _rows(hits: Sequence[Hit], actor: Actor, now: datetime) -> Iterator[tuple[Row, datetime]]:
    entries = [Entry(order=hit.order, handling=None, at=hit.received_at) for hit in hits]
    at = {hit.order: hit.received_at for hit in hits}
    for row in rows_of(entries, actor, now, due=False):
        yield row, at[row.key]


def _cells(row: Row, received_at: datetime) -> Sequence[str]:
    return (
        *(row.number, words.moment(received_at), row.state, row.request_type),
        *(row.topic, row.street, "、".join(row.units), row.summary),
    )

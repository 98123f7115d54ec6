"""One way in: any file that is a ledger's, as raw sheets."""

from pathlib import Path

import numpy as np

from jieban.kernel.errors import Where
from jieban.kernel.i18n import tr
from jieban.ledger.doors.sniff import kind_of
from jieban.ledger.doors.text import read_text
from jieban.ledger.doors.workbook import DEFAULT_LIMITS, Limits, read_workbook
from jieban.ledger.doors.zipscan import WorkbookScan
from jieban.ledger.errors import EmptyRows
from jieban.ledger.raw import FileKind, RawBook, filled_rows

MOST_EMPTY_ROWS = 500_000
"""Rows that hold nothing, in all of a file. Deleting a few is nobody's work; half a million are a mistake."""


def open_raw(path: Path, limits: Limits = DEFAULT_LIMITS) -> RawBook:
    """The sheets of the workbook or text at `path`. Raises BadFile, with what to do, for everything else."""
    kind = kind_of(path)
    scan = None
    if kind is FileKind.CSV:
        book = read_text(path)
    elif kind is FileKind.XLSX:
        scan = WorkbookScan(path)
        scan.look()
        # The child's limits hold whatever the rest of the scan will find, so the two needn't wait for each other.
        book = read_workbook(path, kind, limits, meanwhile=scan.look_closely)
    else:
        book = read_workbook(path, kind, limits)
    _refuse_empty_rows(book, listed=0 if scan is None else scan.rows)
    return book


def _refuse_empty_rows(book: RawBook, *, listed: int) -> None:
    heights = [sheet.height for sheet in book.sheets]
    if max(sum(heights), listed) <= MOST_EMPTY_ROWS:
        return
    filled = [int(np.count_nonzero(filled_rows(sheet.columns, sheet.height))) for sheet in book.sheets]
    empty = max(sum(heights), listed) - sum(filled)
    if empty > MOST_EMPTY_ROWS:
        raise EmptyRows(
            tr("有 {empty} 行是空行,只有 {filled} 行有内容。", empty=empty, filled=sum(filled)),
            where=Where(file=book.path.name),
            fix=tr("请选中数据以下的所有行,删除整行后另存。"),
        )

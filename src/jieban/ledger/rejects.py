"""The workbook of rejected rows: each as it was read, the reason beside the cell."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from jieban.kernel.i18n import tr
from jieban.ledger.faultlist import Fault
from jieban.ledger.faults import meaning
from jieban.ledger.read import Reading
from jieban.ledger.reading.log import REJECTED
from jieban.ledger.reading.source import Source
from jieban.ledger.writing.book import workbook
from jieban.ledger.writing.safe import LONGEST_CELL, MOST_ROWS, STREAMED_ROWS, is_formula_like
from jieban.profile.model import Policy

_MADE = datetime(1980, 1, 1, tzinfo=UTC)
_NAME = re.compile(r"[\[\]:*?/\\]")
_LONGEST_NAME = 31
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's wall time


def write_rejects(reading: Reading, path: Path, *, most_rows: int = MOST_ROWS) -> int:
    """Write every rejected row to the workbook at `path`, one sheet a source sheet; how many there are.

    More than the `most_rows` of a sheet go on in further sheets. With none there is no file. The headings are
    the source's own, so that a corrected sheet can be read again.
    """
    rejected = np.flatnonzero(reading.log.status == REJECTED)
    if not len(rejected):
        return 0
    faults: dict[int, list[Fault]] = {}
    for gid, fault in reading.faults.of_rows(rejected):
        faults.setdefault(gid, []).append(fault)
    path.parent.mkdir(parents=True, exist_ok=True)
    streamed = len(rejected) > STREAMED_ROWS
    options = {"constant_memory": streamed, "strings_to_formulas": False, "strings_to_urls": False}
    with workbook(path, options) as book:
        book.set_properties({"created": _MADE})
        names: set[str] = set()
        _write_summary(book, reading, names)
        for source in reading.places.sources:
            own = [gid for gid in source.gids.tolist() if gid in faults]
            for first in range(0, len(own), most_rows):
                _Sheet(book, source, names).write(own[first : first + most_rows], faults)
    return len(rejected)


def _write_summary(book: Any, reading: Reading, names: set[str]) -> None:
    sheet = book.add_worksheet(_unique(tr("汇总"), names))
    bold = book.add_format({"bold": True})
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 60)
    for place, word in enumerate((tr("问题代码"), tr("含义"), tr("处理"), tr("处数"))):
        sheet.write_string(0, place, word, bold)
    treated = {
        Policy.REJECT: tr("拒收"),
        Policy.FLAG: tr("接收并标记存疑"),
        Policy.LEAVE_OUT: tr("按规则不计"),
    }
    for row, ((code, policy), count) in enumerate(reading.faults.counts().items(), start=1):
        sheet.write_string(row, 0, code)
        sheet.write_string(row, 1, meaning(code))
        sheet.write_string(row, 2, treated[policy])
        sheet.write_number(row, 3, count)


def _unique(name: str, names: set[str]) -> str:
    """A name that a worksheet may have and none has yet (names are the same whatever their case)."""
    base = _NAME.sub("_", name).strip("'")[:_LONGEST_NAME] or "_"
    found, number = base, 2
    while found.casefold() in names:
        ending = f"({number})"
        found, number = base[: _LONGEST_NAME - len(ending)] + ending, number + 1
    names.add(found.casefold())
    return found


class _Sheet:
    """One source sheet's rejected rows."""

    def __init__(self, book: Any, source: Source, names: set[str]) -> None:
        self.source = source
        self.sheet = book.add_worksheet(_unique(source.sheet.name, names))
        self.bold = book.add_format({"bold": True, "bg_color": "#DDEBF7"})
        self.reason = book.add_format({"font_color": "#C00000", "text_wrap": True, "valign": "top"})
        self.wrong = book.add_format({"bg_color": "#FFC7CE"})
        self.plain = book.add_format({"quote_prefix": True})
        date = {"num_format": "yyyy-mm-dd hh:mm:ss"}
        self.date = book.add_format(date)
        self.wrong_date = book.add_format({**date, "bg_color": "#FFC7CE"})

    def write(self, gids: list[int], faults: dict[int, list[Fault]]) -> None:
        """Write the rows; a column in which something is wrong is followed by one that says what."""
        at_fault = {fault.heading for gid in gids for fault in faults[gid]}
        layout = list(self._layout(at_fault))
        self.sheet.write_string(0, 0, tr("来源行号"), self.bold)
        self.sheet.write_string(0, 1, tr("拒收原因"), self.bold)
        self.sheet.set_column(1, 1, 50)
        self.sheet.freeze_panes(1, 2)
        for place, (heading, column) in enumerate(layout, start=2):
            title = heading if column is not None else tr("“{heading}”的问题", heading=heading)
            self.sheet.write_string(0, place, title, self.bold)
            if column is None:
                self.sheet.set_column(place, place, 36)
        first = int(self.source.gids[0])
        columns = [self.source.sheet.filled_down(place) for place in range(len(self.source.names))]
        for line, gid in enumerate(gids, start=1):
            row = int(self.source.rows[gid - first])
            self.sheet.write_number(line, 0, row + 1)
            reasons = dict.fromkeys(fault.message for fault in faults[gid])
            self.sheet.write_string(line, 1, "\n".join(reasons)[:LONGEST_CELL], self.reason)
            by_heading: dict[str, list[str]] = {}
            for fault in faults[gid]:
                by_heading.setdefault(fault.heading, []).append(fault.message)
            for place, (heading, column) in enumerate(layout, start=2):
                if column is None and heading in by_heading:
                    self.sheet.write_string(line, place, "\n".join(by_heading[heading]), self.reason)
                elif column is not None:
                    self._cell(line, place, columns[column].value(row), wrong=heading in by_heading)

    def _layout(self, at_fault: set[str]) -> Iterator[tuple[str, int | None]]:
        for column, name in enumerate(self.source.names):
            yield name, column
            if name in at_fault:
                yield name, None

    def _cell(self, line: int, place: int, value: Any, *, wrong: bool) -> None:
        form = self.wrong if wrong else None
        match value:
            case None:
                self.sheet.write_blank(line, place, None, form)
            case bool():
                self.sheet.write_boolean(line, place, value, form)
            case datetime():
                serial = (value - _EPOCH).total_seconds() / 86_400
                self.sheet.write_number(line, place, serial, self.wrong_date if wrong else self.date)
            case str():
                text = value[:LONGEST_CELL]
                self.sheet.write_string(
                    line, place, text, form or (self.plain if is_formula_like(text) else None)
                )
            case _:
                self.sheet.write_number(line, place, value, form)

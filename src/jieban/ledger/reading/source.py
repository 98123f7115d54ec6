"""One sheet on its way in: its mapping, its body rows, and which of them are no data."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from jieban.kernel.errors import Where
from jieban.kernel.i18n import listed, tr
from jieban.ledger.arrow import Bools, Ints, bools, distinct, pa, pc, positions, valid
from jieban.ledger.errors import BadMapping
from jieban.ledger.mapping.headings import heading_names
from jieban.ledger.mapping.model import LeaveOut, SheetMapping
from jieban.ledger.raw import RawColumn, RawSheet, filled_rows, show
from jieban.ledger.reading.log import RowLog
from jieban.ledger.reading.signatures import signature_rows
from jieban.ledger.values.text import clean, squeeze

_TOTAL = re.compile(
    r"(本页|本月|全部|总)?(合计|总计|小计|共计|总和|累计|总数|total|subtotal|grandtotal)([::(].*|[0-9]+(件|条|个)?)?"
)
_MAYBE_TOTAL = r"[合总小共累]\s*计|总\s*[和数]|(?i:total)"
_LONGEST_TOTAL = 30
_MOST_TOTALS = 5_000
"""Rows without a key that are asked, from the bottom; with more of them the sheet is no ledger."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """A sheet with its mapping. `rows` are the body's rows (from 0, as in the sheet), `gids` their log numbers."""

    index: int
    path: Path
    sheet: RawSheet
    mapping: SheetMapping
    names: tuple[str, ...]
    rows: Ints
    gids: Ints
    _places: dict[str, int] = field(init=False, default_factory=dict)

    @property
    def where(self) -> Where:
        """The sheet's place."""
        return Where(file=self.path.name, sheet=self.sheet.name)

    @property
    def heading_rows(self) -> range:
        """The rows of headings (from 0, as in the sheet)."""
        first = self.mapping.heading_row - 1
        return range(first, min(first + self.mapping.heading_rows, self.sheet.height))

    def place(self, heading: str) -> int | None:
        """The column that bears a heading, None if none does."""
        if not self._places:
            self._places.update(
                {squeeze(name): place for place, name in reversed(list(enumerate(self.names)))}
            )
        return self._places.get(squeeze(heading))

    def cells(self, heading: str, rows: Ints) -> RawColumn:
        """The cells under a heading in `rows` (of the sheet), merged cells filled down. Raises BadMapping."""
        place = self.place(heading)
        if place is None:
            raise BadMapping(
                tr("对照中的列“{heading}”在表中不存在。", heading=heading),
                where=self.where,
                fix=tr("表中的列有:{names}。", names=listed(self.names)),
            )
        return self.sheet.filled_down(place).take(rows)


def open_source(index: int, path: Path, sheet: RawSheet, mapping: SheetMapping, log: RowLog) -> Source:
    """The sheet's body rows, numbered in the log; rows that hold no data are left out there by named rules."""
    start = min(mapping.heading_row + mapping.heading_rows - 1, sheet.height)
    names = heading_names(sheet, mapping.heading_row, mapping.heading_rows) if sheet.height else ()
    rows = np.arange(start, sheet.height, dtype=np.int64)
    source = Source(
        index=index,
        path=path,
        sheet=sheet,
        mapping=mapping,
        names=names,
        rows=rows,
        gids=log.grow(len(rows)),
    )
    if mapping.table is None:
        log.leave_out(source.gids, mapping.reason or tr("工作表未列入对照"))
        return source
    _leave_out_no_data(source, log)
    for rule in mapping.leave_out:
        log.leave_out(source.gids[_matching(source, rule)], rule.reason)
    return source


def _leave_out_no_data(source: Source, log: RowLog) -> None:
    start = source.sheet.height - len(source.rows)
    filled = filled_rows(source.sheet.columns, source.sheet.height)[start:]
    log.leave_out(source.gids[~filled], tr("空行"))
    totals = [row - start for row in _total_rows(source, start, filled)]
    log.leave_out(source.gids[totals], tr("合计行"))
    repeated = [row - start for row in _repeated_headings(source, start)]
    log.leave_out(source.gids[repeated], tr("重复的标题行"))
    signed = signature_rows(source.sheet, source.rows, log.open(source.gids))
    log.leave_out(source.gids[[row - start for row in signed]], tr("落款行"))
    mapped = [place for name in source.mapping.columns if (place := source.place(name)) is not None]
    useful = filled_rows([source.sheet.columns[place] for place in mapped], source.sheet.height)[start:]
    log.leave_out(source.gids[~useful], tr("各列均为空的行"))


def _rows_with(column: RawColumn, start: int, hit: Callable[[Any], Any]) -> list[int]:
    """The rows from `start` on whose text is a hit; `hit` takes and gives Arrow arrays."""
    if column.text is None:
        return []
    return [int(row) + start for row in positions(bools(hit(column.text.slice(start))))]


def _total_rows(source: Source, start: int, filled: Bools) -> list[int]:
    """Rows whose first filled cell says that they are a total.

    Rows with a key are asked only if it, or the leftmost cell, is that word: a count may stand under the key.
    """
    place = _key_place(source)
    columns = source.sheet.columns if place is None else [source.sheet.columns[at] for at in {0, place}]
    asked = {row for column in columns for row in _rows_with(column, start, _maybe_total)}
    if place is not None:
        keyless = positions(filled & ~source.sheet.columns[place].filled[start:]) + start
        asked |= set(keyless[-_MOST_TOTALS:].tolist())
    return [row for row in sorted(asked) if _is_total(source.sheet, row)]


def _key_place(source: Source) -> int | None:
    """The column of the number by which the sheet tells its rows apart."""
    keys = (
        name for name, targets in source.mapping.columns.items() if any(t.endswith("_no") for t in targets)
    )
    return source.place(next(keys, ""))


def _maybe_total(text: Any) -> Any:
    return pc.and_(
        pc.less(pc.utf8_length(text), _LONGEST_TOTAL), pc.match_substring_regex(text, _MAYBE_TOTAL)
    )


def _is_total(sheet: RawSheet, row: int) -> bool:
    first = next((cell for column in sheet.columns if (cell := show(column.value(row)).strip())), "")
    return len(first) < _LONGEST_TOTAL and _TOTAL.fullmatch(squeeze(first)) is not None


def _repeated_headings(source: Source, start: int) -> list[int]:
    """Rows that say the headings again, as printed pages do."""
    parts = [{squeeze(part) for part in name.partition("#")[0].split("/")} for name in source.names]
    key = next((place for name in source.mapping.columns if (place := source.place(name)) is not None), None)
    if key is None:
        return []
    found = []
    own = pa.array([show(source.sheet.columns[key].value(row)) for row in source.heading_rows], pa.string())
    for row in _rows_with(source.sheet.columns[key], start, lambda text: pc.is_in(text, value_set=own)):
        cells = [squeeze(cell) for cell in source.sheet.row(row)]
        same = sum(cell in part for cell, part in zip(cells, parts, strict=True) if cell)
        if same * 2 > sum(map(bool, cells)):
            found.append(row)
    return found


def _matching(source: Source, rule: LeaveOut) -> Ints:
    text = clean(source.cells(rule.column, source.rows).as_text())
    found = np.zeros(len(source.rows), dtype=bool)
    if rule.empty:
        found |= ~valid(text)
    words, which = distinct(text)
    wanted = {squeeze(word) for word in rule.equals}
    pattern = None if rule.matches is None else re.compile(rule.matches)
    hits = [
        index
        for index, word in enumerate(words)
        if squeeze(word) in wanted or (pattern is not None and pattern.search(word))
    ]
    return positions(found | np.isin(which, hits))

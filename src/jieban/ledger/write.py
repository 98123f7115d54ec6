"""Writing the ledger: xlsx and csv for people, Parquet (`parquet.py`) for programs."""

import csv
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from jieban.ledger.arrow import NO_INSTANT, one, pa, pc, seconds_of
from jieban.ledger.parquet import read_parquet, write_parquet
from jieban.ledger.schema import TABLES, Kind, Ledger, TableSchema
from jieban.ledger.values.zones import to_wall
from jieban.ledger.writing.book import workbook
from jieban.ledger.writing.safe import STREAMED_ROWS, escaped, is_formula_like, refuse_long, refuse_many
from jieban.ledger.writing.words import in_words, unclear
from jieban.profile.city import Profile

__all__ = ["read_parquet", "write_csv", "write_parquet", "write_xlsx"]

_DAY = 86_400
_SERIAL_EPOCH = 25_569
_MADE = datetime(1980, 1, 1, tzinfo=UTC)
"""Workbooks with the same contents have the same bytes, so no time of making."""

Progress = Callable[[str, int, int], None]


def write_csv(ledger: Ledger, profile: Profile, directory: Path) -> tuple[Path, ...]:
    """One csv a table (UTF-8 with BOM, so that Excel knows), named for the table; the files written."""
    directory.mkdir(parents=True, exist_ok=True)
    written = []
    for schema in TABLES:
        columns = _in_words(schema, ledger, profile)
        texts = [_csv_texts(columns[column.name]) for column in schema.columns]
        path = directory / f"{schema.heading}.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([column.heading for column in schema.columns])
            writer.writerows(zip(*texts, strict=True))
        written.append(path)
    return tuple(written)


def _in_words(schema: TableSchema, ledger: Ledger, profile: Profile) -> dict[str, Any]:
    table = ledger.tables()[schema.name]
    return in_words(schema, {name: one(table[name]) for name in table.column_names}, profile)


def _csv_texts(values: Any) -> list[str]:
    texts: list[str] = pc.fill_null(escaped(values.cast(pa.string())), "").to_pylist()
    return texts


def write_xlsx(ledger: Ledger, profile: Profile, path: Path, *, progress: Progress | None = None) -> Path:
    """One workbook with one sheet a table. Raises DoesNotFit for what a worksheet can't hold."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = max(table.num_rows for table in ledger.tables().values())
    options = {
        "constant_memory": rows > STREAMED_ROWS,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    with workbook(path, options) as book:
        book.set_properties({"created": _MADE})
        for schema in TABLES:
            refuse_many(ledger.tables()[schema.name].num_rows, schema.heading)
            _write_sheet(book, schema, ledger, profile, progress)
    return path


def _write_sheet(
    book: Any, schema: TableSchema, ledger: Ledger, profile: Profile, progress: Progress | None
) -> None:
    sheet = book.add_worksheet(schema.heading)
    heading = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1, "text_wrap": True})
    instant = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    protected = book.add_format({"quote_prefix": True})
    sheet.freeze_panes(1, 1)
    for place, column in enumerate(schema.columns):
        sheet.set_column(place, place, _width(column.kind))
        sheet.write_string(0, place, column.heading, heading)
    table = ledger.tables()[schema.name]
    words = _in_words(schema, ledger, profile)
    cells = []
    for column in schema.columns:
        if column.kind is Kind.INSTANT:
            cells.append(_serials(one(table[column.name]), words[column.name], profile))
            continue
        if column.kind is Kind.TEXT:
            refuse_long(words[column.name], column.heading)
        cells.append(words[column.name].to_pylist())
    for row, values in enumerate(zip(*cells, strict=True), start=1):
        if progress is not None and row % STREAMED_ROWS == 0:
            progress(schema.heading, row, table.num_rows)
        for place, value in enumerate(values):
            if value is None:
                continue
            if isinstance(value, str):
                # Cells that look like formulas stay text even when somebody edits them.
                sheet.write_string(row, place, value, protected if is_formula_like(value) else None)
            else:
                sheet.write_number(row, place, value, instant if isinstance(value, float) else None)


def _width(kind: Kind) -> int:
    return {Kind.INSTANT: 19, Kind.TEXT: 22, Kind.CODE: 14}.get(kind, 10)


def _serials(values: Any, texts: Any, profile: Profile) -> list[float | str | None]:
    """Spreadsheet dates in local time; text with the offset where local time alone would be unclear."""
    seconds = seconds_of(values)
    wall = to_wall(seconds, profile.clock.tz)
    numbers: list[float | str | None] = (wall / _DAY + _SERIAL_EPOCH).tolist()
    for row in np.flatnonzero(wall == NO_INSTANT).tolist():
        numbers[row] = None
    for row in np.flatnonzero(unclear(seconds, wall, profile)).tolist():
        numbers[row] = texts[row].as_py()
    return numbers

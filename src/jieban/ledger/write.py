"""Writing the ledger: xlsx and csv for people, Parquet (`parquet.py`) for programs.

A ledger in memory is written from there; one that is stored, a piece at a time.
"""

import csv
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from jieban.ledger.arrow import NO_INSTANT, Table, one, pa, pc, seconds_of
from jieban.ledger.parquet import Stored, read_parquet, write_parquet
from jieban.ledger.schema import TABLES, Kind, Ledger, TableSchema
from jieban.ledger.values.zones import to_wall
from jieban.ledger.writing.book import workbook
from jieban.ledger.writing.safe import STREAMED_ROWS, escaped, is_formula_like, refuse_long, refuse_many
from jieban.ledger.writing.words import in_words, unclear
from jieban.profile.city import Profile

__all__ = ["Stored", "read_parquet", "write_csv", "write_parquet", "write_xlsx"]

_DAY = 86_400
_SERIAL_EPOCH = 25_569
_MADE = datetime(1980, 1, 1, tzinfo=UTC)
"""Workbooks with the same contents have the same bytes, so no time of making."""

_TOLD = 10_000
"""Rows between two tellings of how far it is."""

Progress = Callable[[str, int, int], None]


def _rows(ledger: Ledger | Stored, name: str) -> int:
    if isinstance(ledger, Stored):
        return ledger.rows(name)
    found: int = ledger.tables()[name].num_rows
    return found


def _pieces(ledger: Ledger | Stored, schema: TableSchema) -> Iterator[Table]:
    if isinstance(ledger, Stored):
        yield from ledger.pieces(schema)
    else:
        yield ledger.tables()[schema.name]


def write_csv(
    ledger: Ledger | Stored, profile: Profile, directory: Path, *, progress: Progress | None = None
) -> tuple[Path, ...]:
    """One csv a table (UTF-8 with BOM, so that Excel knows), named for the table; the files written."""
    directory.mkdir(parents=True, exist_ok=True)
    written = []
    for schema in TABLES:
        path, rows, done = directory / f"{schema.heading}.csv", _rows(ledger, schema.name), 0
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([column.heading for column in schema.columns])
            for piece in _pieces(ledger, schema):
                columns = _in_words(schema, piece, profile)
                texts = [_csv_texts(columns[column.name]) for column in schema.columns]
                writer.writerows(zip(*texts, strict=True))
                done += piece.num_rows
                if progress is not None:
                    progress(schema.heading, done, rows)
        written.append(path)
    return tuple(written)


def _in_words(schema: TableSchema, table: Table, profile: Profile) -> dict[str, Any]:
    return in_words(schema, {name: one(table[name]) for name in table.column_names}, profile)


def _csv_texts(values: Any) -> list[str]:
    texts: list[str] = pc.fill_null(escaped(values.cast(pa.string())), "").to_pylist()
    return texts


def write_xlsx(
    ledger: Ledger | Stored, profile: Profile, path: Path, *, progress: Progress | None = None
) -> Path:
    """One workbook with one sheet a table. Raises DoesNotFit for what a worksheet can't hold."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = {schema.name: _rows(ledger, schema.name) for schema in TABLES}
    options = {
        "constant_memory": max(rows.values()) > STREAMED_ROWS,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    for schema in TABLES:
        refuse_many(rows[schema.name], schema.heading)
    with workbook(path, options) as book:
        book.set_properties({"created": _MADE})
        for schema in TABLES:
            _write_sheet(book, schema, ledger, profile, progress)
    return path


def _write_sheet(
    book: Any, schema: TableSchema, ledger: Ledger | Stored, profile: Profile, progress: Progress | None
) -> None:
    sheet = book.add_worksheet(schema.heading)
    heading = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1, "text_wrap": True})
    instant = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    protected = book.add_format({"quote_prefix": True})
    sheet.freeze_panes(1, 1)
    for place, column in enumerate(schema.columns):
        sheet.set_column(place, place, _width(column.kind))
        sheet.write_string(0, place, column.heading, heading)
    rows, done = _rows(ledger, schema.name), 0
    for piece in _pieces(ledger, schema):
        for values in zip(*_cells(schema, piece, profile), strict=True):
            done += 1
            if progress is not None and done % _TOLD == 0:
                progress(schema.heading, done, rows)
            for place, value in enumerate(values):
                if value is None:
                    continue
                if isinstance(value, str):
                    # Cells that look like formulas stay text even when somebody edits them.
                    sheet.write_string(done, place, value, protected if is_formula_like(value) else None)
                else:
                    sheet.write_number(done, place, value, instant if isinstance(value, float) else None)


def _cells(schema: TableSchema, table: Table, profile: Profile) -> list[list[Any]]:
    """The values of each column, as a sheet takes them. Raises DoesNotFit."""
    words = _in_words(schema, table, profile)
    cells: list[list[Any]] = []
    for column in schema.columns:
        if column.kind is Kind.INSTANT:
            cells.append(_serials(one(table[column.name]), words[column.name], profile))
            continue
        if column.kind is Kind.TEXT:
            refuse_long(words[column.name], column.heading)
        cells.append(words[column.name].to_pylist())
    return cells


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

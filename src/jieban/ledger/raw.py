"""Sheets as they were read: every cell with the type the file gave it, nothing interpreted yet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import numpy as np

from jieban.ledger.arrow import Array, Bools, Ints, ints, pa, pc, valid

Cell = str | float | datetime | bool | None

EXACT_NUMBERS = 10**15
"""Spreadsheets keep 15 digits of a number; what is not below this has lost its last digits."""

_NO_IDENTIFIER = 1e30


class FileKind(StrEnum):
    """What a file is by its content."""

    XLSX = "xlsx"
    XLS = "xls"
    CSV = "csv"
    PARQUET = "parquet"


def show(value: Cell) -> str:
    """A raw cell's value as text for a reader: whole numbers without a point, instants as `2025-04-01 09:30:00`."""
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case str():
            return value
        case datetime():
            return value.isoformat(sep=" ", timespec="seconds")
        case _:
            return f"{value:.0f}" if value.is_integer() and abs(value) < _NO_IDENTIFIER else repr(value)


@dataclass(frozen=True, kw_only=True, slots=True)
class RawColumn:
    """One column's cells by the type the file gave them; a cell is filled in at most one of the arrays.

    `text` never holds the empty string. `number` holds spreadsheet numbers (binary floats). `instant` is wall time
    without a zone, in microseconds.
    """

    length: int
    text: Array | None = None
    number: Array | None = None
    instant: Array | None = None
    flag: Array | None = None

    def parts(self) -> Iterator[tuple[str, Array]]:
        """The arrays that hold anything, by name."""
        for name in ("text", "number", "instant", "flag"):
            part = getattr(self, name)
            if part is not None and part.null_count < len(part):
                yield name, part

    def take(self, rows: Ints) -> "RawColumn":
        """The cells of `rows` (positions from 0), in that order; without a copy where they follow each other."""
        if len(rows) and int(rows[-1]) - int(rows[0]) + 1 == len(rows) and (np.diff(rows) == 1).all():
            first, count = int(rows[0]), len(rows)
            return RawColumn(length=count, **{name: part.slice(first, count) for name, part in self.parts()})
        indices = pa.array(rows)
        return RawColumn(length=len(rows), **{name: part.take(indices) for name, part in self.parts()})

    @property
    def filled(self) -> Bools:
        """Which cells hold something."""
        found = np.zeros(self.length, dtype=bool)
        for _, part in self.parts():
            found |= valid(part)
        return found

    def value(self, row: int) -> Cell:
        """The cell at `row` as Python sees it."""
        for _, part in self.parts():
            cell = part[row]
            if cell.is_valid:
                value: Cell = cell.as_py()
                return value
        return None

    def codes(self) -> Ints:
        """A number for each distinct cell, -1 for empty ones."""
        found = np.full(self.length, -1, dtype=np.int64)
        for _, part in self.parts():
            which = ints(part.dictionary_encode().indices, -1)
            found = np.where(which < 0, found, which + found.max(initial=-1) + 1)
        return found

    def as_text(self) -> Array:
        """All cells as text, null where empty."""
        arrays = [part if name == "text" else _show_all(part) for name, part in self.parts()]
        if not arrays:
            return _no_text(self.length)
        text: Array = arrays[0] if len(arrays) == 1 else pc.coalesce(*arrays)
        return text


def _no_text(length: int) -> Array:
    nulls: Array = pa.nulls(length, pa.string())
    return nulls


def _show_all(array: Array) -> Array:
    encoded = array.dictionary_encode()
    shown: Array = pa.array([show(value) for value in encoded.dictionary.to_pylist()], pa.string())
    return shown.take(encoded.indices)


@dataclass(frozen=True, kw_only=True, slots=True)
class Range:
    """A range of cells, counted from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, kw_only=True, slots=True)
class RawSheet:
    """A sheet. Rows and columns count from 0 here, from the sheet's own A1."""

    name: str
    height: int
    columns: tuple[RawColumn, ...]
    merged: tuple[Range, ...] = ()
    hidden: bool = False

    def row(self, index: int) -> tuple[str, ...]:
        """A row's cells as text."""
        return tuple(show(column.value(index)) for column in self.columns)

    def filled_down(self, place: int) -> RawColumn:
        """The column at `place`, its cells that are merged downwards all holding what the first of them holds."""
        column = self.columns[place]
        source = np.arange(column.length, dtype=np.int64)
        for merged in self.merged:
            if merged.left == place and merged.top < merged.bottom and merged.top < column.length:
                source[merged.top : merged.bottom + 1] = merged.top
        return column if (np.diff(source) == 1).all() else column.take(source)


@dataclass(frozen=True, kw_only=True, slots=True)
class RawBook:
    """A file's sheets in order. `notes` are sentences on what the door found out (encoding, delimiter)."""

    path: Path
    kind: FileKind
    sheets: tuple[RawSheet, ...]
    notes: tuple[str, ...] = ()


def filled_rows(columns: Sequence[RawColumn], height: int) -> Bools:
    """Which rows hold anything in any of `columns`."""
    found = np.zeros(height, dtype=bool)
    for column in columns:
        found |= column.filled
    return found

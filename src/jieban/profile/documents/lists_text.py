"""The text of a CSV list as rows that can be changed and written again."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from jieban.profile.documents.changes import ROW_KEYS, Cells


@dataclass(kw_only=True)
class ListText:
    """A list's headings and rows; cells are stripped, and blank rows are gone."""

    name: str
    headings: list[str]
    rows: list[dict[str, str]]

    @classmethod
    def read(cls, name: str, text: str) -> "ListText":
        """The list that a text holds. Rows of another length than the headings are cut or filled up."""
        lines = [[cell.strip() for cell in line] for line in csv.reader(io.StringIO(text, newline=""))]
        kept = [line for line in lines if any(line)]
        headings = kept[0] if kept else list(ROW_KEYS[name])
        rows = [dict(zip(headings, [*line, *[""] * len(headings)], strict=False)) for line in kept[1:]]
        return cls(name=name, headings=headings, rows=rows)

    def text(self) -> str:
        """The list as a file."""
        written = io.StringIO(newline="")
        writer = csv.writer(written, lineterminator="\n")
        writer.writerow(self.headings)
        writer.writerows([row.get(heading, "") for heading in self.headings] for row in self.rows)
        return written.getvalue()

    def key(self, row: Cells) -> tuple[str, ...]:
        """What a row is known by."""
        return tuple(row.get(column, "") for column in ROW_KEYS[self.name])

    def find(self, key: tuple[str, ...]) -> dict[str, str] | None:
        """The row of a key."""
        return next((row for row in self.rows if self.key(row) == key), None)

    def line(self, key: tuple[str, ...]) -> int | None:
        """The line, from 1, on which `text` writes a row; None for none."""
        place = next((place for place, row in enumerate(self.rows) if self.key(row) == key), None)
        # A cell may hold line breaks of its own.
        return None if place is None else 2 + sum(_breaks(row) for row in self.rows[:place]) + place

    def put(self, key: tuple[str, ...], cells: Cells, columns: Sequence[str]) -> None:
        """Write these columns of a row that is there."""
        row = self.find(key)
        if row is None:
            raise KeyError(key)
        self._widen(columns, cells)
        row.update({column: cells.get(column, "") for column in columns})

    def add(self, cells: Cells, after: tuple[str, ...] | None) -> None:
        """A new row behind another, or at the end."""
        self._widen(tuple(cells), cells)
        keys = [self.key(row) for row in self.rows]
        place = keys.index(after) + 1 if after in keys else len(keys)
        self.rows.insert(place, dict(cells))

    def take_out(self, key: tuple[str, ...]) -> None:
        """Without a row."""
        self.rows = [row for row in self.rows if self.key(row) != key]

    def _widen(self, columns: Sequence[str], cells: Cells) -> None:
        self.headings += [
            column for column in columns if column not in self.headings and cells.get(column, "")
        ]


def _breaks(row: Cells) -> int:
    return sum(cell.count("\n") for cell in row.values())

"""Every row accounted for: read = accepted + rejected + left out by rule."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class SheetAccount:
    """What became of the rows below the headings of one sheet. `table` is None for a sheet that was left out."""

    file: str
    sheet: str
    table: str | None
    read: int
    accepted: int
    flagged: int
    rejected: int
    left_out: Mapping[str, int]

    @property
    def balanced(self) -> bool:
        """Whether nothing is lost."""
        return self.read == self.accepted + self.rejected + sum(self.left_out.values())


@dataclass(frozen=True, kw_only=True, slots=True)
class Accounting:
    """The accounts of all sheets, and the rows of each canonical table that came of them.

    A sheet of orders with their units gives rows of two tables, so `tables` don't add up to the accepted rows.
    """

    sheets: tuple[SheetAccount, ...]
    tables: Mapping[str, int]

    @property
    def balanced(self) -> bool:
        """Whether nothing is lost in any sheet."""
        return all(sheet.balanced for sheet in self.sheets)

    @property
    def read(self) -> int:
        """Rows read in all."""
        return sum(sheet.read for sheet in self.sheets)

    @property
    def accepted(self) -> int:
        """Rows accepted in all, flagged ones among them."""
        return sum(sheet.accepted for sheet in self.sheets)

    @property
    def flagged(self) -> int:
        """Accepted rows that carry a flag."""
        return sum(sheet.flagged for sheet in self.sheets)

    @property
    def rejected(self) -> int:
        """Rows rejected in all."""
        return sum(sheet.rejected for sheet in self.sheets)

    @property
    def left_out(self) -> Mapping[str, int]:
        """Rows left out in all, by rule."""
        total: dict[str, int] = {}
        for sheet in self.sheets:
            for rule, count in sheet.left_out.items():
                total[rule] = total.get(rule, 0) + count
        return total

    def of_table(self, table: str) -> tuple[SheetAccount, ...]:
        """The accounts of the sheets of one table."""
        return tuple(sheet for sheet in self.sheets if sheet.table == table)

    def as_dict(self) -> dict[str, object]:
        """The accounts for `--json`."""
        return {
            "read": self.read,
            "accepted": self.accepted,
            "flagged": self.flagged,
            "rejected": self.rejected,
            "left_out": dict(self.left_out),
            "tables": dict(self.tables),
            "sheets": [
                {
                    "file": sheet.file,
                    "sheet": sheet.sheet,
                    "table": sheet.table,
                    "read": sheet.read,
                    "accepted": sheet.accepted,
                    "flagged": sheet.flagged,
                    "rejected": sheet.rejected,
                    "left_out": dict(sheet.left_out),
                }
                for sheet in self.sheets
            ],
        }

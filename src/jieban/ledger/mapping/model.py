"""A mapping as a value. `jieban.ledger.mapping.document` writes and reads it as TOML."""

from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase

UNIT_SEPARATORS = ("、", ",", ";", "|", "/")
"""What stands between several units in one cell, unless the mapping says otherwise (in full width
too); a line break always does."""

ASSISTING_UNITS = "handlings.assisting_units"
"""A target that is no column of its own: the units of the cell handle the order as assisting ones."""


class Rows(StrEnum):
    """What one row of a sheet stands for, where orders and handlings share it."""

    ORDERS = "orders"
    HANDLINGS = "handlings"


class DateOrder(StrEnum):
    """How to read a date such as 3/4/2025."""

    YEAR_FIRST = "ymd"
    MONTH_FIRST = "mdy"
    DAY_FIRST = "dmy"


class Twice(StrEnum):
    """Which of the two instants a wall time means that the autumn change of clocks repeats."""

    EARLIER = "earlier"
    LATER = "later"


@dataclass(frozen=True, kw_only=True, slots=True)
class Dates:
    """How texts and wall times become instants.

    `formats` are strptime patterns tried before all else. `time_zone` None means the profile's. Wall times that
    the change to summer time leaves out are moved on by the hour that is missing.
    """

    order: DateOrder = DateOrder.YEAR_FIRST
    formats: tuple[str, ...] = ()
    time_zone: str | None = None
    twice: Twice = Twice.EARLIER


@dataclass(frozen=True, kw_only=True, slots=True)
class LeaveOut:
    """A rule by which rows are left out and counted apart: the cell of `column` equals, matches or is empty."""

    column: str
    reason: str
    equals: tuple[str, ...] = ()
    matches: str | None = None
    empty: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class SheetMapping:
    """How one sheet is read.

    `file` and `sheet` are patterns (`*` for any). `table` is the canonical table that the rows are of; None leaves
    the sheet out, for `reason`. `columns` gives for each heading of the file the canonical columns it fills
    (`received_at`, or `handlings.unit` where the sheet's table is orders). Rows count from 1.
    `values` gives codes or labels for texts of the file by canonical column. `notes` are for the reader of the
    file only.
    """

    file: str = "*"
    sheet: str = "*"
    table: str | None = "orders"
    reason: str = ""
    rows: Rows = Rows.ORDERS
    heading_row: int = 1
    heading_rows: int = 1
    columns: Map[str, tuple[str, ...]] = field(default_factory=dict)
    constants: Map[str, str] = field(default_factory=dict)
    values: Map[str, Map[str, str]] = field(default_factory=dict)
    dates: Dates = field(default_factory=Dates)
    unit_separators: tuple[str, ...] = UNIT_SEPARATORS
    leave_out: tuple[LeaveOut, ...] = ()
    notes: tuple[str, ...] = ()

    def matches(self, file: str, sheet: str) -> bool:
        """Whether this is meant for that sheet of that file."""
        # Names with brackets mean themselves before they are patterns.
        return (file == self.file or fnmatchcase(file, self.file)) and (
            sheet == self.sheet or fnmatchcase(sheet, self.sheet)
        )

    def targets(self) -> dict[str, tuple[str, str]]:
        """For each canonical column that is filled, as `table.column`: the source heading, or "" and the constant."""
        found = {self.qualified(name): ("", value) for name, value in self.constants.items()}
        for heading, names in self.columns.items():
            found |= {self.qualified(name): (heading, "") for name in names}
        return found

    def qualified(self, name: str) -> str:
        """A canonical column's name with its table."""
        return name if "." in name else f"{self.table}.{name}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Mapping:
    """The sheet mappings in order; the first that matches a sheet counts. `source` names the file it came from."""

    sheets: tuple[SheetMapping, ...]
    source: str = ""

    def of(self, file: str, sheet: str) -> SheetMapping | None:
        """The mapping of a sheet, None if it has none."""
        return next((mapping for mapping in self.sheets if mapping.matches(file, sheet)), None)

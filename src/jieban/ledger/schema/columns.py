"""What a column and a table are: type, unit, meaning and Chinese heading of every cell."""

from dataclasses import dataclass
from enum import Enum

import pyarrow as pa

SCHEMA_VERSION = "3"

READABLE = frozenset({"2", SCHEMA_VERSION})
"""Formats whose every row means here what it meant there: 3 added words (`pending`, what letters can become)."""

INSTANT = pa.timestamp("s", tz="UTC")
CODE = pa.dictionary(pa.int32(), pa.string())


class Kind(Enum):
    """What a cell holds, and so how it is parsed at the door and typed in Arrow."""

    TEXT = pa.string()
    CODE = CODE
    INSTANT = INSTANT
    FLAG = pa.bool_()
    COUNT = pa.int32()


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """One column. `domain` names what a CODE is looked up in: a register of the profile or one of its label lists.

    `verbatim` texts are somebody's words: kept as they came but for outer space; all others are also freed of
    full-width forms. `default` stands in an empty cell; where the file has no such column at all, the cell stays
    empty unless the default is `assumed`. `recorded` columns are those whose absence is told in the row's
    `absent_columns`, since an empty cell of theirs says something: no, none, not yet.
    """

    name: str
    kind: Kind
    heading: str
    meaning: str
    required: bool = False
    unit: str = ""
    domain: str = ""
    synonyms: tuple[str, ...] = ()
    default: object = None
    assumed: bool = False
    recorded: bool = False
    verbatim: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class TableSchema:
    """A canonical table: its columns in order and the column that names a row."""

    name: str
    heading: str
    meaning: str
    key: str
    columns: tuple[Column, ...]

    @property
    def arrow(self) -> pa.Schema:
        """The Arrow schema. Required columns are not nullable."""
        return pa.schema(
            [pa.field(c.name, c.kind.value, nullable=not c.required) for c in self.columns],
            metadata={b"jieban.table": self.name.encode(), b"jieban.schema": SCHEMA_VERSION.encode()},
        )

    @property
    def recorded(self) -> tuple[str, ...]:
        """The columns that `absent_columns` may name, in order."""
        return tuple(column.name for column in self.columns if column.recorded)

    def column(self, name: str) -> Column:
        """The column called `name`. Raises KeyError."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

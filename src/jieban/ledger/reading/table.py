"""The columns of one canonical table out of one sheet."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from jieban.kernel.i18n import tr
from jieban.ledger.arrow import (
    NO_INSTANT,
    Array,
    Bools,
    Ints,
    bools,
    distinct,
    pa,
    pc,
    positions,
    seconds_of,
    valid,
)
from jieban.ledger.faults import UNKNOWN_BY_DOMAIN
from jieban.ledger.mapping.needs import CONDITIONAL, GENERATED
from jieban.ledger.raw import RawColumn
from jieban.ledger.reading.cells import (
    Desk,
    Found,
    note,
    read_codes,
    read_counts,
    read_flags,
    read_instants,
    read_text,
    unknown_word,
)
from jieban.ledger.reading.log import Flags
from jieban.ledger.reading.part import Part
from jieban.ledger.reading.source import Source
from jieban.ledger.schema import ABSENT, Column, Kind, TableSchema, table
from jieban.ledger.values.domains import DAY_COLUMN, DEPENDS_ON, dependent_domains, find_dependent
from jieban.ledger.values.words import spoken
from jieban.profile.model import Policy

_KIND_ORDER = (Kind.INSTANT, Kind.TEXT, Kind.FLAG, Kind.COUNT, Kind.CODE)


@dataclass(kw_only=True)
class SheetReader:
    """Reads the accepted rows of a sheet. A cell's fault is told once, however many columns the cell fills."""

    source: Source
    desk: Desk
    rows: Ints
    gids: Ints
    _instants: dict[str, tuple[Array, list[Found]]] = field(init=False, default_factory=dict)
    _told: set[tuple[str, str]] = field(init=False, default_factory=set)
    bad: dict[str, Bools] = field(init=False, default_factory=dict)

    def cells(self, heading: str, constant: str) -> RawColumn:
        """The cells under a heading, or a constant in every row."""
        if heading:
            return self.source.cells(heading, self.rows)
        return RawColumn(
            length=len(self.rows),
            text=pa.array([constant], pa.string()).take(pa.array(np.zeros(len(self.rows), dtype=np.int64))),
        )

    def read(self, schema: TableSchema, *, skip: Iterable[str] = ()) -> Part:
        """The table's columns that the mapping fills, one row a row of the sheet."""
        targets = self.source.mapping.targets()
        part = Part(
            schema=schema,
            gids=self.gids,
            columns={},
            flags=Flags(len(self.rows)),
            given={},
            shared=np.zeros(len(self.rows), dtype=bool),
            sources=np.full(len(self.rows), self.source.index, dtype=np.int64),
            orders=np.full(len(self.rows), -1, dtype=np.int64),
        )
        wanted = [c for c in schema.columns if f"{schema.name}.{c.name}" in targets and c.name not in skip]
        wanted.sort(key=lambda column: (_KIND_ORDER.index(column.kind), column.domain in DEPENDS_ON))
        for column in wanted:
            self._read_column(column, part, *targets[f"{schema.name}.{column.name}"])
        _take_absent(part)
        _set_defaults(part)
        self._refuse_missing(part, wanted)
        return part

    def _read_column(self, column: Column, part: Part, heading: str, constant: str) -> None:
        cells = self.cells(heading, constant)
        name = self._values_name(column, part.schema)
        match column.kind:
            case Kind.TEXT:
                values, found = read_text(column, cells, self.source, name)
            case Kind.INSTANT:
                values, found = self._read_instants(cells, heading, name)
            case Kind.FLAG:
                values, found = read_flags(column, cells, self.source, self.desk, name)
            case Kind.COUNT:
                values, found = read_counts(cells, self.source, name)
            case Kind.CODE if column.domain in DEPENDS_ON:
                values, found = self._read_dependent(column, cells, part, name)
            case _:
                values, found = read_codes(
                    column, cells, self.source, self.desk, days=self._days(part), name=name
                )
        part.columns[column.name] = values
        part.given[column.name] = np.ones(len(part), dtype=bool)
        for each in found:
            self.bad[f"{part.schema.name}.{column.name}"] = each.bad | self.bad.get(
                f"{part.schema.name}.{column.name}", False
            )
            self._tell(each, column, part, cells, heading or column.name)

    def _tell(self, found: Found, column: Column, part: Part, cells: RawColumn, told_as: str) -> None:
        if not found.bad.any():
            return
        policy = None
        if (told_as, found.code) not in self._told:
            self._told.add((told_as, found.code))
            needed = column.required or any(t.required for t in self._columns_of(told_as))
            policy = note(found, column, part, cells, self.desk.log, required=needed)
        if policy is None or policy is Policy.FLAG:
            part.flags.set(found.code, found.bad)

    def _columns_of(self, heading: str) -> list[Column]:
        found = []
        for name in self.source.mapping.columns.get(heading, ()):
            schema, _, column = self.source.mapping.qualified(name).partition(".")
            found += [c for c in table(schema).columns if c.name == column]
        return found

    def _values_name(self, column: Column, schema: TableSchema) -> str:
        qualified = f"{schema.name}.{column.name}"
        return qualified if qualified in self.source.mapping.values else column.name

    def _read_instants(self, cells: RawColumn, heading: str, name: str) -> tuple[Array, list[Found]]:
        key = f"{heading}\n{name if name in self.source.mapping.values else ''}"
        if not heading or key not in self._instants:
            self._instants[key] = read_instants(cells, self.source, self.desk, name)
        return self._instants[key]

    def _days(self, part: Part) -> Ints:
        name = DAY_COLUMN[part.schema.name]
        if name not in part.columns:
            return np.full(len(part), NO_INSTANT, dtype=np.int64)
        return self.desk.days(seconds_of(part.columns[name]))

    def _read_dependent(
        self, column: Column, cells: RawColumn, part: Part, name: str
    ) -> tuple[Array, list[Found]]:
        said = spoken(cells, self.source.mapping.values.get(name, {}))
        days = self._days(part)
        needed = ("mailbox", "topic") if part.schema.name == "letters" else ("topic",)
        on, domains = dependent_domains(self.desk.profile, column.domain, {n: part.column(n) for n in needed})
        # Without the other code nothing can be said of this one: only the other's fault is told.
        self.bad[f"{part.schema.name}.{column.name}"] = said.filled & ~valid(on)
        words = find_dependent(said, on, domains, days)
        found = []
        for code in pc.unique(on).to_pylist():
            if code is None:
                continue
            bad = words.bad & bools(pc.equal(on, code))
            if bad.any():
                found.append(
                    Found(
                        code=UNKNOWN_BY_DOMAIN[column.domain],
                        bad=bad,
                        message=unknown_word(column.heading, domains[code]),
                    )
                )
        return words.values, found

    def _refuse_missing(self, part: Part, wanted: list[Column]) -> None:
        wide = part.schema.name != self.source.mapping.table
        for column in wanted:
            name = f"{part.schema.name}.{column.name}"
            if not column.required or name in GENERATED or (wide and name in CONDITIONAL):
                continue
            self.refuse_empty(part, column, ~valid(part.columns[column.name]))

    def refuse_empty(self, part: Part, column: Column, empty: Bools) -> None:
        """Note required cells that are empty, other than those whose content was found bad."""
        rows = positions(
            empty & ~self.bad.get(f"{part.schema.name}.{column.name}", np.zeros(len(part), dtype=bool))
        )
        self.desk.log.add(
            "missing_required",
            part.gids[rows],
            table=part.schema.name,
            column=column.name,
            message=tr("“{heading}”必填,不能为空。", heading=column.heading),
            required=True,
        )


def _take_absent(part: Part) -> None:
    """What a ledger of our own tells of the file it came from: its columns are all there, told or not."""
    if ABSENT not in part.columns:
        return
    texts, which = distinct(part.columns[ABSENT].cast(pa.string()))
    for index, text in enumerate(texts):
        for name in {*text.split(",")} & {*part.schema.recorded} & part.given.keys():
            part.given[name] = part.given[name] & (which != index)


def _set_defaults(part: Part) -> None:
    for column in part.schema.columns:
        if column.default is None or column.name == "role":
            continue
        where = np.ones(len(part), dtype=bool) if column.assumed else part.has(column.name)
        if not where.any():
            continue
        value = pa.scalar(
            str(column.default) if column.kind is Kind.CODE else column.default,
            pa.string() if column.kind is Kind.CODE else column.kind.value,
        )
        if column.kind is Kind.CODE:
            plain = part.column(column.name).cast(pa.string())
            part.columns[column.name] = _filled(plain, value, where).dictionary_encode()
        else:
            part.columns[column.name] = _filled(part.column(column.name), value, where)


def _filled(values: Array, value: Any, where: Bools) -> Array:
    filled: Array = pc.fill_null(values, value)
    return filled if where.all() else pc.if_else(pa.array(where), filled, values)

"""Which indicators a ledger's rows can't tell, before any is counted: for whoever looks at a file.

What is told here of whole tables, counting finds again for the rows of one period (`told.py`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jieban.indicators.model import Indicator, Kind
from jieban.indicators.registry import REGISTRY
from jieban.kernel.i18n import listed, tr
from jieban.kernel.typography import fullwidth
from jieban.ledger.schema import ABSENT, Disposition, Ledger, table

_MOST_NAMED = 12
_LAST = {Kind.COUNT, Kind.QUANTILE}
COUNTED = tuple(dict.fromkeys(declared.table for declared in REGISTRY.values()))
"""The tables that indicators count."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Untold:
    """What one table lacks: columns (none: all its rows), in how many of how many rows, and so which indicators.

    `everywhere`: all rows lack the same columns, else some rows lack some. `rows` and `of` are 0 where only headings
    were looked at. Rates come first among the `indicators`.
    """

    table: str
    columns: tuple[str, ...]
    rows: int
    of: int
    everywhere: bool
    indicators: tuple[Indicator, ...]

    def as_dict(self) -> dict[str, object]:
        """The finding for `--json`."""
        return {
            "table": self.table,
            "columns": list(self.columns),
            "rows": self.rows,
            "of": self.of,
            "indicators": [declared.id for declared in self.indicators],
        }

    def __str__(self) -> str:
        schema = table(self.table)
        counted = _counted(self.indicators)
        if not self.columns:
            return tr("没有一行“{table}”,{counted}", table=schema.heading, counted=counted)
        columns = listed(schema.column(name).heading for name in self.columns)
        if self.everywhere:
            return tr(
                "“{table}”没有这些列:{columns};{counted}",
                table=schema.heading,
                columns=columns,
                counted=counted,
            )
        if not self.of:
            return tr(
                "“{table}”的各工作表列不一致,有的没有这些列:{columns};时段内有所缺之行的,{counted}",
                table=schema.heading,
                columns=columns,
                counted=counted,
            )
        return tr(
            "“{table}”{of} 行中有 {rows} 行缺少以下一列或几列:{columns};时段内有这些行的,{counted}",
            table=schema.heading,
            of=self.of,
            rows=self.rows,
            columns=columns,
            counted=counted,
        )


def _counted(indicators: Sequence[Indicator]) -> str:
    names = listed(fullwidth(declared.label) for declared in indicators[:_MOST_NAMED])
    if not indicators:
        return tr("各项指标仍可计算。")
    if len(indicators) > _MOST_NAMED:
        return tr("不计算{names}等 {n} 项指标。", names=names, n=len(indicators))
    return tr("不计算{names}。", names=names)


def untold_by_columns(name: str, absent: Iterable[str], *, rows: int = 0, of: int = 0) -> Untold:
    """What a table's rows don't tell; `absent` are their distinct `absent_columns`."""
    sets = [frozenset(text.split(",")) for text in absent]
    lacking = frozenset[str]().union(*sets)
    return Untold(
        table=name,
        columns=tuple(column for column in table(name).recorded if column in lacking),
        rows=rows,
        of=of,
        everywhere=len(sets) == 1 and rows == of,
        indicators=_rates_first(
            declared
            for declared in REGISTRY.values()
            if declared.table == name
            and any(columns.issuperset(group) for columns in sets for group in declared.needs)
        ),
    )


def untold_of(ledger: Ledger, *, mailboxes: bool) -> tuple[Untold, ...]:
    """What each counted table of a ledger lacks; letters matter where there are `mailboxes`."""
    found = []
    for name in COUNTED:
        rows = ledger.tables()[name]
        if not rows.num_rows:
            if (name == "letters" and mailboxes) or (name == "handlings" and _sent(ledger)):
                found.append(_without_rows(name))
            continue
        texts = rows[ABSENT].drop_null()
        distinct = [text for text in texts.unique().to_pylist() if text]
        if distinct:
            lacking = sum(bool(text) for text in texts.to_pylist())
            found.append(untold_by_columns(name, distinct, rows=lacking, of=rows.num_rows))
    return tuple(found)


def _sent(ledger: Ledger) -> bool:
    return Disposition.DISPATCHED.value in ledger.orders["disposition"].unique().to_pylist()


def _without_rows(name: str) -> Untold:
    return Untold(
        table=name,
        columns=(),
        rows=0,
        of=0,
        everywhere=True,
        indicators=_rates_first(declared for declared in REGISTRY.values() if declared.table == name),
    )


def _rates_first(indicators: Iterable[Indicator]) -> tuple[Indicator, ...]:
    return tuple(sorted(indicators, key=lambda declared: declared.kind in _LAST))

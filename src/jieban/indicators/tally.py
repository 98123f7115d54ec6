"""From counted patterns to values: exact sums, then one division and one rounding each."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa

from jieban.indicators.grains import DERIVED, CohortOf, Layout, Measure
from jieban.indicators.model import MISSING, Condition, Cut, Indicator, Kind, Value
from jieban.indicators.queries import PATTERN, ROWS, coded_key
from jieban.indicators.slices.flags import FLAGS
from jieban.indicators.slices.rules import Rules
from jieban.kernel.numbers import percent, round_half_up

_EPOCH = date(1970, 1, 1)
_SECONDS_AN_HOUR = 3600
_TENTHS = 10

Keyed = dict[tuple[str, ...], tuple[int, int, int]]
"""By keys of a cut: rows counted, rows counted in part, rows they are counted among."""


def whole_numbers(table: pa.Table, column: str) -> Any:
    """A column as numpy integers. By way of Python: Arrow's own conversion imports pandas, which takes a second."""
    return np.array(table.column(column).to_pylist(), dtype=np.int64)


class Counted:
    """The atoms of counted patterns as numpy columns. Reads as a `flags.Reader`."""

    def __init__(self, layout: Layout, table: pa.Table) -> None:
        self._layout = layout
        self._patterns = whole_numbers(table, PATTERN)
        self._coded = {
            column: np.array(table.column(name).to_pylist(), dtype=object)
            for column in layout.coded
            for name in (coded_key(column), column)
            if name in table.column_names
        }

    def bit(self, name: str) -> Any:
        """An atom."""
        return (self._patterns & self._layout.value(name)) != 0

    def coded(self, column: str, code: str) -> Any:
        """Whether a coded column holds a code."""
        return self._coded[column] == code

    def in_cohort(self, of: CohortOf) -> Any:
        """Which patterns are of a cohort's rows."""
        return (self._patterns & self._layout.value(of)) != 0


class GrainCounts:
    """The fetched counts of a grain."""

    def __init__(
        self,
        layout: Layout,
        table: pa.Table,
        *,
        of: str,
        groups: Mapping[str, str],
        rules: Rules,
    ) -> None:
        self._counted = Counted(layout, table)
        self._flags = FLAGS[of](self._counted, rules=rules)
        self._rows = whole_numbers(table, ROWS)
        self._table = table
        self._groups = groups
        self._labels: dict[str, list[str]] = {}
        self._indexed: dict[tuple[str, ...], tuple[list[tuple[str, ...]], Any]] = {}

    def count(self, measure: Measure) -> Keyed:
        """The sums of a measure by its cut's keys."""
        indicator = measure.indicator
        belongs = self._counted.in_cohort(measure.cohort)
        among = belongs & self._flag(indicator.among, belongs)
        counts = among & self._flag(indicator.counts, among)
        part = among & self._flag(indicator.part, among & False) & ~counts
        keys, index = self._keys(measure.cut)
        sums = np.zeros((3, len(keys)), dtype=np.int64)
        for row, chosen in enumerate((counts, part, among)):
            np.add.at(sums[row], index[chosen], self._rows[chosen])
        occurs = sums[0 if indicator.kind is Kind.COUNT else 2]
        return {
            key: (int(sums[0, i]), int(sums[1, i]), int(sums[2, i]))
            for i, key in enumerate(keys)
            if occurs[i]
        }

    def _flag(self, condition: Condition | None, absent: Any) -> Any:
        return absent if condition is None else condition(self._flags)

    def _keys(self, cut: tuple[str, ...]) -> tuple[list[tuple[str, ...]], Any]:
        if cut not in self._indexed:
            columns = [self._column(dimension) for dimension in cut]
            found: dict[tuple[str, ...], int] = {}
            index = [
                found.setdefault(key, len(found))
                for key in (zip(*columns, strict=True) if columns else [()] * len(self._rows))
            ]
            self._indexed[cut] = (list(found), np.array(index, dtype=np.int64))
        return self._indexed[cut]

    def _column(self, dimension: str) -> list[str]:
        if dimension not in self._labels:
            stored = self._table.column(DERIVED.get(dimension, dimension)).to_pylist()
            self._labels[dimension] = [self._label(dimension, value) for value in stored]
        return self._labels[dimension]

    def _label(self, dimension: str, value: Any) -> str:
        if value is None:
            return MISSING
        match dimension:
            case "day":
                return str(_EPOCH + timedelta(days=value // 24))
            case "hour":
                return f"{value % 24:02}"
            case "weekday":
                # 1970-01-01 was a Thursday; ISO numbers Monday 1.
                return str((value // 24 + 3) % 7 + 1)
            case "unit_group":
                return self._groups.get(value, MISSING)
            case _:
                return str(value)


def value_of(indicator: Indicator, counted: int, part: int, among: int) -> Value:
    """The value of a count or rate from its sums."""
    if indicator.kind is Kind.COUNT:
        return Value(numerator=counted, denominator=None, value=counted)
    if indicator.kind is Kind.WEIGHTED_RATE:
        weight = indicator.weight or Decimal(0)
        numerator = counted + weight * part
        exact = Fraction(numerator) * 100 / among if among else None
        value = None if exact is None else round_half_up(exact, indicator.places)
        return Value(numerator=numerator, denominator=among, value=value)
    return Value(numerator=counted, denominator=among, value=percent(counted, among, indicator.places))


def exact_seconds(computed: float) -> Decimal:
    """The exact quantile behind an engine's float.

    Linear interpolation between whole seconds at the shares of `QUANTILES` lies on a tenth of a second, so the
    last bits, in which engines differ, carry nothing.
    """
    return Decimal(round(computed * _TENTHS)) / _TENTHS


def quantile_value(indicator: Indicator, computed: float | None, rows: int) -> Value:
    """The value of a quantile: hours from seconds."""
    if computed is None or rows == 0:
        return Value(numerator=0, denominator=0, value=None)
    seconds = exact_seconds(computed)
    hours = round_half_up(Fraction(seconds) / _SECONDS_AN_HOUR, indicator.places)
    return Value(numerator=seconds, denominator=rows, value=hours)


def cut_of(dimensions: Sequence[str], keys: Iterable[str]) -> Cut:
    """A cut from its dimensions and keys."""
    return tuple(zip(dimensions, keys, strict=True))

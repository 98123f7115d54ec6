"""What an indicator is, and what computing indicators gives.

An indicator is a declaration, never a procedure: which rows (table, cohort date, condition), what is counted
of them, by which cuts, how it is rounded and what is printed when there is nothing to divide by. Conditions are
Ibis expressions over a prepared slice (`prepare.py`), so one declaration runs on every engine.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

Condition = Callable[[Any], Any]
"""From an Ibis table to an Ibis boolean (or number) column of it."""


class Kind(StrEnum):
    """How an indicator's value comes from its rows."""

    COUNT = "count"
    RATE = "rate"
    WEIGHTED_RATE = "weighted_rate"
    QUANTILE = "quantile"
    CHANGE = "change"


class Window(StrEnum):
    """Which period a value is of."""

    CURRENT = "current"
    PREVIOUS = "previous"
    YEAR_BEFORE = "year_before"


@dataclass(frozen=True, kw_only=True, slots=True)
class Indicator:
    """One indicator. `counts` is the numerator, `among` its denominator: every counted row is also among.

    For QUANTILE `counts` gives the number whose `quantile` is taken among the rows of `among`. For CHANGE `of`
    names the indicator compared and `against` the window it is compared with; the label 环比 or 同比 follows
    from `against`. Texts are Chinese: they are printed as 统计口径.
    """

    id: str
    label: str
    unit: str
    kind: Kind
    table: str
    cohort: str
    definition: str
    counts: Condition | None = None
    among: Condition | None = None
    numerator: str = ""
    denominator: str = ""
    quantile: float | None = None
    of: str = ""
    against: Window | None = None
    cuts: tuple[tuple[str, ...], ...] = ((),)
    places: int = 0
    when_empty: str = "—"
    open_rows: str = ""
    source: str = ""
    version: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Value:
    """A computed value: exact parts and the rounded figure. `value` is None when there is nothing to divide by."""

    numerator: int | Decimal
    denominator: int | None
    value: int | Decimal | None


Cut = tuple[tuple[str, str], ...]
"""Which part of the whole: (("topic", "housing"),); empty for the whole."""


class Figures:
    """Every computed value by indicator, window and cut. A cut that has no rows counts 0, a rate of it None."""

    def __init__(self, values: Mapping[tuple[str, Window], Mapping[Cut, Value]]) -> None:
        self._values = values

    def has(self, indicator: str, window: Window = Window.CURRENT) -> bool:
        """Whether the indicator was computed for the window (no rows at all means not)."""
        return (indicator, window) in self._values

    def get(self, indicator: str, window: Window = Window.CURRENT, /, **cut: str) -> Value:
        """The value for a cut. Raises KeyError when the indicator was not computed for the window."""
        return self._values[indicator, window].get(
            tuple(cut.items()), Value(numerator=0, denominator=0, value=None)
        )

    def rows(
        self, indicator: str, *dimensions: str, window: Window = Window.CURRENT
    ) -> Iterator[tuple[tuple[str, ...], Value]]:
        """The values cut by exactly these dimensions: (keys in that order, value), by key."""
        for cut, value in sorted(self._values[indicator, window].items()):
            if tuple(name for name, _ in cut) == dimensions:
                yield tuple(key for _, key in cut), value

    def items(self) -> Iterator[tuple[str, Window, Cut, Value]]:
        """Everything, in a stable order."""
        for (indicator, window), cuts in sorted(self._values.items()):
            for cut, value in sorted(cuts.items()):
                yield indicator, window, cut, value

"""What an indicator is, and what computing indicators gives.

An indicator is a declaration, never a procedure: which rows (table, cohort date, condition), what is counted
of them, by which cuts, how it is rounded and what is printed when there is nothing to divide by. Conditions are
boolean algebra (`&`, `|`, `~`) over the flags that `slices/` names. The flags are Ibis expressions, so one
declaration runs on every engine; the same condition also reads flags that were already counted (`tally.py`).
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal

from jieban.profile.workflow import Counting

Condition = Callable[[Any], Any]
"""From something with flags as attributes to a flag (or, for quantiles, a number): see `slices/`."""

Needs = tuple[tuple[str, ...], ...]
"""Columns of a table that must be there: of each group at least one."""


class Kind(StrEnum):
    """How an indicator's value comes from its rows."""

    COUNT = "count"
    RATE = "rate"
    WEIGHTED_RATE = "weighted_rate"
    QUANTILE = "quantile"
    CHANGE = "change"
    RATIO = "ratio"
    CHOSEN = "chosen"


class Cohort(StrEnum):
    """Which date puts a row in the period."""

    DISPATCHED = "dispatched_at"
    RECEIVED = "received_at"
    OPEN_AT_END = "open_at_end"
    """Dispatched before the period ends and not closed by then, however old."""
    OF_ORDER = "of_order"
    """A handling whose order belongs to the period, whenever the handling itself was dispatched."""


class Window(StrEnum):
    """Which period a value is of."""

    CURRENT = "current"
    PREVIOUS = "previous"
    YEAR_BEFORE = "year_before"


@dataclass(frozen=True, kw_only=True, slots=True)
class Indicator:
    """One indicator. `counts` is the numerator, `among` its denominator: every counted row is also among.

    The engine counts `counts & among` over `among`, so a rate can't exceed 1 whatever is declared. For
    WEIGHTED_RATE rows of `part` (outside `counts`) count `weight` each. For QUANTILE `counts` gives the seconds
    whose `quantile` is taken among the rows of `among`; the value is in hours. For CHANGE `of` names the indicator
    compared and `against` the window it is compared with; the label 环比 or 同比 follows from `against`. For RATIO
    `of` is divided by `per`. Where an order-level count is cut by unit, `by_lead` finds the lead handlings that
    stand for the counted orders. For CHOSEN the profile names one of `choices`: (its word, indicator id).
    `cohort` is "" where other indicators' cohorts apply. `needs` names columns without which it can't be known: where
    rows of its cohort come from a file that lacks them, it is not computed. `counting` names the one way of counting
    co-handled orders under which it says what its label promises; elsewhere it is not computed. Texts are Chinese: they
    are printed as 统计口径.
    """

    id: str
    label: str
    unit: str
    kind: Kind
    table: str
    cohort: Cohort | Literal[""]
    definition: str
    counts: Condition | None = None
    among: Condition | None = None
    numerator: str = ""
    denominator: str = ""
    by_lead: Condition | None = None
    part: Condition | None = None
    weight: Decimal | None = None
    quantile: Decimal | None = None
    of: str = ""
    per: str = ""
    against: Window | None = None
    choices: tuple[tuple[str, str], ...] = ()
    needs: Needs = ()
    cuts: tuple[tuple[str, ...], ...] = ((),)
    places: int = 0
    when_empty: str = "—"
    open_rows: str = ""
    counting: Counting | None = None
    source: str = ""
    version: int = 1


MISSING = ""
"""The key of rows whose coded column is empty, so that the parts of a cut always add up to the whole."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Value:
    """A computed value: exact parts and the rounded figure. `value` is None when there is nothing to divide by.

    COUNT: numerator and value are the count, no denominator. RATE, WEIGHTED_RATE: percent. QUANTILE: numerator is
    the exact quantile in seconds, denominator how many rows it is taken of, value in hours. CHANGE: numerator is
    the difference, denominator the base (None when the other period has no rows at all), value percent.
    """

    numerator: int | Decimal
    denominator: int | None
    value: int | Decimal | None


Cut = tuple[tuple[str, str], ...]
"""Which part of the whole: (("topic", "housing"),); empty for the whole."""

_NOTHING = Value(numerator=0, denominator=0, value=None)
_ZERO = Value(numerator=0, denominator=None, value=0)


class Figures:
    """Every computed value by indicator, window and cut. A cut that has no rows counts 0, a rate of it None."""

    def __init__(
        self,
        values: Mapping[tuple[str, Window], Mapping[Cut, Value]],
        *,
        counts: Collection[str] = (),
    ) -> None:
        """`counts` are the ids whose value for a cut without rows is 0."""
        self._values = values
        self._counts = frozenset(counts)
        self._by_set: dict[tuple[str, Window], dict[frozenset[tuple[str, str]], Value]] = {}

    def has(self, indicator: str, window: Window = Window.CURRENT) -> bool:
        """Whether the indicator was computed for the window: not without the columns it needs, nor without any rows."""
        return (indicator, window) in self._values

    def get(self, indicator: str, window: Window = Window.CURRENT, /, **cut: str) -> Value:
        """The value for a cut, its dimensions in any order.

        Raises KeyError when the indicator was not computed for the window.
        """
        computed = self._values[indicator, window]
        if (indicator, window) not in self._by_set:
            self._by_set[indicator, window] = {frozenset(of): value for of, value in computed.items()}
        absent = _ZERO if indicator in self._counts else _NOTHING
        return self._by_set[indicator, window].get(frozenset(cut.items()), absent)

    def rows(
        self, indicator: str, *dimensions: str, window: Window = Window.CURRENT
    ) -> Iterator[tuple[tuple[str, ...], Value]]:
        """The values cut by exactly these dimensions: (keys in that order, value), by key.

        `day`, `hour` and `weekday` are complete, zeros included; coded dimensions hold what occurs, `MISSING`
        among it where the column is empty.
        """
        for cut, value in sorted(self._values[indicator, window].items(), key=lambda item: item[0]):
            if tuple(name for name, _ in cut) == dimensions:
                yield tuple(key for _, key in cut), value

    def items(self) -> Iterator[tuple[str, Window, Cut, Value]]:
        """Everything, in a stable order."""
        for (indicator, window), cuts in sorted(self._values.items(), key=lambda item: item[0]):
            for cut, value in sorted(cuts.items(), key=lambda item: item[0]):
                yield indicator, window, cut, value

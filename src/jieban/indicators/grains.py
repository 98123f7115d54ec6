"""Which rows are counted together: every indicator of a grain comes from one aggregation.

A grain groups a table by its dimensions, by the coded columns that its indicators ask about, and by the pattern of
the other atoms that they ask about, one bit each. The few hundred or thousand counted patterns are then added up to
each indicator and cut in `tally.py`, exactly, since counts of disjoint rows add up. Quantiles don't add up and are
taken from the rows.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from jieban.indicators.model import Cohort, Indicator, Kind, Window
from jieban.indicators.slices.flags import FLAGS
from jieban.indicators.slices.rules import Rules

DERIVED = {"day": "local_hour", "hour": "local_hour", "weekday": "local_hour", "unit_group": "unit"}
"""Dimensions that follow from another one after counting."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Grain:
    """A table grouped by `dimensions`. Other windows than the current one are counted where `compared`."""

    table: str
    dimensions: tuple[str, ...]
    compared: bool = False

    def covers(self, cut: tuple[str, ...], window: Window) -> bool:
        """Whether a cut can be added up from this grain."""
        needed = {DERIVED.get(dimension, dimension) for dimension in cut}
        return needed <= set(self.dimensions) and (window is Window.CURRENT or self.compared)


GRAINS = (
    Grain(table="orders", dimensions=()),
    Grain(table="orders", dimensions=("request_type", "channel", "urgency")),
    Grain(table="orders", dimensions=("topic", "subtopic", "street"), compared=True),
    Grain(table="orders", dimensions=("local_hour",)),
    Grain(table="handlings", dimensions=("unit", "role"), compared=True),
    Grain(table="letters", dimensions=("mailbox", "topic", "subtopic", "unit")),
)
"""The first that covers a cut counts it."""


@dataclass(frozen=True, slots=True)
class CohortOf:
    """The rows that a cohort's date puts into a window."""

    cohort: Cohort
    window: Window


@dataclass(frozen=True, kw_only=True, slots=True)
class Measure:
    """An indicator by one cut in one window."""

    indicator: Indicator
    cut: tuple[str, ...]
    window: Window

    @property
    def cohort(self) -> CohortOf:
        """Which rows are asked."""
        return CohortOf(Cohort(self.indicator.cohort), self.window)


@dataclass(frozen=True, slots=True)
class Layout:
    """What rows are asked, and where the answers stand: coded columns apart, the rest as bits of one pattern.

    The lowest bits are atoms in order, the next ones cohorts.
    """

    bits: tuple[str, ...] = ()
    coded: tuple[str, ...] = ()
    cohorts: tuple[CohortOf, ...] = ()

    def value(self, of: str | CohortOf) -> int:
        """The value of an atom's or a cohort's bit."""
        if isinstance(of, CohortOf):
            return 1 << (len(self.bits) + self.cohorts.index(of))
        return 1 << self.bits.index(of)


@dataclass(kw_only=True, slots=True)
class GrainPlan:
    """A grain with what is to be counted by it."""

    grain: Grain
    measures: list[Measure] = field(default_factory=list)

    @property
    def cohorts(self) -> tuple[CohortOf, ...]:
        """Which rows the measures count, each cohort once."""
        return tuple(dict.fromkeys(measure.cohort for measure in self.measures))


def layout_for(measures: Sequence[Measure], rules: Rules) -> Layout:
    """What measures of one table ask of its rows under a profile's rules."""
    names = _Names()
    for indicator in dict.fromkeys(measure.indicator for measure in measures):
        flags = FLAGS[indicator.table](names, rules=rules)
        for condition in conditions_of(indicator):
            condition(flags)
    cohorts = dict.fromkeys(measure.cohort for measure in measures)
    return Layout(tuple(names.bits), tuple(names.columns), tuple(cohorts))


class _Names:
    """A `flags.Reader` that notes what is asked."""

    def __init__(self) -> None:
        self.bits: dict[str, None] = {}
        self.columns: dict[str, None] = {}

    def bit(self, name: str) -> Any:
        self.bits[name] = None
        return np.array([True])

    def coded(self, column: str, code: str) -> Any:  # noqa: ARG002 - a reader's signature
        self.columns[column] = None
        return np.array([True])


def conditions_of(indicator: Indicator) -> Iterator[Callable[[Any], Any]]:
    """The conditions of an indicator that are flags."""
    if indicator.counts is not None and indicator.kind is not Kind.QUANTILE:
        yield indicator.counts
    for condition in (indicator.among, indicator.part):
        if condition is not None:
            yield condition


def assign(measures: Sequence[Measure]) -> list[GrainPlan]:
    """The grains with what each is to count. Raises ValueError for a cut that no grain covers."""
    plans = [GrainPlan(grain=grain) for grain in GRAINS]
    for measure in measures:
        table = measure.indicator.table
        for plan in plans:
            if plan.grain.table == table and plan.grain.covers(measure.cut, measure.window):
                plan.measures.append(measure)
                break
        else:
            raise ValueError(f"no grain of {table} covers {measure.indicator.id} by {measure.cut}")
    return [plan for plan in plans if plan.measures]

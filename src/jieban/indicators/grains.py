"""Which rows are counted together: every indicator of a grain comes from one aggregation.

A grain groups a table by its dimensions and by the pattern of flags that its indicators look at (one bit each).
The few hundred or thousand counted patterns are then added up to each indicator and cut in `tally.py`, exactly,
since counts of disjoint rows add up. Quantiles don't, and are taken from the rows (`plan.py`).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from jieban.indicators.model import Cohort, Indicator, Kind, Window

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


@dataclass(frozen=True, kw_only=True, slots=True)
class Measure:
    """An indicator by one cut in one window."""

    indicator: Indicator
    cut: tuple[str, ...]
    window: Window


@dataclass(kw_only=True, slots=True)
class GrainPlan:
    """A grain with what is to be counted by it. `bits` are the pattern's flags, lowest bit first."""

    grain: Grain
    measures: list[Measure] = field(default_factory=list)
    bits: list[str] = field(default_factory=list)
    cohorts: list[tuple[Cohort, Window]] = field(default_factory=list)

    def add(self, measure: Measure) -> None:
        """Count `measure` by this grain."""
        self.measures.append(measure)
        for name in flags_of(measure.indicator):
            if name not in self.bits:
                self.bits.append(name)
        cohort = (Cohort(measure.indicator.cohort), measure.window)
        if cohort not in self.cohorts:
            self.cohorts.append(cohort)


class _Names:
    """Stands in for a slice and notes which flags a condition looks at."""

    def __init__(self) -> None:
        self.seen: dict[str, None] = {}

    def __getattr__(self, name: str) -> Any:
        self.seen[name] = None
        return np.array([True])


def flags_of(indicator: Indicator) -> tuple[str, ...]:
    """The flags that an indicator's conditions look at (for a quantile, those of its `among`)."""
    names = _Names()
    for condition in conditions_of(indicator):
        condition(names)
    return tuple(names.seen)


def conditions_of(indicator: Indicator) -> Iterator[Callable[[Any], Any]]:
    """The conditions of an indicator that are flags."""
    if indicator.counts is not None and indicator.kind is not Kind.QUANTILE:
        yield indicator.counts
    for condition in (indicator.among, indicator.part):
        if condition is not None:
            yield condition


def assign(measures: list[Measure]) -> list[GrainPlan]:
    """The grains with what each is to count. Raises ValueError for a cut that no grain covers."""
    plans = [GrainPlan(grain=grain) for grain in GRAINS]
    for measure in measures:
        table = measure.indicator.table
        for plan in plans:
            if plan.grain.table == table and plan.grain.covers(measure.cut, measure.window):
                plan.add(measure)
                break
        else:
            raise ValueError(f"no grain of {table} covers {measure.indicator.id} by {measure.cut}")
    return [plan for plan in plans if plan.measures]

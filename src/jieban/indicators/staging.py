"""Staging: each table's rows of interest, once, with its flags as one bit pattern; then a few aggregations of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add, or_
from typing import Any

import ibis

from jieban.indicators.grains import GrainPlan, Measure, flags_of
from jieban.indicators.model import Cohort, Indicator, Window
from jieban.indicators.registry.quantiles import QUANTILES
from jieban.indicators.slices.base import Slice
from jieban.indicators.slices.facts import Facts
from jieban.indicators.slices.handlings import HandlingSlice, LetterSlice
from jieban.indicators.slices.orders import NotedOrders, OrderSlice
from jieban.indicators.slices.tables import relation

_TEXT = frozenset(
    {"unit", "role", "topic", "subtopic", "street", "channel", "request_type", "urgency", "mailbox"}
)
QUANTILE_POINTS = [float(share) for _, _, share in QUANTILES]


def slice_of(table: str, facts: Facts) -> Slice:
    """The slice of a canonical table."""
    match table:
        case "orders":
            return OrderSlice(relation("orders"), facts)
        case "handlings":
            noted = NotedOrders(relation("orders"), facts).relation()
            handlings = relation("handlings")
            joined = handlings.left_join(noted, handlings.order_no == noted.noted_no)
            return HandlingSlice(joined, facts)
        case "letters":
            return LetterSlice(relation("letters"), facts)
        case _:
            raise ValueError(table)


def cohort_bit(cohort: Cohort, window: Window) -> str:
    """The name of the bit that says whether a row belongs to a window."""
    return f"{cohort.value}@{window.value}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Stage:
    """A staged table: which bit stands for which flag, which columns stand beside the pattern."""

    name: str
    bits: tuple[str, ...]
    dimensions: tuple[str, ...]
    numbers: tuple[str, ...]

    def expression(self, rows: Slice, cohorts: Sequence[tuple[Cohort, Window]]) -> Any:
        """The Ibis expression that makes the table: rows of any of the cohorts only."""
        belongs = {cohort_bit(*cohort): rows.in_cohort(*cohort) for cohort in cohorts}
        flags = [belongs[name] if name in belongs else getattr(rows, name) for name in self.bits]
        pattern = reduce(add, (_bit(flag, index) for index, flag in enumerate(flags)))
        columns = {name: getattr(rows, name) for name in (*self.dimensions, *self.numbers)}
        return rows.t.filter(reduce(or_, belongs.values())).select(pattern=pattern, **columns)

    @property
    def relation(self) -> Any:
        """The staged table as Ibis knows it."""
        kinds = {name: "string" if name in _TEXT else "int64" for name in (*self.dimensions, *self.numbers)}
        return ibis.table({"pattern": "int64", **kinds}, name=self.name)

    def mask(self, names: Sequence[str]) -> int:
        """The bits of some flags."""
        return sum(1 << self.bits.index(name) for name in names)


def _bit(flag: Any, index: int) -> Any:
    return ibis.ifelse(flag, ibis.literal(1 << index, type="int64"), ibis.literal(0, type="int64"))


class Staged:
    """The flags of a staged table as Ibis columns, so that conditions read them like those of a slice."""

    def __init__(self, stage: Stage, table: Any) -> None:
        self._stage = stage
        self._table = table

    def __getattr__(self, name: str) -> Any:
        if name in self._stage.numbers:
            return self._table[name]
        return (self._table.pattern & ibis.literal(self._stage.mask([name]), type="int64")) != 0


def plan_stage(
    table: str, grains: Sequence[GrainPlan], quantiles: Sequence[Measure]
) -> tuple[Stage, tuple[tuple[Cohort, Window], ...]]:
    """What to stage of a table so that its grains and quantiles can be taken from it; and of which cohorts."""
    cohorts = dict.fromkeys(cohort for plan in grains for cohort in plan.cohorts)
    bits: dict[str, None] = {}
    dimensions: dict[str, None] = {}
    for plan in grains:
        bits |= dict.fromkeys(plan.bits)
        dimensions |= dict.fromkeys(plan.grain.dimensions)
    numbers: dict[str, None] = {}
    for measure in quantiles:
        bits |= dict.fromkeys(flags_of(measure.indicator))
        cohorts[Cohort(measure.indicator.cohort), measure.window] = None
        numbers[number_of(measure.indicator)] = None
    stage = Stage(
        name=f"staged_{table}",
        bits=(*bits, *(cohort_bit(*cohort) for cohort in cohorts)),
        dimensions=tuple(dimensions),
        numbers=tuple(numbers),
    )
    return stage, tuple(cohorts)


def number_of(indicator: Indicator) -> str:
    """The column whose quantile an indicator takes."""
    if indicator.counts is None:
        raise ValueError(f"{indicator.id} declares no number")

    class _Last:
        name = ""

        def __getattr__(self, name: str) -> str:
            return name

    return str(indicator.counts(_Last()))


def grain_query(stage: Stage, plan: GrainPlan) -> Any:
    """Counts by a grain's dimensions and by the pattern of the bits it needs."""
    rows = _belonging(stage, plan.cohorts)
    wanted = stage.mask([*plan.bits, *(cohort_bit(*cohort) for cohort in plan.cohorts)])
    keys = {name: rows[name] for name in plan.grain.dimensions}
    pattern = rows.pattern & ibis.literal(wanted, type="int64")
    return rows.group_by(pattern=pattern, **keys).aggregate(rows=rows.count())


def quantile_query(stage: Stage, measures: Sequence[Measure]) -> Any:
    """All quantiles of one cut and window: for each number a list, in the order of `QUANTILE_POINTS`."""
    cohorts = {(Cohort(measure.indicator.cohort), measure.window) for measure in measures}
    rows = _belonging(stage, tuple(cohorts))
    flags = Staged(stage, rows)
    metrics = {}
    for measure in measures:
        among = measure.indicator.among
        if among is None:
            raise ValueError(f"{measure.indicator.id} declares no rows")
        name = number_of(measure.indicator)
        metrics[name] = rows[name].quantile(QUANTILE_POINTS, where=among(flags))
        metrics[f"{name}_rows"] = rows.count(where=among(flags))
    keys = {name: rows[name] for name in measures[0].cut}
    return rows.group_by(**keys).aggregate(**metrics) if keys else rows.aggregate(**metrics)


def _belonging(stage: Stage, cohorts: Sequence[tuple[Cohort, Window]]) -> Any:
    table = stage.relation
    mask = stage.mask([cohort_bit(*cohort) for cohort in cohorts])
    return table.filter((table.pattern & ibis.literal(mask, type="int64")) != 0)

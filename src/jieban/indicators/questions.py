"""What a computation asks, table by table: made once for the same facts, since making it takes longer than asking."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from jieban.indicators.grains import GrainPlan, Layout, Measure, assign, layout_for
from jieban.indicators.queries import LedgerRows, Rows, StagedRows, grain_query, quantile_query
from jieban.indicators.slices.facts import Facts
from jieban.indicators.slices.tables import COUNTED
from jieban.indicators.wanted import wanted_measures, wanted_quantiles
from jieban.profile.frozen import FrozenMap

STAGED = frozenset({"handlings"})
"""Tables read several times after a costly join: made once, narrow."""
_MOST_KEPT = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Counting:
    """The rows of a grain counted, as an Ibis expression, and how the answer is laid out."""

    plan: GrainPlan
    layout: Layout
    expression: Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Quantiles:
    """The quantiles by one cut, as an Ibis expression, and which measures they are."""

    cut: tuple[str, ...]
    measures: tuple[Measure, ...]
    expression: Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Questions:
    """What is asked of a table: `staged` is kept under its name first, where the table is read several times."""

    table: str
    staged: tuple[str, Any] | None
    counting: tuple[Counting, ...]
    quantiles: tuple[Quantiles, ...]


def questions_of(facts: Facts) -> tuple[Questions, ...]:
    """All that is asked of a ledger under these facts, in the order in which it is asked."""
    return _made(
        replace(
            facts,
            windows=FrozenMap(facts.windows),
            carried=FrozenMap((name, FrozenMap(codes)) for name, codes in facts.carried.items()),
            absent=FrozenMap(facts.absent),
        )
    )


@lru_cache(maxsize=_MOST_KEPT)
def _made(facts: Facts) -> tuple[Questions, ...]:
    plans = assign(wanted_measures(facts.windows))
    quantiles = wanted_quantiles()
    return tuple(
        _of_table(
            name,
            facts,
            [plan for plan in plans if plan.grain.table == name],
            [measure for measure in quantiles if measure.indicator.table == name],
        )
        for name in COUNTED
    )


def _of_table(name: str, facts: Facts, grains: list[GrainPlan], points: list[Measure]) -> Questions:
    ledger = LedgerRows(name, facts)
    rows: Rows = ledger
    staged = layout = None
    if name in STAGED:
        layout = layout_for([measure for plan in grains for measure in plan.measures], facts.rules)
        dimensions = tuple(dict.fromkeys(d for plan in grains for d in plan.grain.dimensions))
        rows = StagedRows(ledger, layout, dimensions, points)
        staged = (rows.name, rows.expression)
    laid = [(plan, layout or layout_for(plan.measures, facts.rules)) for plan in grains]
    by_cut = {
        cut: tuple(measure for measure in points if measure.cut == cut)
        for cut in dict.fromkeys(measure.cut for measure in points)
    }
    return Questions(
        table=name,
        staged=staged,
        counting=tuple(
            Counting(plan=plan, layout=own, expression=grain_query(rows, plan, own)) for plan, own in laid
        ),
        quantiles=tuple(
            Quantiles(cut=cut, measures=of_cut, expression=quantile_query(rows, cut, of_cut))
            for cut, of_cut in by_cut.items()
        ),
    )

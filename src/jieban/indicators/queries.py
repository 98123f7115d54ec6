"""The Ibis expressions of one computation: what is staged, counted by grain, and taken as quantiles."""

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Any

import ibis

from jieban.indicators.grains import CohortOf, GrainPlan, Layout, Measure
from jieban.indicators.model import Cohort, Indicator, Window
from jieban.indicators.registry.quantiles import QUANTILES
from jieban.indicators.slices.atoms import Atoms, HandlingAtoms, LetterAtoms, OrderAtoms, yes
from jieban.indicators.slices.facts import Facts
from jieban.indicators.slices.flags import FLAGS, OrderFlags
from jieban.indicators.slices.tables import COUNTED, relation

POINTS = [float(share) for _, _, share in QUANTILES]
PATTERN = "pattern"
ROWS = "rows"


def atoms_of(table: str, facts: Facts, tables: Mapping[str, Any] | None = None) -> Atoms:
    """The atoms of a canonical table; handlings are joined to the orders that bear on how they count.

    `tables` are the Ibis tables to read; by default those with the columns that indicators look at.
    """
    read = tables or {name: relation(name) for name in COUNTED}
    match table:
        case "orders":
            return OrderAtoms(read["orders"], facts)
        case "handlings":
            noted = noted_orders(OrderAtoms(read["orders"], facts))
            handlings = read["handlings"]
            return HandlingAtoms(handlings.left_join(noted, handlings.order_no == noted.noted_no), facts)
        case "letters":
            return LetterAtoms(read["letters"], facts)
        case _:
            raise ValueError(table)


def noted_orders(atoms: OrderAtoms) -> Any:
    """The few orders that bear on how their handlings count: not assessed, merged or split away, dissatisfied."""
    flags = OrderFlags(atoms, rules=atoms.facts.rules)
    void = flags.merged | flags.split
    current = yes(atoms.in_cohort(Cohort.DISPATCHED, Window.CURRENT))
    dissatisfied = flags.dispatched & ~flags.excluded & flags.dissatisfied & current
    return atoms.t.filter(flags.excluded | void | dissatisfied).select(
        noted_no=atoms.t.order_no,
        order_excluded=flags.excluded,
        order_void=void,
        order_dissatisfied=dissatisfied,
    )


def coded_key(column: str) -> str:
    """The name under which counts hold a coded column as it stands in the table.

    One that is a dimension too, of codes that never end (roles), stands there under its own name only.
    """
    return f"as_{column}"


def number_of(indicator: Indicator) -> str:
    """The column whose quantile an indicator takes."""

    class _Name:
        def __getattr__(self, name: str) -> str:
            return name

    if indicator.counts is None:
        raise ValueError(f"{indicator.id} declares no number")
    return str(indicator.counts(_Name()))


class LedgerRows:
    """The rows of a table that a computation looks at, as the engine reads them from the ledger."""

    def __init__(self, table: str, facts: Facts) -> None:
        self.table = table
        self._atoms = atoms_of(table, facts)

    def belonging(self, cohorts: Sequence[CohortOf]) -> Any:
        """The rows of any of the cohorts."""
        return self._atoms.t.filter(
            reduce(or_, (self._atoms.in_cohort(of.cohort, of.window) for of in cohorts))
        )

    def dimension(self, name: str) -> Any:
        """The column of a dimension."""
        return self._atoms.dimension(name)

    def keys(self, dimensions: Sequence[str], layout: Layout) -> dict[str, Any]:
        """The columns that rows are counted by: dimensions, coded columns, and the pattern of the layout."""
        keys = {name: self.dimension(name) for name in dimensions}
        keys |= {
            coded_key(name): self._atoms.t[name]
            for name in layout.coded
            if name not in dimensions or name in self._atoms.facts.carried
        }
        bits = [self._atoms.bit(name) for name in layout.bits]
        bits += [yes(self._atoms.in_cohort(of.cohort, of.window)) for of in layout.cohorts]
        keys[PATTERN] = reduce(or_, (bit.cast("int64") << index for index, bit in enumerate(bits)))
        return keys

    def number(self, measure: Measure) -> Any:
        """The number whose quantile is taken; empty for rows that aren't among the indicator's."""
        indicator = measure.indicator
        if indicator.among is None:
            raise ValueError(f"{indicator.id} declares no rows")
        flags = FLAGS[self.table](self._atoms, rules=self._atoms.facts.rules)
        among = indicator.among(flags) & self._atoms.in_cohort(measure.cohort.cohort, measure.window)
        return ibis.ifelse(among, getattr(self._atoms, number_of(indicator)), ibis.null("int32"))


class StagedRows:
    """Rows that were made once, narrow, because they are read several times: `expression` is what to stage."""

    def __init__(
        self, source: LedgerRows, layout: Layout, dimensions: Sequence[str], of: Sequence[Measure]
    ) -> None:
        columns = source.keys(dimensions, layout)
        columns |= {number_of(measure.indicator): source.number(measure) for measure in of}
        self.name = f"staged_{source.table}"
        self.expression = source.belonging(layout.cohorts).select(**columns)
        self._layout = layout
        self._stored = ibis.table(self.expression.schema(), name=self.name)

    def belonging(self, cohorts: Sequence[CohortOf]) -> Any:
        """The rows of any of the cohorts."""
        mask = sum(self._layout.value(of) for of in cohorts)
        return self._stored.filter((self._stored[PATTERN] & ibis.literal(mask, type="int64")) != 0)

    def dimension(self, name: str) -> Any:
        """The column of a dimension."""
        return self._stored[name]

    def keys(self, dimensions: Sequence[str], layout: Layout) -> dict[str, Any]:
        """The columns that rows are counted by."""
        coded = (key for key in map(coded_key, layout.coded) if key in self._stored.columns)
        return {name: self._stored[name] for name in (*dimensions, *coded, PATTERN)}

    def number(self, measure: Measure) -> Any:
        """The number whose quantile is taken."""
        return self._stored[number_of(measure.indicator)]


Rows = LedgerRows | StagedRows


def grain_query(rows: Rows, plan: GrainPlan, layout: Layout) -> Any:
    """Counts of rows by a grain's dimensions, coded columns and pattern."""
    belonging = rows.belonging(plan.cohorts)
    keys = rows.keys(plan.grain.dimensions, layout)
    return belonging.group_by(**keys).aggregate(**{ROWS: belonging.count()})


def quantile_query(rows: Rows, dimensions: Sequence[str], measures: Sequence[Measure]) -> Any:
    """All quantiles by some dimensions: for each number the list of `POINTS`, and of how many rows."""
    belonging = rows.belonging(tuple(dict.fromkeys(measure.cohort for measure in measures)))
    metrics = {}
    for measure in measures:
        name = number_of(measure.indicator)
        if name not in metrics:
            metrics[name] = rows.number(measure).quantile(POINTS)
            metrics[f"{name}_{ROWS}"] = rows.number(measure).count()
    keys = {name: rows.dimension(name) for name in dimensions}
    return belonging.group_by(**keys).aggregate(**metrics) if keys else belonging.aggregate(**metrics)

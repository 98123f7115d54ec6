"""Computing every indicator of a period."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

import pyarrow as pa

from jieban.indicators.cutoff import latest_recorded
from jieban.indicators.derive import Values, add_derived
from jieban.indicators.engines import EngineName, open_engine
from jieban.indicators.engines.base import Engine
from jieban.indicators.grains import Measure
from jieban.indicators.model import MISSING, Cut, Figures, Kind, Value, Window
from jieban.indicators.period import Period
from jieban.indicators.queries import POINTS, ROWS, number_of
from jieban.indicators.questions import Quantiles, questions_of
from jieban.indicators.registry import REGISTRY
from jieban.indicators.slices.facts import Facts
from jieban.indicators.snapshot import check_fits
from jieban.indicators.sources import Snapshot, Source, bind, threads_for
from jieban.indicators.tally import GrainCounts, Keyed, cut_of, quantile_value, value_of
from jieban.indicators.told import drop_untold, read_told
from jieban.profile.city import Profile

COMPARED = (Window.PREVIOUS, Window.YEAR_BEFORE)


class Computation(Figures):
    """The figures of a period, with what they were computed from."""

    def __init__(
        self,
        values: Mapping[tuple[str, Window], Mapping[Cut, Value]],
        *,
        period: Period,
        windows: Mapping[Window, Period],
        cutoff: datetime,
        profile: Profile,
    ) -> None:
        super().__init__(values, counts=[i.id for i in REGISTRY.values() if i.kind is Kind.COUNT])
        self.period = period
        self.windows = windows
        self.cutoff = cutoff
        self.profile = profile


def compute(
    source: Source,
    profile: Profile,
    period: Period,
    *,
    cutoff: datetime | None = None,
    engine: EngineName = "duckdb",
    url: str | None = None,
    windows: Collection[Window] = COMPARED,
    named_on: date | None = None,
) -> Computation:
    """Every indicator of `period`, and of the windows to compare with what the changes need.

    Renamed and merged codes are counted under those that stand for them on `named_on`, by default the period's last
    day: a later one where the figures are to stand beside those of a later period.

    `cutoff` is the instant up to which the data is taken to be known; by default the snapshot's, else the latest
    plausible instant that the ledger records. Raises BadSource and EngineMissing.
    """
    if isinstance(source, Snapshot):
        check_fits(source, profile, period)
    every = {
        Window.CURRENT: period,
        Window.PREVIOUS: period.previous(),
        Window.YEAR_BEFORE: period.year_before(),
    }
    spans = {window: span for window, span in every.items() if window is Window.CURRENT or window in windows}
    with open_engine(engine, url=url, threads=threads_for(source)) as running:
        bind(running, source)
        if cutoff is None:
            cutoff = (
                source.cutoff
                if isinstance(source, Snapshot)
                else latest_recorded(running, source, profile, period)
            )
        facts = Facts.of(profile, period, every, cutoff.astimezone(UTC), named_on)
        told = read_told(running, facts)
        compared = {window: facts.windows[window] for window in spans}
        values = _computed(running, replace(facts, windows=compared, absent=told.absent), profile)
    drop_untold(values, told)
    add_derived(values, profile, period)
    return Computation(values, period=period, windows=spans, cutoff=facts.cutoff, profile=profile)


def _computed(engine: Engine, facts: Facts, profile: Profile) -> Values:
    values: Values = {}
    groups = {code: unit.group for code, unit in profile.units.items()}
    for asked in questions_of(facts):
        if asked.staged is not None:
            engine.stage(*asked.staged)
        for each in asked.counting:
            table = engine.fetch(each.expression)
            counts = GrainCounts(each.layout, table, of=asked.table, groups=groups, rules=facts.rules)
            for measure in each.plan.measures:
                _store_counts(values, measure, counts.count(measure))
        for by_cut in asked.quantiles:
            _store_quantiles(values, by_cut, engine.fetch(by_cut.expression))
    return values


def _store_counts(values: Values, measure: Measure, keyed: Keyed) -> None:
    stored = values.setdefault((measure.indicator.id, measure.window), {})
    if not measure.cut:
        keyed.setdefault((), (0, 0, 0))
    for keys, (counted, part, among) in keyed.items():
        stored[cut_of(measure.cut, keys)] = value_of(measure.indicator, counted, part, among)


def _store_quantiles(values: Values, asked: Quantiles, table: pa.Table) -> None:
    for found in table.to_pylist():
        keys = [found[dimension] or MISSING for dimension in asked.cut]
        for measure in asked.measures:
            indicator = measure.indicator
            counted = found[f"{number_of(indicator)}_{ROWS}"]
            if counted == 0 and asked.cut:
                continue
            points = found[number_of(indicator)] or [None] * len(POINTS)
            point = points[POINTS.index(float(indicator.quantile or 0))]
            stored = values.setdefault((indicator.id, measure.window), {})
            stored[cut_of(asked.cut, keys)] = quantile_value(indicator, point, counted)

"""What is counted from rows: the registry's indicators by cut and window."""

from collections.abc import Collection
from dataclasses import replace

from jieban.indicators.grains import Measure
from jieban.indicators.model import Cohort, Indicator, Kind, Window
from jieban.indicators.registry import REGISTRY

_COUNTED_KINDS = frozenset({Kind.COUNT, Kind.RATE, Kind.WEIGHTED_RATE})


def wanted_measures(windows: Collection[Window]) -> list[Measure]:
    """Everything added up from rows: the registry's cuts now, and in other windows what changes compare."""
    measures = []
    for indicator in REGISTRY.values():
        if indicator.kind in _COUNTED_KINDS:
            measures += [
                Measure(indicator=_counting(indicator, cut), cut=cut, window=Window.CURRENT)
                for cut in indicator.cuts
            ]
        elif indicator.against is not None and indicator.against in windows:
            of = REGISTRY[indicator.of]
            measures += [Measure(indicator=of, cut=cut, window=indicator.against) for cut in indicator.cuts]
    return measures


def _counting(indicator: Indicator, cut: tuple[str, ...]) -> Indicator:
    if indicator.by_lead is None or cut != ("unit",):
        return indicator
    return replace(indicator, table="handlings", cohort=Cohort.OF_ORDER, counts=indicator.by_lead, among=None)


def wanted_quantiles() -> list[Measure]:
    """Every quantile by each of its cuts."""
    return [
        Measure(indicator=indicator, cut=cut, window=Window.CURRENT)
        for indicator in REGISTRY.values()
        if indicator.kind is Kind.QUANTILE
        for cut in indicator.cuts
    ]

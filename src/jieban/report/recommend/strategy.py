"""What a strategy is: a coded condition that either is silent or gives the figures that its text quotes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from jieban.report.context import Context
from jieban.report.document import Figure
from jieban.report.facts import PERCENT, Facts
from jieban.report.sentences import Part

Findings = Mapping[str, Part]
"""The places of the rule's text with what goes there."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Thresholds:
    """A rule's thresholds as numbers, and as figures that say whose they are."""

    rule: str
    values: Mapping[str, Decimal]
    facts: Facts

    def __getitem__(self, name: str) -> Decimal:
        return self.values[name]

    def whole(self, name: str) -> int:
        """A threshold that counts rows."""
        return int(self.values[name])

    def percent(self, name: str) -> Figure:
        """The threshold as a percentage to print."""
        return self._figure(name, PERCENT)

    def like(self, name: str, indicator: str) -> Figure:
        """The threshold in an indicator's unit."""
        return self._figure(name, self.facts.registry[indicator].unit)

    def _figure(self, name: str, unit: str) -> Figure:
        return self.facts.threshold(f"recommendations.{self.rule}.{name}", self.values[name], unit)


Decide = Callable[[Context, Thresholds], Findings | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Strategy:
    """A coded condition with the thresholds it needs and the places it can fill."""

    decide: Decide
    thresholds: frozenset[str]
    places: frozenset[str]


def strategy(decide: Decide, *, thresholds: str, places: str) -> Strategy:
    """A strategy, its names written with spaces between."""
    return Strategy(decide=decide, thresholds=frozenset(thresholds.split()), places=frozenset(places.split()))

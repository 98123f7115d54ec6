"""Figure runs from computed values: the only place where a number becomes text.

Counts print as they are, rates with the places their indicator declares, except that an exact 0% or 100% prints
without decimals: a rate that merely rounds to 100 keeps them, so that 100% always means every row.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum
from functools import cached_property

from jieban.indicators.model import Figures, Indicator, Kind, Value, Window
from jieban.kernel.numbers import percent
from jieban.report.document import Figure, Measure

PERCENT = "%"
WHOLE = 100


class Direction(Enum):
    """Which way something changed; the nearly level moved by less than the percentage shows."""

    UP = "up"
    DOWN = "down"
    LEVEL = "level"
    NEARLY_UP = "nearly_up"
    NEARLY_DOWN = "nearly_down"


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A change on another period: its direction, the difference and the percentage as figures."""

    direction: Direction
    against: Window
    difference: Figure
    percent: Figure


def printed(value: int | Decimal) -> str:
    """A number as printed: no exponent, no sign."""
    return f"{abs(value):f}" if isinstance(value, Decimal) else str(abs(value))


def printed_percent(value: Decimal, *, exact: bool) -> str:
    """A percentage as printed; `exact` says that it is a whole number without rounding."""
    if exact and value in {Decimal(0), Decimal(WHOLE)}:
        return str(int(value))
    return printed(value)


def _direction(difference: int, rounded: Decimal) -> Direction:
    if difference == 0:
        return Direction.LEVEL
    if rounded == 0:
        return Direction.NEARLY_UP if difference > 0 else Direction.NEARLY_DOWN
    return Direction.UP if difference > 0 else Direction.DOWN


class Facts:
    """The computed values of a report's period, as figures. What was not computed is None, never zero."""

    def __init__(self, figures: Figures, registry: Mapping[str, Indicator], *, share_places: int = 2) -> None:
        self.figures = figures
        self.registry = registry
        self.share_places = share_places

    def has(self, indicator: str, window: Window = Window.CURRENT) -> bool:
        """Whether the indicator was computed for the window."""
        return self.figures.has(indicator, window)

    def value(self, indicator: str, window: Window = Window.CURRENT, /, **cut: str) -> Value | None:
        """The value of a cut, None when the indicator was not computed."""
        if not self.figures.has(indicator, window):
            return None
        return self.figures.get(indicator, window, **cut)

    def number(self, indicator: str, window: Window = Window.CURRENT, /, **cut: str) -> int:
        """A count as a number for comparing and sorting: 0 when not computed or nothing to count."""
        value = self.value(indicator, window, **cut)
        return 0 if value is None or value.value is None else int(value.value)

    def level(self, indicator: str, window: Window = Window.CURRENT, /, **cut: str) -> Decimal | None:
        """A rate, quantile or change as a number for comparing; None when there is none."""
        value = self.value(indicator, window, **cut)
        return None if value is None or value.value is None else Decimal(value.value)

    def parts(
        self, indicator: str, *dimensions: str, window: Window = Window.CURRENT, within: str | None = None
    ) -> dict[str, int]:
        """The counts above zero by the last dimension's key, of the first's key `within` when it is given."""
        return {
            keys[-1]: int(value.value)
            for keys, value in self.rows(indicator, *dimensions, window=window)
            if value.value and (within is None or keys[0] == within)
        }

    def rows(
        self, indicator: str, *dimensions: str, window: Window = Window.CURRENT
    ) -> list[tuple[tuple[str, ...], Value]]:
        """The values cut by exactly these dimensions, by key; nothing when not computed."""
        return self._index.get((indicator, window, dimensions), [])

    @cached_property
    def _index(self) -> dict[tuple[str, Window, tuple[str, ...]], list[tuple[tuple[str, ...], Value]]]:
        index: dict[tuple[str, Window, tuple[str, ...]], list[tuple[tuple[str, ...], Value]]] = {}
        for indicator, window, cut, value in self.figures.items():
            dimensions = tuple(name for name, _ in cut)
            keys = tuple(key for _, key in cut)
            index.setdefault((indicator, window, dimensions), []).append((keys, value))
        return index

    def figure(self, indicator: str, window: Window = Window.CURRENT, /, **cut: str) -> Figure | None:
        """The value as it is printed, None when there is none."""
        value = self.value(indicator, window, **cut)
        if value is None or value.value is None:
            return None
        return self._figure(indicator, value.value, self._text(indicator, value), window, cut)

    def count(self, indicator: str, window: Window = Window.CURRENT, /, **cut: str) -> Figure:
        """A count, 0 when there was nothing to count. Raises KeyError when it was not computed."""
        number = int(self.figures.get(indicator, window, **cut).value or 0)
        return self._figure(indicator, number, printed(number), window, cut)

    def signed(self, indicator: str, /, **cut: str) -> Figure | None:
        """A change as it is printed in a table or a check: a fall with its sign."""
        figure = self.figure(indicator, **cut)
        if figure is None or figure.value is None or figure.value >= 0:
            return figure
        return replace(figure, text=f"-{figure.text}")

    def part(self, indicator: str, measure: Measure, /, **cut: str) -> Figure:
        """A rate's numerator or denominator, as a count of rows. Raises KeyError when it was not computed."""
        value = self.figures.get(indicator, Window.CURRENT, **cut)
        number = value.numerator if measure is Measure.NUMERATOR else value.denominator or 0
        return Figure(
            text=printed(number),
            unit=self.registry["orders.total"].unit,
            value=number,
            indicator=indicator,
            cut=tuple(cut.items()),
            measure=measure,
        )

    def share(self, indicator: str, /, **cut: str) -> Figure | None:
        """The part of the cut in the whole, in percent; None when the whole is nothing or not computed."""
        whole = self.number(indicator)
        part = self.number(indicator, **cut)
        return self._share(indicator, part, whole, cut)

    def share_within(self, indicator: str, outer: str, /, **cut: str) -> Figure | None:
        """The part of the cut in the cut by its `outer` dimension alone, in percent."""
        whole = self.number(indicator, **{outer: cut[outer]})
        return self._share(indicator, self.number(indicator, **cut), whole, cut)

    def ratio(self, indicator: str, whole: str, /) -> Figure | None:
        """One count held against another, in percent; None when either wasn't computed or the other is nothing."""
        if not (self.has(indicator) and self.has(whole)):
            return None
        return self._share(indicator, self.number(indicator), self.number(whole), {})

    def remainder(self, indicator: str, named: int, /, **cut: str) -> Figure:
        """What the cut has beyond the `named` ones."""
        rest = self.number(indicator, **cut) - named
        return self.derived(indicator, rest, Measure.REMAINDER, **cut)

    def derived(self, indicator: str, number: int, measure: Measure, /, **cut: str) -> Figure:
        """A whole number that follows from the indicator's values, in the indicator's unit."""
        return self._figure(indicator, number, printed(number), Window.CURRENT, cut, measure=measure)

    def parts_figure(self, indicator: str, number: int, unit: str, /) -> Figure:
        """How many parts have anything to count, with the counting word of the parts."""
        return Figure(
            text=printed(number), unit=unit, value=number, indicator=indicator, measure=Measure.PARTS
        )

    def threshold(self, name: str, number: int | Decimal, unit: str, /) -> Figure:
        """A number that the profile sets."""
        return Figure(
            text=printed(number),
            unit=unit,
            value=number,
            indicator=name,
            measure=Measure.THRESHOLD,
        )

    def change(self, indicator: str, /, **cut: str) -> Change | None:
        """The change that a CHANGE indicator found; None with nothing to compare or when not computed."""
        declared = self.registry.get(indicator)
        value = self.value(indicator, **cut)
        if declared is None or declared.against is None or value is None or value.value is None:
            return None
        difference, rounded = int(value.numerator), Decimal(value.value)
        return Change(
            direction=_direction(difference, rounded),
            against=declared.against,
            difference=Figure(
                text=printed(difference),
                unit=self.registry[declared.of].unit,
                value=difference,
                indicator=indicator,
                cut=tuple(cut.items()),
                measure=Measure.NUMERATOR,
            ),
            percent=self._figure(indicator, rounded, printed(rounded), Window.CURRENT, cut),
        )

    def _share(self, indicator: str, part: int, whole: int, cut: Mapping[str, str]) -> Figure | None:
        value = percent(part, whole, self.share_places)
        if value is None:
            return None
        return Figure(
            text=printed_percent(value, exact=part in {0, whole}),
            unit=PERCENT,
            value=value,
            indicator=indicator,
            cut=tuple(cut.items()),
            measure=Measure.SHARE,
        )

    def _text(self, indicator: str, value: Value) -> str:
        declared = self.registry[indicator]
        if value.value is None:
            return declared.when_empty
        if declared.unit == PERCENT and declared.kind is not Kind.CHANGE:
            exact = value.numerator in {0, value.denominator}
            return printed_percent(Decimal(value.value), exact=exact)
        return printed(value.value)

    def _figure(
        self,
        indicator: str,
        value: int | Decimal,
        text: str,
        window: Window,
        cut: Mapping[str, str],
        *,
        measure: Measure = Measure.VALUE,
    ) -> Figure:
        declared = self.registry[indicator]
        return Figure(
            text=text,
            unit=declared.unit,
            value=value,
            indicator=indicator,
            cut=tuple(cut.items()),
            window=window.value,
            measure=measure,
        )

"""The figures of a period and of the two that stand beside it, and how they are told."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from urllib.parse import urlencode

from jieban.desks.month.spans import names_of
from jieban.desks.month.summary import Against, Cell, Line, Tile
from jieban.indicators.compute import compute
from jieban.indicators.model import MISSING, Kind, Window
from jieban.indicators.period import Period
from jieban.indicators.registry import REGISTRY, indicator
from jieban.indicators.sources import Source
from jieban.kernel.i18n import tr
from jieban.kernel.numbers import change_percent, percent
from jieban.kernel.typography import fullwidth
from jieban.profile.city import Profile
from jieban.report.facts import PERCENT, Facts

BESIDE = (Window.PREVIOUS, Window.YEAR_BEFORE)
NOTHING = "—"
_VOLUME = {"orders": "orders.total", "handlings": "handlings.total", "letters": "letters.received"}
_LONGEST = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Three:
    """A period's figures with those of the period before and of the year before, each counted alike."""

    profile: Profile
    period: Period
    facts: Mapping[Window, Facts]

    @classmethod
    def counted(cls, source: Source, profile: Profile, period: Period, cutoff: datetime) -> "Three":
        """Count all three from a ledger that holds them, as it was known at `cutoff`, by the period's own codes."""
        registry = {name: indicator(name, profile) for name in REGISTRY}
        spans = {
            Window.CURRENT: period,
            Window.PREVIOUS: period.previous(),
            Window.YEAR_BEFORE: period.year_before(),
        }
        return cls(
            profile=profile,
            period=period,
            facts={
                window: Facts(
                    compute(source, profile, span, cutoff=cutoff, windows=(), named_on=period.last),
                    registry,
                    share_places=profile.counting.share_places,
                )
                for window, span in spans.items()
            },
        )

    @property
    def now(self) -> Facts:
        """The period's own figures."""
        return self.facts[Window.CURRENT]

    def known(self, window: Window, table: str) -> bool:
        """Whether there is anything in a window: where no order is, a rate or a change would mislead."""
        return bool(self.facts[window].number(_VOLUME[table]))

    def beside(self, table: str) -> list[Window]:
        """The windows beside the period in which there is anything."""
        return [window for window in BESIDE if self.known(window, table)]

    def tile(self, name: str, *, label: str = "", behind: str = "") -> Tile:
        """An indicator as a large figure."""
        declared = self.now.registry[name]
        figure = self.now.figure(name)
        return Tile(
            id=name,
            label=label or declared.label,
            text=NOTHING if figure is None else figure.text,
            unit="" if figure is None else figure.unit,
            rule=fullwidth(declared.definition),
            behind=behind,
            against=tuple(self._against(name, window) for window in BESIDE),
        )

    def cells(self, name: str, behind: str, /, **cut: str) -> tuple[Cell, ...]:
        """A count of a cut, its share, and what it was in the other known periods with the change since."""
        count = self.now.number(name, **cut)
        share = percent(count, self.now.number(name), 2)
        cells = [
            Cell(text=str(count), behind=behind if count else ""),
            Cell(text=NOTHING if share is None else f"{share}%"),
        ]
        for window in self.beside(REGISTRY[name].table):
            before = self.facts[window].number(name, **cut)
            cells += [Cell(text=str(before)), Cell(text=_relative(count, before))]
        return tuple(cells)

    def headings(self, counted: str, table: str) -> tuple[str, ...]:
        """The headings over `cells`."""
        names = names_of(self.period)
        beside = [(names[window], tr("较{name}", name=names[window])) for window in self.beside(table)]
        return (counted, tr("占比"), *(word for pair in beside for word in pair))

    def _against(self, name: str, window: Window) -> Against:
        facts = self.facts[window]
        called = names_of(self.period)[window]
        figure = facts.figure(name) if self.known(window, REGISTRY[name].table) else None
        if figure is None or figure.value is None:
            return Against(name=called, text="", change="")
        level = self.now.level(name)
        return Against(
            name=called,
            text=figure.text + ("" if figure.unit == PERCENT else " ") + figure.unit,
            change="" if level is None else self._changed(name, level, Decimal(figure.value), figure.unit),
        )

    def _changed(self, name: str, now: Decimal, before: Decimal, unit: str) -> str:
        if unit == PERCENT:
            return tr("{points} 个百分点", points=_signed(now - before))
        if self.now.registry[name].kind is Kind.COUNT:
            return _relative(int(now), int(before))
        return f"{_signed(now - before)} {unit}"


def _relative(now: int, before: int) -> str:
    change = change_percent(now, before)
    return NOTHING if change is None else f"{_signed(change)}%"


def _signed(value: Decimal) -> str:
    # A true minus is as wide as a plus and as a digit.
    sign = "+" if value > 0 else "−" if value < 0 else "±"
    return f"{sign}{abs(value):f}" if value else f"±{abs(value):f}"


def behind(indicator_id: str, /, **cut: str) -> str:
    """The query of the list of orders behind a figure."""
    return urlencode({"of": indicator_id, **cut})


def with_bars(lines: Iterable[Line], counts: Iterable[int]) -> tuple[Line, ...]:
    """The lines with a bar each, the longest the whole width."""
    numbers = list(counts)
    most = max(numbers, default=0)
    return tuple(
        Line(
            name=line.name,
            cells=line.cells,
            deeper=line.deeper,
            length=f"{_LONGEST * number / most:.1f}" if most else "0",
        )
        for line, number in zip(lines, numbers, strict=True)
    )


def codes(three: Three, name: str, dimension: str) -> list[str]:
    """The keys of a dimension that occur in any of the three, by falling count, those that are missing last."""
    counts: dict[str, tuple[int, int]] = {}
    for window in (Window.CURRENT, *BESIDE):
        for code, count in three.facts[window].parts(name, dimension).items():
            first, second = counts.get(code, (0, 0))
            counts[code] = (count, second) if window is Window.CURRENT else (first, second + count)
    return sorted(counts, key=lambda code: (code == MISSING, -counts[code][0], -counts[code][1], code))

"""Figures made by hand, as `compute` would give them, and what is made of them."""

from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Self

from jieban.indicators.model import Figures, Kind, Value, Window
from jieban.indicators.period import Period
from jieban.indicators.registry import REGISTRY
from jieban.kernel.numbers import percent, round_half_up
from jieban.profile.city import Profile
from jieban.profile.load import load_profile
from jieban.report.context import Context
from jieban.report.document import Block, Note, Paragraph, plain
from jieban.report.known import with_report_names

APRIL = Period.month(2025, 4)
MakeContext = Callable[..., Context]


@cache
def city(name: str) -> Profile:
    """A city's profile, for tests that hypothesis calls: it prints every argument, and a profile is long."""
    return load_profile(name, with_report_names())


def halved(text: str) -> str:
    """As it is typed: full-width marks as half-width ones, so that a test can be read and written."""
    return text.translate({ord(mark) + 0xFEE0: mark for mark in ",:;?!()"})


def told(blocks: list[Block]) -> str:
    """What the paragraphs and notes among the blocks say."""
    return "".join(plain(block.runs) for block in blocks if isinstance(block, Paragraph | Note))


class Numbers:
    """Computed values by hand: as `compute` would give them, one at a time."""

    def __init__(self) -> None:
        self.values: dict[tuple[str, Window], dict[tuple[tuple[str, str], ...], Value]] = {}

    def _put(self, name: str, window: Window, cut: dict[str, str], value: Value) -> Self:
        assert name in REGISTRY, name
        self.values.setdefault((name, window), {})[tuple(cut.items())] = value
        return self

    def count(self, name: str, number: int, window: Window = Window.CURRENT, /, **cut: str) -> Self:
        return self._put(name, window, cut, Value(numerator=number, denominator=None, value=number))

    def rate(self, name: str, part: int, whole: int, /, **cut: str) -> Self:
        value = Value(numerator=part, denominator=whole, value=percent(part, whole))
        return self._put(name, Window.CURRENT, cut, value)

    def level(self, name: str, level: str, rows: int = 40, /, **cut: str) -> Self:
        value = round_half_up(Decimal(level), REGISTRY[name].places)
        return self._put(name, Window.CURRENT, cut, Value(numerator=value, denominator=rows, value=value))

    def change(self, name: str, now: int, before: int | None, /, **cut: str) -> Self:
        base = before or 0
        value = Value(numerator=now - base, denominator=before, value=percent(now - base, base))
        return self._put(name, Window.CURRENT, cut, value)

    def parts(self, name: str, dimension: str, /, **counts: int) -> Self:
        """Counts by one dimension (codes with `_` for `-`) and their sum as the whole."""
        for code, number in counts.items():
            self.count(name, number, **{dimension: code.replace("_", "-")})
        return self.count(name, sum(counts.values()))

    def complete(self) -> Self:
        """Every count there, 0 where nothing was put: as `compute` gives them."""
        for name, declared in REGISTRY.items():
            if declared.kind is Kind.COUNT and () not in self.values.get((name, Window.CURRENT), {}):
                self.count(name, 0)
        return self

    def figures(self) -> Figures:
        return Figures(self.values, counts=[i.id for i in REGISTRY.values() if i.kind is Kind.COUNT])

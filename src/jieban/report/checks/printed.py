"""Changes printed by a document already published, held against what whole numbers allow (ruling 4)."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from jieban.indicators.model import Cut, Window
from jieban.kernel.numbers import change_percent
from jieban.profile.model import PrintedChange
from jieban.report.checks.model import Check, Result
from jieban.report.context import Context
from jieban.report.document import Figure, Measure
from jieban.report.facts import PERCENT, printed
from jieban.report.sentences import Part, Runs

_CHANGES = {Window.PREVIOUS: "change_previous", Window.YEAR_BEFORE: "change_year_before"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Bases:
    """The whole numbers that a count could have grown from: those that give the percentage, else the nearest."""

    exact: tuple[int, ...]
    nearest: int
    nearest_percent: Decimal


def bases(count: int, percent: Decimal) -> Bases | None:
    """Which bases print as `percent` when `count` came of them; None for a fall by all or more (no base does).

    `percent` is signed and carries the decimals that were printed. The base is count ÷ (1 + percent/100): every
    base that rounds to the same percentage lies within half a last digit of it.
    """
    places = max(-int(percent.as_tuple().exponent), 0)
    half = Fraction(1, 2 * 10**places)
    low, high = (1 + (Fraction(percent) + edge) / 100 for edge in (half, -half))
    if high <= 0 or count <= 0:
        return None
    first = int(count / low)
    last = int(count / high) + 1
    tried = [
        (base, found)
        for base in range(max(first - 1, 1), last + 2)
        if (found := change_percent(count, base, places)) is not None
    ]
    if not tried:
        return None
    nearest, found = min(tried, key=lambda item: (abs(item[1] - percent), item[0]))
    return Bases(
        exact=tuple(base for base, value in tried if value == percent),
        nearest=nearest,
        nearest_percent=found,
    )


def _signed(value: Decimal, indicator: str, cut: Cut) -> Figure:
    sign = "-" if value < 0 else ""
    return Figure(
        text=sign + printed(value),
        unit=PERCENT,
        value=value,
        indicator=indicator,
        cut=cut,
    )


def _name(ctx: Context, change: PrintedChange) -> str:
    label = ctx.facts.registry[change.of].label
    for dimension, code in change.cut.items():
        if dimension == "unit":
            return f"{ctx.unit(code)}{label}"
        if dimension == "topic":
            return f"{ctx.topic(code)}{label}"
    return label


def _indicator(change: PrintedChange, window: Window) -> str:
    return f"{change.of.partition('.')[0]}.{_CHANGES[window]}"


def _verdict(ctx: Context, change: PrintedChange) -> tuple[Result, Runs]:
    facts = ctx.facts
    cut = dict(change.cut)
    percent, called = Decimal(change.percent), Window(change.called)
    places: dict[str, Part] = {
        "printed": _signed(percent, f"document.{_indicator(change, called)}", tuple(cut.items())),
        "label": ctx.word(f"label.{called.value}"),
        "count": _count(ctx, change, change.count, Measure.VALUE),
    }
    if facts.has(change.of) and facts.number(change.of, **cut) != change.count:
        now = facts.count(change.of, **cut)
        return Result.WARNING, ctx.say("check.printed.count", **places, now=now)
    other = Window.PREVIOUS if called is Window.YEAR_BEFORE else Window.YEAR_BEFORE
    if facts.level(_indicator(change, called), **cut) == percent:
        return Result.OK, ctx.say("check.printed.right", **places)
    if facts.level(_indicator(change, other), **cut) == percent:
        right = ctx.word(f"label.{other.value}")
        return Result.NOTE, ctx.say("check.printed.label", **places, right=right)
    found = bases(change.count, percent)
    if found is None:
        return Result.NOTE, ctx.say("check.printed.impossible", **places)
    if not found.exact:
        base = _count(ctx, change, found.nearest, Measure.DENOMINATOR)
        nearest = _signed(found.nearest_percent, f"document.{change.of}", tuple(cut.items()))
        return Result.NOTE, ctx.say("check.printed.nearest", **places, base=base, nearest=nearest)
    computed = facts.signed(_indicator(change, called), **cut)
    now_words: Part = computed or ctx.word("check.printed.nothing")
    return Result.WARNING, ctx.say("check.printed.differs", **places, now=now_words)


def _count(ctx: Context, change: PrintedChange, number: int, measure: Measure) -> Figure:
    """A count of the document, or one that follows from what it prints."""
    return Figure(
        text=str(number),
        unit=ctx.facts.registry[change.of].unit,
        value=number,
        indicator=f"document.{change.of}",
        cut=tuple(change.cut.items()),
        measure=measure,
    )


def check_printed(ctx: Context) -> Iterator[Check]:
    """Every printed change that the profile holds of this period's published report and that can be computed."""
    document = ctx.profile.publication.documents.get(ctx.period.code)
    if document is None:
        return
    for number, change in enumerate(document.printed, start=1):
        if not ctx.facts.has(change.of):
            continue
        result, detail = _verdict(ctx, change)
        yield Check(
            id=f"printed.{number}",
            title=ctx.word("check.printed.title", name=_name(ctx, change)),
            result=result,
            detail=detail,
        )

"""Units by the change of their handlings on the other period, the steepest first."""

from dataclasses import dataclass
from decimal import Decimal

from jieban.indicators.model import Window
from jieban.report.build.blocks import chart, paragraph
from jieban.report.build.phrases import change_short, comparisons, listing, named
from jieban.report.build.section import Builder, Options
from jieban.report.build.sections.opening import UNIT_CHANGES
from jieban.report.charts.cuts import cut_at
from jieban.report.context import Context
from jieban.report.document import Block, ChartKind, Series
from jieban.report.facts import Change, Direction
from jieban.report.ordering import leading
from jieban.report.sentences import SEMICOLON, Runs, join, sentence

TOTAL = "handlings.total"
_RISING = (Direction.UP, Direction.NEARLY_UP)
_FALLING = (Direction.DOWN, Direction.NEARLY_DOWN)


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitChange:
    """A unit with the change of its handlings."""

    unit: str
    change: Change


def window_of(ctx: Context) -> Window | None:
    """同比 where the year before is known, else 环比; None where neither is."""
    for window in (Window.YEAR_BEFORE, Window.PREVIOUS):
        if window in comparisons(ctx) and any(
            value.value is not None for _, value in ctx.facts.rows(UNIT_CHANGES[window], "unit")
        ):
            return window
    return None


def changes(ctx: Context, window: Window, minimum: int) -> list[UnitChange]:
    """Units that had at least so many handlings now or then, from the steepest rise to the steepest fall."""
    facts = ctx.facts
    found = []
    for (unit,), value in facts.rows(UNIT_CHANGES[window], "unit"):
        base = value.denominator or 0
        change = facts.change(UNIT_CHANGES[window], unit=unit)
        if change is not None and max(base, facts.number(TOTAL, unit=unit)) >= minimum:
            found.append(UnitChange(unit=unit, change=change))
    position = ctx.profile.units.position
    return sorted(found, key=lambda one: (-(one.change.percent.value or 0), position(one.unit)))


def _said(ctx: Context, way: str, units: list[UnitChange], top: int) -> Runs:
    """How many, and the first of them; of those that changed alike, all or none are named."""
    if not units:
        return ()
    steps = [(one.unit, abs(Decimal(one.change.percent.value or 0))) for one in units]
    shown = len(leading(steps, top)[0])
    items = [
        named(
            ctx,
            ctx.unit_short(one.unit),
            ctx.facts.count(TOTAL, unit=one.unit),
            change_short(ctx, one.change),
        )
        for one in units[:shown]
    ]
    number = ctx.facts.parts_figure(
        UNIT_CHANGES[units[0].change.against], len(units), ctx.word("counter.unit")
    )
    which = "all" if shown == len(units) else "first" if shown else "count"
    return ctx.say(f"unit_changes.{way}.{which}", number=number, units=listing(items))


def make(ctx: Context, options: Options) -> list[Block]:
    """How many units rose and fell, the steepest of each, and the chart; nothing with nothing to compare."""
    window = window_of(ctx)
    if window is None:
        return []
    units = changes(ctx, window, options.number("minimum"))
    if not units:
        return []
    rising = [one for one in units if one.change.direction in _RISING]
    level = [one for one in units if one.change.direction is Direction.LEVEL]
    falling = [one for one in reversed(units) if one.change.direction in _FALLING]
    top = options.number("named")
    clauses = [
        _said(ctx, "rising", rising, top),
        _said(ctx, "falling", falling, top),
        _said(ctx, "level", level, top),
    ]
    base = ctx.word(f"base.{window.value}")
    least = ctx.facts.threshold(
        "outline.unit_changes.minimum", options.number("minimum"), ctx.facts.registry[TOTAL].unit
    )
    lead = ctx.say("unit_changes.lead", base=base, minimum=least)
    blocks = paragraph(sentence([join([lead, join(clauses, SEMICOLON)])]))
    each = options.number("bars")
    shown = units if len(units) <= 2 * each else [*units[:each], *units[-each:]]
    return blocks + chart(
        ctx,
        "unit_changes",
        ChartKind.DIVERGING_BAR,
        [ctx.unit_short(one.unit) for one in shown],
        [
            Series(
                name=ctx.word("series.change", label=ctx.word(f"label.{window.value}")),
                values=tuple(one.change.percent.value for one in shown),
                indicator=UNIT_CHANGES[window],
            )
        ],
        unit="%",
        # The steepest rise, of a unit that had had hardly any, would leave no length to the others.
        cut=cut_at(one.change.percent.value for one in shown),
    )


UNIT_CHANGES_SECTION = Builder(make=make, options={"minimum": 20, "named": 5, "bars": 10})

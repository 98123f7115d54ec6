"""Time to sign and to close: the median and the ninth decile, of orders and by unit."""

from decimal import Decimal

from jieban.report.build.blocks import COUNT, HOURS, Col, cell, chart, paragraph, table
from jieban.report.build.section import Builder, Options
from jieban.report.context import Context, bare
from jieban.report.document import Block, ChartKind, Series
from jieban.report.ordering import falling
from jieban.report.sentences import SEMICOLON, Runs, sentence

TOTAL = "handlings.total"
_CLOSE_MEDIAN, _CLOSE_P90 = "handlings.close_hours_median", "handlings.close_hours_p90"
_BY_UNIT = (
    ("col.sign_median", "handlings.sign_hours_median"),
    ("col.sign_p90", "handlings.sign_hours_p90"),
    ("col.close_median", _CLOSE_MEDIAN),
    ("col.close_p90", _CLOSE_P90),
)
_TENS = 30
"""Among fewer orders, "nine tenths" of them may lie as far off as "eight tenths"."""


def _hours(ctx: Context, stage: str) -> Runs:
    """The median, and the ninth decile of orders enough to have one."""
    median, p90 = (f"orders.{stage}_hours_{name}" for name in ("median", "p90"))
    value, half, most = ctx.facts.value(median), ctx.facts.figure(median), ctx.facts.figure(p90)
    if value is None or half is None or most is None:
        return ()
    orders = value.denominator or 0
    if orders == 1:
        return ctx.say(f"durations.{stage}_single", hours=half)
    return ctx.say(
        f"durations.{stage}" if orders >= _TENS else f"durations.{stage}_few", median=half, p90=most
    )


def slowest(ctx: Context, minimum: int) -> list[tuple[str, Decimal]]:
    """Units with at least so many handlings, by falling p90 of the hours to close, ties in profile order."""
    facts = ctx.facts
    units = [
        (code, level)
        for code, count in facts.parts(TOTAL, "unit").items()
        if count >= minimum and (level := facts.level(_CLOSE_P90, unit=code)) is not None
    ]
    return sorted(units, key=lambda item: (-item[1], ctx.profile.units.position(item[0])))


def make(ctx: Context, options: Options) -> list[Block]:
    """A sentence on orders, a chart of the slowest units, the table of all units for the workbook."""
    facts = ctx.facts
    blocks = paragraph(
        sentence(
            [_hours(ctx, "sign"), _hours(ctx, "close")],
            separator=SEMICOLON,
        )
    )
    units = [code for code, _ in slowest(ctx, options.number("minimum"))[: options.number("top")]]
    if len(units) > 1:
        blocks += chart(
            ctx,
            "durations",
            ChartKind.BAR,
            [ctx.unit_short(code) for code in units],
            [
                Series(
                    name=ctx.word(key),
                    values=tuple(facts.level(indicator, unit=code) for code in units),
                    indicator=indicator,
                )
                for key, indicator in (
                    ("series.close_median", _CLOSE_MEDIAN),
                    ("series.close_p90", _CLOSE_P90),
                )
            ],
            unit=facts.registry[_CLOSE_P90].unit,
        )
    told = [(key, indicator) for key, indicator in _BY_UNIT if facts.has(indicator)]
    if not told:
        return blocks
    return blocks + table(
        ctx,
        "durations",
        (
            Col("col.unit", width=2),
            Col("col.handlings", COUNT),
            *(Col(key, HOURS) for key, _ in told),
        ),
        (
            (
                cell(ctx.unit(code)),
                bare(facts.count(TOTAL, unit=code)),
                *(bare(facts.figure(indicator, unit=code)) for _, indicator in told),
            )
            for code, _ in falling(facts.parts(TOTAL, "unit"), ctx.profile.units)
        ),
        in_body=False,
    )


DURATIONS = Builder(make=make, options={"minimum": 10, "top": 12})

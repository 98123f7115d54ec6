"""When orders come: by day, hour of the day and weekday."""

from datetime import date

from jieban.report.build.blocks import COUNT, PERCENT, Col, cell, chart, paragraph, table
from jieban.report.build.section import Builder, Options
from jieban.report.calendar_words import day_words
from jieban.report.context import Context, bare
from jieban.report.document import Block, ChartKind, Series
from jieban.report.sentences import Runs, sentence

TOTAL = "orders.total"
HOURS_A_DAY = 24


def _counts(ctx: Context, dimension: str) -> list[tuple[str, int]]:
    """Counts by key, zeros included, in the order of time."""
    return [(keys[0], int(value.value or 0)) for keys, value in ctx.facts.rows(TOTAL, dimension)]


def _day(ctx: Context, key: str, *, short: bool) -> str:
    day = date.fromisoformat(key)
    one_month = (ctx.period.first.year, ctx.period.first.month) == (
        ctx.period.last.year,
        ctx.period.last.month,
    )
    if short and one_month:
        return f"{day.day}日"
    return day_words(day, year=ctx.period.first.year != ctx.period.last.year)


def _days(ctx: Context, days: list[tuple[str, int]]) -> Runs:
    if len(days) < 2:  # noqa: PLR2004  # one day has neither most nor least
        return ()
    most, least = max(days, key=lambda item: item[1])[0], min(days, key=lambda item: item[1])[0]
    count = ctx.facts.count(TOTAL, day=most)
    low = ctx.facts.count(TOTAL, day=least)
    if count.value == low.value:
        return ctx.say("rhythm.days_level", count=count)
    return ctx.say(
        "rhythm.days",
        day=_day(ctx, most, short=False),
        count=count,
        low_day=_day(ctx, least, short=False),
        low=low,
    )


def _hours(ctx: Context, hours: list[tuple[str, int]]) -> Runs:
    if not any(n for _, n in hours):
        return ()
    most = max(hours, key=lambda item: item[1])[0]
    return ctx.say(
        "rhythm.hours",
        hours=f"{int(most)}时至{(int(most) + 1)}时",
        count=ctx.facts.count(TOTAL, hour=most),
        share=ctx.facts.share(TOTAL, hour=most) or "",
    )


def _weekdays(ctx: Context, weekdays: list[tuple[str, int]]) -> Runs:
    if len([n for _, n in weekdays if n]) < 2:  # noqa: PLR2004  # all on one weekday is no pattern
        return ()
    most = max(weekdays, key=lambda item: item[1])[0]
    return ctx.say(
        "rhythm.weekdays",
        weekday=ctx.word(f"weekday.{most}"),
        count=ctx.facts.count(TOTAL, weekday=most),
        share=ctx.facts.share(TOTAL, weekday=most) or "",
    )


def make(ctx: Context, options: Options) -> list[Block]:  # noqa: ARG001  # every builder is given its options
    """A paragraph on peaks, then the three distributions as charts and tables of the workbook."""
    facts = ctx.facts
    if not facts.number(TOTAL):
        return []
    days, hours, weekdays = (_counts(ctx, dimension) for dimension in ("day", "hour", "weekday"))
    blocks = paragraph(
        sentence([_days(ctx, days), _hours(ctx, hours), _weekdays(ctx, weekdays)], separator=";")
    )
    unit = facts.registry[TOTAL].unit
    for name, kind, rows, words in (
        ("days", ChartKind.LINE, days, [_day(ctx, key, short=True) for key, _ in days]),
        ("hours", ChartKind.COLUMN, hours, [f"{int(key)}时" for key, _ in hours]),
        ("weekdays", ChartKind.COLUMN, weekdays, [ctx.word(f"weekday.{key}") for key, _ in weekdays]),
    ):
        dimension = name.removesuffix("s")
        if len(rows) > 1:
            series = Series(name=ctx.word("series.orders"), values=tuple(n for _, n in rows), indicator=TOTAL)
            blocks += chart(ctx, name, kind, words, [series], unit=unit)
        blocks += table(
            ctx,
            name,
            (Col(f"col.{dimension}"), Col("col.count", COUNT), Col("col.share", PERCENT)),
            (
                (
                    cell(word),
                    bare(facts.count(TOTAL, **{dimension: key})),
                    bare(facts.share(TOTAL, **{dimension: key})),
                )
                for (key, _), word in zip(rows, words, strict=True)
            ),
            in_body=False,
        )
    return blocks


RHYTHM = Builder(make=make, options={})

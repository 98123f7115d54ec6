"""When orders come: by day, hour of the day and weekday."""

from datetime import date

from jieban.report.build.blocks import COUNT, PERCENT, Col, cell, chart, paragraph, table
from jieban.report.build.phrases import FEW, listing
from jieban.report.build.section import Builder, Options
from jieban.report.calendar_words import day_words
from jieban.report.context import Context, bare
from jieban.report.document import Block, ChartKind, Series
from jieban.report.sentences import SEMICOLON, Runs, sentence

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


def _hour(key: str) -> str:
    return f"{int(key)}时至{int(key) + 1}时"


def _single(ctx: Context, days: list[tuple[str, int]], hours: list[tuple[str, int]]) -> Runs:
    """The one order's moment: a single order has no distribution."""
    day = [_day(ctx, key, short=False) for key, count in days if count]
    hour = [_hour(key) for key, count in hours if count]
    return ctx.say("rhythm.single", day=day[0], hours=hour[0]) if day and hour else ()


def _extreme(ctx: Context, which: str, days: list[tuple[str, int]], count: int) -> Runs:
    """Which days have most or least: few by name, more by their number."""
    alike = [key for key, value in days if value == count]
    idle = which == "least" and count == 0
    key = "rhythm.days_idle" if idle else f"rhythm.days_{which}"
    figure = ctx.facts.count(TOTAL, day=alike[0])
    if len(alike) > FEW:
        number = ctx.facts.parts_figure(TOTAL, len(alike), ctx.word("counter.day"))
        return (
            ctx.say(f"{key}_many", number=number)
            if idle
            else ctx.say(f"{key}_many", number=number, count=figure)
        )
    names = listing(_day(ctx, day, short=False) for day in alike)
    if idle:
        return ctx.say(key, days=names)
    return ctx.say(key if len(alike) == 1 else f"{key}_equal", days=names, count=figure)


def _days(ctx: Context, days: list[tuple[str, int]]) -> Runs:
    if len(days) < 2:  # noqa: PLR2004  # one day has neither most nor least
        return ()
    counts = [count for _, count in days]
    busy = [key for key, count in days if count]
    if min(counts) == max(counts):
        return ctx.say("rhythm.days_level", count=ctx.facts.count(TOTAL, day=days[0][0]))
    if len(busy) == 1:
        return ctx.say("rhythm.days_one", day=_day(ctx, busy[0], short=False))
    if max(counts) == 1:
        number = ctx.facts.parts_figure(TOTAL, len(busy), ctx.word("counter.day"))
        return ctx.say("rhythm.days_singles", number=number, count=ctx.facts.count(TOTAL, day=busy[0]))
    return ctx.say(
        "rhythm.days",
        most=_extreme(ctx, "most", days, max(counts)),
        least=_extreme(ctx, "least", days, min(counts)),
    )


def _peaks(rows: list[tuple[str, int]]) -> list[str]:
    """What has most, unless these are single orders or more than a few: then nothing stands out."""
    most = max((count for _, count in rows), default=0)
    peaks = [key for key, count in rows if count == most]
    return peaks if most > 1 and len(peaks) <= FEW else []


def _hours(ctx: Context, hours: list[tuple[str, int]]) -> Runs:
    busy = [key for key, count in hours if count]
    if len(busy) == 1:
        return ctx.say("rhythm.hours_one", hours=_hour(busy[0]))
    peaks = _peaks(hours)
    if not peaks:
        return ()
    return ctx.say(
        "rhythm.hours" if len(peaks) == 1 else "rhythm.hours_equal",
        hours=listing(_hour(key) for key in peaks),
        count=ctx.facts.count(TOTAL, hour=peaks[0]),
        share=ctx.facts.share(TOTAL, hour=peaks[0]) or "",
    )


def _weekdays(ctx: Context, weekdays: list[tuple[str, int]]) -> Runs:
    if len([n for _, n in weekdays if n]) < 2:  # noqa: PLR2004  # all on one weekday is no pattern
        return ()
    peaks = _peaks(weekdays)
    if not peaks:
        return ()
    one = len(peaks) == 1
    names = listing(ctx.word(f"weekday.{day}") for day in peaks)
    return ctx.say(
        "rhythm.weekdays" if one else "rhythm.weekdays_equal",
        **{"weekday" if one else "weekdays": names},
        count=ctx.facts.count(TOTAL, weekday=peaks[0]),
        share=ctx.facts.share(TOTAL, weekday=peaks[0]) or "",
    )


def make(ctx: Context, options: Options) -> list[Block]:  # noqa: ARG001  # every builder is given its options
    """A paragraph on peaks, then the three distributions as charts and tables of the workbook."""
    facts = ctx.facts
    if not facts.number(TOTAL):
        return []
    days, hours, weekdays = (_counts(ctx, dimension) for dimension in ("day", "hour", "weekday"))
    if facts.number(TOTAL) == 1:
        said = [_single(ctx, days, hours)]
    else:
        said = [_days(ctx, days), _hours(ctx, hours), _weekdays(ctx, weekdays)]
    blocks = paragraph(sentence(said, separator=SEMICOLON))
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

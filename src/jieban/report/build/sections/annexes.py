"""The annexes: every unit's handlings, the late handlings, the dissatisfied orders."""

from datetime import datetime, timedelta

from jieban.profile.model import Stage
from jieban.report.build.blocks import COUNT, PERCENT, TEXT, Col, cell, paragraph, table
from jieban.report.build.phrases import comparisons
from jieban.report.build.section import Builder, Options
from jieban.report.build.sections.opening import UNIT_CHANGES
from jieban.report.context import Context, bare
from jieban.report.details import LateHandling
from jieban.report.document import Align, Block, Edition, Figure, Measure, Run
from jieban.report.masking import mask_text
from jieban.report.ordering import falling

TOTAL = "handlings.total"
_RATES = (("col.on_time_sign", "handlings.on_time_sign"), ("col.on_time_close", "handlings.on_time_close"))
_MINUTES = 60


def _rank(number: int) -> Figure:
    return Figure(text=str(number), unit="", value=number, indicator="", measure=Measure.RANK)


def _units(ctx: Context, *, idle: bool) -> list[str]:
    counts = ctx.facts.parts(TOTAL, "unit")
    if idle and counts:
        day = ctx.period.last
        there = [code for code, unit in ctx.profile.units.items() if unit.validity.covers(day)]
        counts = dict.fromkeys(there, 0) | counts
    return [code for code, _ in falling(counts, ctx.profile.units)]


def _all_units(ctx: Context, options: Options) -> list[Block]:
    """Every unit of the period by falling handlings; `idle` adds those that had none."""
    facts, windows = ctx.facts, comparisons(ctx)
    rates = [(key, rate) for key, rate in _RATES if facts.has(rate)]

    def figures(**cut: str) -> tuple[Run, ...]:
        return (
            bare(facts.count(TOTAL, **cut)),
            bare(facts.share(TOTAL, **cut)),
            *(bare(facts.figure(rate, **cut)) for _, rate in rates),
            *(bare(facts.figure(UNIT_CHANGES[window], **cut)) for window in windows),
        )

    units = _units(ctx, idle=options.flag("idle"))
    if not units:
        return []
    return table(
        ctx,
        "units",
        (
            Col("col.rank", COUNT, width=0.6, align=Align.CENTRE),
            Col("col.unit", width=2.4),
            Col("col.group", width=1.2),
            Col("col.handlings", COUNT),
            Col("col.share", PERCENT),
            *(Col(key, PERCENT, width=1.2) for key, _ in rates),
            *(Col(f"col.change.{window.value}", PERCENT) for window in windows),
        ),
        (
            (_rank(number), cell(ctx.unit(code)), cell(ctx.group_of(code)), *figures(unit=code))
            for number, code in enumerate(units, start=1)
        ),
        total=(cell(""), cell(ctx.word("total")), cell(""), *figures()),
    )


def over_words(ctx: Context, over: timedelta) -> str:
    """A clock time as 2天3小时, 3小时5分 or 5分; less than a minute counts as one."""
    minutes = max(int(over.total_seconds()) // _MINUTES, 1)
    days, rest = divmod(minutes, 24 * _MINUTES)
    hours, minutes = divmod(rest, _MINUTES)
    parts = [(days, "duration.days"), (hours, "duration.hours"), (minutes, "duration.minutes")]
    shown = [ctx.word(key, number=str(number)) for number, key in parts if number]
    return "".join(shown[:2])


def _over(ctx: Context, late: LateHandling) -> Figure:
    """How long in words: no value, so that a workbook doesn't take it for a number of one unit."""
    text = over_words(ctx, late.over) if late.over else "—"
    return Figure(
        text=text if late.actual else ctx.word("late.still_open", over=text),
        unit="",
        value=None,
        indicator=f"handlings.late_{late.stage.value}",
        cut=(("handling", late.handling_no),),
    )


def _moment(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "—"


def _shortened(
    ctx: Context, options: Options, key: str, indicator: str, rows: int
) -> tuple[list[Block], int | None]:
    """Of a list beyond the limit: what is said before it, and how many of its rows paper and page show.

    A document of hundreds of pages is read by nobody, and takes minutes and gigabytes to set.
    """
    if rows <= options.number("limit"):
        return [], None
    shown = options.number("shown")
    said = ctx.say(
        key,
        total=ctx.facts.derived(indicator, rows, Measure.PARTS),
        shown=ctx.facts.threshold(f"outline.{key}", shown, ctx.facts.registry[indicator].unit),
    )
    return paragraph(said), shown


def _late(ctx: Context, options: Options) -> list[Block]:
    """Late sign-fors, then late closes, each with its deadline and how long it went over.

    A list too long to be shown whole begins with those that went over longest.
    """
    blocks: list[Block] = []
    for stage, name in ((Stage.SIGN, "late_sign"), (Stage.CLOSE, "late_close")):
        rows = [late for late in ctx.details.late if late.stage is stage]
        before, shown = _shortened(ctx, options, f"annexes.shown_{name}", f"handlings.{name}", len(rows))
        if shown is not None:
            rows.sort(key=lambda late: -late.over)
        blocks += before
        blocks += table(
            ctx,
            name,
            (
                Col("col.rank", COUNT, width=0.6, align=Align.CENTRE),
                Col("col.order_no", width=2),
                Col("col.unit", width=1.6),
                Col("col.deadline", width=1.8, align=Align.CENTRE),
                Col(f"col.actual_{stage.value}", width=1.8, align=Align.CENTRE),
                Col("col.over", TEXT, width=1.4, align=Align.RIGHT),
            ),
            (
                (
                    _rank(number),
                    cell(late.order_no),
                    cell(ctx.unit_short(late.unit)),
                    cell(_moment(late.deadline)),
                    cell(_moment(late.actual)),
                    _over(ctx, late),
                )
                for number, late in enumerate(rows, start=1)
            ),
            shown=shown,
        )
    return blocks


def _dissatisfied(ctx: Context, options: Options) -> list[Block]:
    """Dissatisfied orders with what was asked and answered; persons are masked in the public edition."""
    public = ctx.edition is Edition.PUBLIC

    def said(text: str, requester: str) -> str:
        return mask_text(text, [requester]) if public else text

    orders = ctx.details.dissatisfied
    before, shown = _shortened(ctx, options, "annexes.shown_dissatisfied", "orders.dissatisfied", len(orders))
    return before + table(
        ctx,
        "dissatisfied",
        (
            Col("col.rank", COUNT, width=0.5, align=Align.CENTRE),
            Col("col.order_no", width=1.6),
            Col("col.lead_unit", width=1.2),
            Col("col.subtopic", width=1.2),
            Col("col.content", width=3),
            Col("col.reply", width=3),
        ),
        (
            (
                _rank(number),
                cell(order.order_no),
                cell(ctx.unit_short(order.unit)),
                cell(ctx.subtopic(order.topic, order.subtopic) if order.subtopic else ctx.topic(order.topic)),
                cell(said(order.content, order.requester) or "—"),
                cell(said(order.reply, order.requester) or "—"),
            )
            for number, order in enumerate(orders, start=1)
        ),
        verbatim=True,
        shown=shown,
    )


ANNEX_UNITS = Builder(make=_all_units, options={"idle": True}, annex=True)
ANNEX_LATE = Builder(make=_late, options={"limit": 300, "shown": 50}, annex=True)
ANNEX_DISSATISFIED = Builder(make=_dissatisfied, options={"limit": 300, "shown": 50}, annex=True)

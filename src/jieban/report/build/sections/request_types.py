"""Request types: each with its share, as a sentence, a table and a chart."""

from jieban.report.build.blocks import COUNT, PERCENT, Col, cell, chart, paragraph, table
from jieban.report.build.section import Builder, Options
from jieban.report.context import Context, bare
from jieban.report.document import Block, ChartKind, Series
from jieban.report.ordering import falling
from jieban.report.sentences import SEMICOLON, Runs, join

TOTAL = "orders.total"


def _lead(ctx: Context, types: list[tuple[str, int]]) -> Runs:
    if len(types) == 1:
        code = types[0][0]
        return ctx.say(
            "types.single" if types[0][1] == 1 else "types.one",
            type=ctx.request_type(code),
            count=ctx.facts.count(TOTAL, request_type=code),
        )
    items = [
        ctx.say(
            "types.item",
            type=ctx.request_type(code),
            count=ctx.facts.count(TOTAL, request_type=code),
            share=ctx.facts.share(TOTAL, request_type=code) or "",
        )
        for code, _ in types
    ]
    return ctx.say("types.list", types=join(items, SEMICOLON))


def make(ctx: Context, options: Options) -> list[Block]:
    """The types by falling count; those without orders stand in the table only."""
    facts = ctx.facts
    counts = facts.parts(TOTAL, "request_type")
    if not counts:
        return []
    types = falling(counts, ctx.profile.request_types)
    there = (each.code for each in ctx.profile.request_types.valid_on(ctx.period.last))
    every = falling(dict.fromkeys(there, 0) | counts, ctx.profile.request_types)
    blocks = paragraph(_lead(ctx, types))
    blocks += chart(
        ctx,
        "types",
        ChartKind.DONUT,
        [ctx.request_type(code) for code, _ in types],
        [Series(name=ctx.word("series.orders"), values=tuple(n for _, n in types), indicator=TOTAL)],
        unit=facts.registry[TOTAL].unit,
    )
    blocks += table(
        ctx,
        "types",
        (Col("col.type", width=2), Col("col.count", COUNT), Col("col.share", PERCENT)),
        (
            (
                cell(ctx.request_type(code)),
                bare(facts.count(TOTAL, request_type=code)),
                bare(facts.share(TOTAL, request_type=code)),
            )
            for code, _ in every
        ),
        total=(cell(ctx.word("total")), bare(facts.count(TOTAL)), bare(facts.share(TOTAL))),
        in_body=options.flag("table"),
    )
    return blocks


REQUEST_TYPES = Builder(make=make, options={"table": True})

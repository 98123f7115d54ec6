"""Where the matters lie: streets by count, and the heat map of topic and street."""

from jieban.report.build.blocks import COUNT, PERCENT, Col, cell, chart, paragraph, table
from jieban.report.build.phrases import listing, named
from jieban.report.build.section import Builder, Options
from jieban.report.build.topics import topics_by_count
from jieban.report.context import UNKNOWN, Context, bare
from jieban.report.document import Block, ChartKind, Series
from jieban.report.ordering import falling, in_order
from jieban.report.sentences import Runs, sentence

TOTAL = "orders.total"


def _streets(ctx: Context, streets: list[tuple[str, int]], unknown: int, top: int) -> Runs:
    facts = ctx.facts
    items = [named(ctx, ctx.street(code), facts.count(TOTAL, street=code)) for code, _ in streets[:top]]
    if len(streets) == 1 and not unknown:
        head = ctx.say("places.one", street=ctx.street(streets[0][0]))
    elif len(streets) > top:
        head = ctx.say("places.top", streets=listing(items))
    else:
        head = ctx.say("places.all", streets=listing(items))
    rest = ctx.say("places.unknown", count=facts.count(TOTAL, street=UNKNOWN)) if unknown else ()
    return sentence([head, rest])


def hottest(ctx: Context) -> tuple[str, str] | None:
    """The topic and street with most orders together; ties in profile order; None when no street is known."""
    cells = [
        ((keys[0], keys[1]), int(value.value))
        for keys, value in ctx.facts.rows(TOTAL, "topic", "street")
        if value.value and keys[1] != UNKNOWN
    ]
    if not cells:
        return None
    topics, streets = ctx.profile.order_topics, ctx.profile.streets
    return min(cells, key=lambda item: (-item[1], topics.position(item[0][0]), streets.position(item[0][1])))[
        0
    ]


def _hottest(ctx: Context) -> Runs:
    found = hottest(ctx)
    if found is None:
        return ()
    topic, street = found
    return ctx.say(
        "places.hottest",
        topic=ctx.topic(topic),
        street=ctx.street(street),
        count=ctx.facts.count(TOTAL, topic=topic, street=street),
        share=ctx.facts.share_within(TOTAL, "topic", topic=topic, street=street) or "",
    )


def _heat_map(ctx: Context, streets: list[str], rows: int) -> list[Block]:
    """Topics from the most frequent down, streets in profile order."""
    facts = ctx.facts
    columns = in_order(streets, ctx.profile.streets)
    return chart(
        ctx,
        "heat",
        ChartKind.HEATMAP,
        [ctx.street(code) for code in columns],
        [
            Series(
                name=ctx.topic(topic),
                values=tuple(facts.number(TOTAL, topic=topic, street=code) for code in columns),
                indicator=TOTAL,
            )
            for topic, _ in topics_by_count(ctx)[:rows]
        ],
        unit=facts.registry[TOTAL].unit,
    )


def make(ctx: Context, options: Options) -> list[Block]:
    """Nothing when no order says where its matter lies."""
    facts = ctx.facts
    counts = facts.parts(TOTAL, "street")
    unknown = counts.pop(UNKNOWN, 0)
    streets = falling(counts, ctx.profile.streets)
    if not streets:
        return []
    blocks = paragraph(_streets(ctx, streets, unknown, options.number("top")), _hottest(ctx))
    blocks += _heat_map(ctx, [code for code, _ in streets], options.number("topics"))
    every = [*streets, *([(UNKNOWN, unknown)] if unknown else [])]
    return blocks + table(
        ctx,
        "streets",
        (Col("col.street", width=2), Col("col.count", COUNT), Col("col.share", PERCENT)),
        (
            (
                cell(ctx.street(code)),
                bare(facts.count(TOTAL, street=code)),
                bare(facts.share(TOTAL, street=code)),
            )
            for code, _ in every
        ),
        total=(cell(ctx.word("total")), bare(facts.count(TOTAL)), bare(facts.share(TOTAL))),
        in_body=options.flag("table"),
    )


PLACES = Builder(make=make, options={"top": 5, "topics": 10, "table": False})

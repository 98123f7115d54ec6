"""Where the matters lie: streets by count, and the heat map of topic and street."""

from jieban.report.build.blocks import COUNT, PERCENT, Col, cell, chart, paragraph, table
from jieban.report.build.phrases import FEW, listing, named
from jieban.report.build.section import Builder, Options
from jieban.report.build.sections.topics import topics_by_count
from jieban.report.context import UNKNOWN, Context, bare
from jieban.report.document import Block, ChartKind, Series
from jieban.report.ordering import falling, in_order, leading
from jieban.report.sentences import Runs, sentence

TOTAL = "orders.total"


def _streets(ctx: Context, streets: list[tuple[str, int]], unknown: int, top: int) -> Runs:
    """The streets with most orders; of streets with as many, all or none are named."""
    facts = ctx.facts
    shown, equal = leading(streets, top)
    items = [named(ctx, ctx.street(code), facts.count(TOTAL, street=code)) for code, _ in shown]
    if len(streets) == 1 and not unknown:
        key = "places.single" if streets[0][1] == 1 else "places.one"
        head = ctx.say(key, street=ctx.street(streets[0][0]))
    elif not shown:
        head = ctx.say(
            "places.level" if equal == len(streets) else "places.equal",
            number=facts.parts_figure(TOTAL, equal, ctx.word("counter.place")),
            count=facts.count(TOTAL, street=streets[0][0]),
        )
    elif len(streets) > len(shown):
        head = ctx.say("places.top", streets=listing(items))
    else:
        head = ctx.say("places.all", streets=listing(items))
    rest = ctx.say("places.unknown", count=facts.count(TOTAL, street=UNKNOWN)) if unknown else ()
    return sentence([head, rest])


def hottest(ctx: Context) -> list[tuple[str, str]]:
    """The topics and streets with most orders together, in profile order; nothing when no street is known."""
    cells = [
        ((keys[0], keys[1]), int(value.value))
        for keys, value in ctx.facts.rows(TOTAL, "topic", "street")
        if value.value and keys[1] != UNKNOWN
    ]
    if not cells:
        return []
    topics, streets = ctx.profile.order_topics, ctx.profile.streets
    most = max(count for _, count in cells)
    return sorted(
        (pair for pair, count in cells if count == most),
        key=lambda pair: (topics.position(pair[0]), streets.position(pair[1])),
    )


def _hottest(ctx: Context) -> Runs:
    """Where one kind of matter gathers; nothing where it is single orders, or as many in more places than few."""
    found = hottest(ctx)
    if not found or len(found) > FEW:
        return ()
    topic, street = found[0]
    count = ctx.facts.count(TOTAL, topic=topic, street=street)
    if count.value == 1:
        return ()
    if len(found) == 1:
        return ctx.say(
            "places.hottest",
            topic=ctx.topic(topic),
            street=ctx.street(street),
            count=count,
            share=ctx.facts.share_within(TOTAL, "topic", topic=topic, street=street) or "",
        )
    spots = [ctx.say("places.spot", topic=ctx.topic(one), street=ctx.street(where)) for one, where in found]
    return ctx.say("places.hottest_equal", spots=listing(spots), count=count)


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
    blocks = paragraph(
        _streets(ctx, streets, unknown, options.number("top")),
        _hottest(ctx) if len(streets) > 1 else (),
    )
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

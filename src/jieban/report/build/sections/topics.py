"""Hot topics: every topic with its share, every subtopic by falling count (ruling 5)."""

from jieban.indicators.model import Window
from jieban.report.build.blocks import COUNT, PERCENT, Col, cell, chart, paragraph, table
from jieban.report.build.phrases import comparisons, listing, named, numbered
from jieban.report.build.section import Builder, Options
from jieban.report.context import UNKNOWN, Context, bare
from jieban.report.document import Block, ChartKind, Figure, Run, Series
from jieban.report.ordering import falling, is_last
from jieban.report.sentences import Runs, sentence, strong

TOTAL = "orders.total"
_CHANGES = {Window.PREVIOUS: "orders.change_previous", Window.YEAR_BEFORE: "orders.change_year_before"}


def topics_by_count(ctx: Context) -> list[tuple[str, int]]:
    """The topics that had orders, by falling count."""
    register = ctx.profile.order_topics
    return falling(ctx.facts.parts(TOTAL, "topic"), register, last=is_last(register))


def subtopics_by_count(
    ctx: Context, counts: dict[str, int], scheme: str, topic: str
) -> list[tuple[str, int]]:
    """Named subtopics by falling count, 其他 last; orders without a subtopic are not among them."""
    register = ctx.profile.subtopics(scheme, topic)
    with_name = {code: n for code, n in counts.items() if code != UNKNOWN}
    return falling(with_name, register, last=is_last(register))


def subtopic_sentence(
    ctx: Context, items: list[tuple[str, Figure]], total: int, unnamed: Figure | None
) -> Runs:
    """主要涉及…; 均为… when one subtopic is all there is; nothing for a topic that has no subtopics."""
    if not items:
        return ()
    if len(items) == 1 and items[0][1].value == total:
        name, count = items[0]
        key = "topics.single" if total == 1 else "topics.all_one"
        return sentence([ctx.say(key, item=named(ctx, name, count))])
    parts = [named(ctx, name, count) for name, count in items]
    if unnamed is not None:
        parts.append(ctx.say("topics.unnamed", count=unnamed))
    return sentence([ctx.say("topics.involves", items=listing(parts))])


def _subtopics(ctx: Context, topic: str) -> Runs:
    facts, scheme = ctx.facts, ctx.profile.order_scheme
    total = facts.number(TOTAL, topic=topic)
    counts = facts.parts(TOTAL, "topic", "subtopic", within=topic)
    ranked = subtopics_by_count(ctx, counts, scheme, topic)
    items = [
        (ctx.subtopic(topic, code), facts.count(TOTAL, topic=topic, subtopic=code)) for code, _ in ranked
    ]
    named_orders = sum(n for _, n in ranked)
    unnamed = facts.remainder(TOTAL, named_orders, topic=topic) if named_orders < total else None
    return subtopic_sentence(ctx, items, total, unnamed)


def _topic(ctx: Context, number: int, code: str) -> list[Block]:
    head = ctx.say(
        "topics.head",
        topic=ctx.topic(code),
        count=ctx.facts.count(TOTAL, topic=code),
        share=ctx.facts.share(TOTAL, topic=code) or "",
    )
    return paragraph(numbered(number, strong(head)), _subtopics(ctx, code))


def _tables(ctx: Context, topics: list[tuple[str, int]], *, in_body: bool) -> list[Block]:
    facts, windows = ctx.facts, comparisons(ctx)

    def changes(**cut: str) -> tuple[Run, ...]:
        return tuple(bare(facts.figure(_CHANGES[window], **cut)) for window in windows)

    blocks = table(
        ctx,
        "topics",
        (
            Col("col.topic", width=2),
            Col("col.count", COUNT),
            Col("col.share", PERCENT),
            *(Col(f"col.change.{window.value}", PERCENT) for window in windows),
        ),
        (
            (
                cell(ctx.topic(code)),
                bare(facts.count(TOTAL, topic=code)),
                bare(facts.share(TOTAL, topic=code)),
                *changes(topic=code),
            )
            for code, _ in topics
        ),
        total=(cell(ctx.word("total")), bare(facts.count(TOTAL)), bare(facts.share(TOTAL)), *changes()),
        in_body=in_body,
    )
    rows: list[tuple[Run, ...]] = []
    for topic, _ in topics:
        counts = facts.parts(TOTAL, "topic", "subtopic", within=topic)
        rows += [
            (
                cell(ctx.topic(topic)),
                cell(ctx.subtopic(topic, code)),
                bare(facts.count(TOTAL, topic=topic, subtopic=code)),
                bare(facts.share_within(TOTAL, "topic", topic=topic, subtopic=code)),
            )
            for code, _ in subtopics_by_count(ctx, counts, ctx.profile.order_scheme, topic)
        ]
    return blocks + table(
        ctx,
        "subtopics",
        (
            Col("col.topic", width=2),
            Col("col.subtopic", width=2),
            Col("col.count", COUNT),
            Col("col.share_topic", PERCENT),
        ),
        rows,
        in_body=False,
    )


def make(ctx: Context, options: Options) -> list[Block]:
    """An introduction, the chart, a numbered paragraph a topic, the tables."""
    topics = topics_by_count(ctx)
    if not topics:
        return []
    level = topics[0][1] == min(count for _, count in topics)
    key = "topics.intro_one" if len(topics) == 1 else "topics.intro_level" if level else "topics.intro"
    blocks = paragraph(ctx.say(key))
    # Before the topics one by one: their words fill the page that the picture has no room on.
    blocks += chart(
        ctx,
        "topics",
        ChartKind.BAR,
        [ctx.topic(code) for code, _ in topics],
        [Series(name=ctx.word("series.orders"), values=tuple(n for _, n in topics), indicator=TOTAL)],
        unit=ctx.facts.registry[TOTAL].unit,
    )
    for number, (code, _) in enumerate(topics, start=1):
        blocks += _topic(ctx, number, code)
    return blocks + _tables(ctx, topics, in_body=options.flag("table"))


TOPICS = Builder(make=make, options={"table": False})

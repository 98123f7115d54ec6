"""Leaders' mailboxes: letters received, closed, transferred, answered directly; by unit; by the box's own topics.

Letters are no orders: they lie outside every other section's figures (ruling 2).
"""

from jieban.report.build.blocks import COUNT, PERCENT, Col, cell, chart, paragraph, table
from jieban.report.build.phrases import listing, numbered
from jieban.report.build.section import Builder, Options
from jieban.report.build.sections.topics import subtopic_sentence, subtopics_by_count
from jieban.report.build.sheets import mailbox_figures, mailboxes_there
from jieban.report.context import Context, bare
from jieban.report.document import Block, ChartKind, Heading, Run, Series
from jieban.report.ordering import falling, is_last
from jieban.report.sentences import Runs, sentence, strong

RECEIVED = "letters.received"
CLOSED = "letters.closed"


def _closing(ctx: Context, mailbox: str) -> Runs:
    facts = ctx.facts
    if not facts.has(CLOSED):
        return ()
    received, closed, refused = (
        facts.number(name, mailbox=mailbox) for name in (RECEIVED, CLOSED, "letters.refused")
    )
    if refused:
        return _closing_of_others(ctx, mailbox, refused)
    if closed == received:
        return ctx.say("mailbox.one_closed" if received == 1 else "mailbox.all_closed")
    if closed == 0:
        return ctx.say("mailbox.one_open" if received == 1 else "mailbox.none_closed")
    return ctx.say(
        "mailbox.some_closed",
        closed=facts.count(CLOSED, mailbox=mailbox),
        open=facts.remainder(RECEIVED, closed, mailbox=mailbox),
    )


def _closing_of_others(ctx: Context, mailbox: str, refused: int) -> Runs:
    """What is closed and what is open beside letters that were refused, which are neither."""
    facts = ctx.facts
    closed = facts.number(CLOSED, mailbox=mailbox)
    still_open = facts.number(RECEIVED, mailbox=mailbox) - refused - closed
    said = {
        "closed": facts.count(CLOSED, mailbox=mailbox),
        "open": facts.remainder(RECEIVED, closed + refused, mailbox=mailbox),
    }
    if closed and still_open:
        return ctx.say("mailbox.some_closed", **said)
    if closed:
        return ctx.say("mailbox.part_closed", closed=said["closed"])
    return ctx.say("mailbox.part_open", open=said["open"]) if still_open else ()


def _ways(ctx: Context, mailbox: str) -> Runs:
    ways = [
        ctx.say(key, count=ctx.facts.count(indicator, mailbox=mailbox))
        for key, indicator in (
            ("mailbox.transferred", "letters.transferred"),
            ("mailbox.answered", "letters.answered"),
            ("mailbox.refused", "letters.refused"),
            ("mailbox.pending", "letters.pending"),
        )
        if ctx.facts.number(indicator, mailbox=mailbox)
    ]
    if not ways:
        return ()
    single = ctx.facts.number(RECEIVED, mailbox=mailbox) == 1
    return ctx.say("mailbox.way" if single else "mailbox.ways", ways=listing(ways))


def summary(ctx: Context, mailbox: str) -> Runs:
    """One sentence a mailbox: 州长信箱:本月收到来信73件,均已办结,其中转办73件."""
    name = ctx.profile.mailboxes[mailbox].name
    if not ctx.facts.number(RECEIVED, mailbox=mailbox):
        return sentence([ctx.say("mailbox.none", mailbox=name)])
    return sentence(
        [
            ctx.say("mailbox.received", mailbox=name, count=ctx.facts.count(RECEIVED, mailbox=mailbox)),
            _closing(ctx, mailbox),
            _ways(ctx, mailbox),
        ]
    )


def mailbox_topics(ctx: Context, mailbox: str) -> list[tuple[str, int]]:
    """The topics that the mailbox's letters had, by falling count."""
    register = ctx.profile.schemes.get(ctx.profile.mailboxes[mailbox].scheme)
    counts = ctx.facts.parts(RECEIVED, "mailbox", "topic", within=mailbox)
    return falling(counts, register, last=is_last(register)) if register is not None else []


def _subtopic_counts(ctx: Context, mailbox: str, topic: str) -> dict[str, int]:
    return {
        keys[2]: int(value.value)
        for keys, value in ctx.facts.rows(RECEIVED, "mailbox", "topic", "subtopic")
        if keys[:2] == (mailbox, topic) and value.value
    }


def _subtopics(ctx: Context, mailbox: str, topic: str) -> Runs:
    facts, scheme = ctx.facts, ctx.profile.mailboxes[mailbox].scheme
    counts = _subtopic_counts(ctx, mailbox, topic)
    total = facts.number(RECEIVED, mailbox=mailbox, topic=topic)
    ranked = subtopics_by_count(ctx, counts, scheme, topic)
    items = [
        (
            ctx.subtopic(topic, code, scheme),
            facts.count(RECEIVED, mailbox=mailbox, topic=topic, subtopic=code),
        )
        for code, _ in ranked
    ]
    with_name = sum(n for _, n in ranked)
    unnamed = (
        facts.remainder(RECEIVED, with_name, mailbox=mailbox, topic=topic) if with_name < total else None
    )
    return subtopic_sentence(ctx, items, total, unnamed)


def _topics(ctx: Context, mailbox: str) -> list[Block]:
    topics = mailbox_topics(ctx, mailbox)
    if not topics:
        return []
    scheme = ctx.profile.mailboxes[mailbox].scheme
    blocks: list[Block] = [Heading(2, "", ctx.profile.mailboxes[mailbox].name, f"mailbox-{mailbox}")]
    for number, (code, _) in enumerate(topics, start=1):
        head = ctx.say(
            "mailbox.topic",
            topic=ctx.topic(code, scheme),
            count=ctx.facts.count(RECEIVED, mailbox=mailbox, topic=code),
        )
        blocks += paragraph(numbered(number, strong(head)), _subtopics(ctx, mailbox, code))
    return blocks


def _units(ctx: Context) -> list[Block]:
    facts = ctx.facts
    units = falling(facts.parts(RECEIVED, "unit"), ctx.profile.units)
    units = [(code, n) for code, n in units if code]
    closed = facts.has(CLOSED)
    blocks = chart(
        ctx,
        "mailbox_units",
        ChartKind.BAR,
        [ctx.unit_short(code) for code, _ in units],
        [
            Series(name=ctx.word("series.letters"), values=tuple(n for _, n in units), indicator=RECEIVED),
            *(
                Series(
                    name=ctx.word("series.letters_closed"),
                    values=tuple(facts.number(CLOSED, unit=code) for code, _ in units),
                    indicator=CLOSED,
                )
                for _ in range(closed)
            ),
        ],
        unit=facts.registry[RECEIVED].unit,
    )
    return blocks + table(
        ctx,
        "mailbox_units",
        (
            Col("col.unit", width=2),
            Col("col.letters", COUNT),
            *(Col("col.letters_closed", COUNT) for _ in range(closed)),
        ),
        (
            (
                cell(ctx.unit(code)),
                bare(facts.count(RECEIVED, unit=code)),
                *(bare(facts.count(CLOSED, unit=code)) for _ in range(closed)),
            )
            for code, _ in units
        ),
        in_body=False,
    )


def _topic_table(ctx: Context) -> list[Block]:
    facts = ctx.facts
    rows: list[tuple[Run, ...]] = []
    for mailbox in mailboxes_there(ctx):
        scheme = ctx.profile.mailboxes[mailbox].scheme
        for topic, _ in mailbox_topics(ctx, mailbox):
            counts = _subtopic_counts(ctx, mailbox, topic)
            rows += [
                (
                    cell(ctx.profile.mailboxes[mailbox].name),
                    cell(ctx.topic(topic, scheme)),
                    cell(ctx.subtopic(topic, code, scheme)),
                    bare(facts.count(RECEIVED, mailbox=mailbox, topic=topic, subtopic=code)),
                    bare(
                        facts.share_within(RECEIVED, "mailbox", mailbox=mailbox, topic=topic, subtopic=code)
                    ),
                )
                for code, _ in subtopics_by_count(ctx, counts, scheme, topic)
            ]
    return table(
        ctx,
        "mailbox_topics",
        (
            Col("col.mailbox", width=1.5),
            Col("col.topic", width=2),
            Col("col.subtopic", width=2),
            Col("col.letters", COUNT),
            Col("col.share_mailbox", PERCENT),
        ),
        rows,
        in_body=False,
    )


def make(ctx: Context, options: Options) -> list[Block]:  # noqa: ARG001  # every builder is given its options
    """Nothing for a city without mailboxes."""
    if not ctx.profile.mailboxes or not ctx.facts.has(RECEIVED):
        return []
    blocks: list[Block] = []
    for mailbox in mailboxes_there(ctx):
        blocks += paragraph(summary(ctx, mailbox))
    if not ctx.facts.number(RECEIVED):
        return blocks
    units = _units(ctx)
    if units:
        blocks += paragraph(ctx.say("mailbox.chart"))
    blocks += units
    topics = [block for mailbox in mailboxes_there(ctx) for block in _topics(ctx, mailbox)]
    if topics:
        blocks += paragraph(ctx.say("mailbox.topics"))
    return [*blocks, *topics, *mailbox_figures(ctx), *_topic_table(ctx)]


MAILBOXES = Builder(make=make, options={})

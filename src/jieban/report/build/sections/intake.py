"""How requests came in and what became of them: three different volumes (ruling 2), and the channels."""

from jieban.report.build.blocks import COUNT, PERCENT, Col, cell, chart, paragraph, table
from jieban.report.build.phrases import listing
from jieban.report.build.section import Builder, Options
from jieban.report.context import UNKNOWN, Context, bare
from jieban.report.document import Block, ChartKind, Series
from jieban.report.ordering import falling
from jieban.report.sentences import Runs, join, sentence

TOTAL = "orders.total"


def _volumes(ctx: Context) -> Runs:
    """Received, and of these answered at once, refused and dispatched; nothing where all were dispatched."""
    facts = ctx.facts
    others = [
        ctx.say(key, count=facts.count(indicator))
        for key, indicator in (("intake.answered", "orders.answered"), ("intake.refused", "orders.refused"))
        if facts.number(indicator)
    ]
    if not others:
        return ()
    received = facts.count("orders.received")
    for key, indicator in (
        ("intake.all_answered", "orders.answered"),
        ("intake.all_refused", "orders.refused"),
    ):
        if facts.number(indicator) == received.value:
            return ctx.say(key, count=received)
    dispatched = ctx.say("intake.dispatched", count=facts.count(TOTAL)) if facts.number(TOTAL) else ()
    return sentence([ctx.say("intake.received", count=received, ways=listing([*others, dispatched]))])


def _channels(ctx: Context, channels: list[tuple[str, int]], unknown: int) -> Runs:
    facts = ctx.facts
    if not channels:
        return ()
    if len(channels) == 1 and not unknown:
        key = "intake.single" if channels[0][1] == 1 else "intake.one_channel"
        return ctx.say(key, channel=ctx.channel(channels[0][0]))
    items = [
        ctx.say(
            "intake.channel",
            channel=ctx.channel(code),
            count=facts.count(TOTAL, channel=code),
            share=facts.share(TOTAL, channel=code) or "",
        )
        for code, _ in channels
    ]
    rest = ctx.say("intake.unknown", count=facts.count(TOTAL, channel=UNKNOWN)) if unknown else ()
    return sentence([join([ctx.say("intake.channels", channels=listing(items)), rest], ",")])


def make(ctx: Context, options: Options) -> list[Block]:  # noqa: ARG001  # every builder is given its options
    """Volumes and channels in a paragraph, the channels as chart and table."""
    facts = ctx.facts
    counts = facts.parts(TOTAL, "channel")
    unknown = counts.pop(UNKNOWN, 0)
    channels = falling(counts, ctx.profile.channels)
    blocks = paragraph(_volumes(ctx), _channels(ctx, channels, unknown))
    if len(channels) > 1:
        blocks += chart(
            ctx,
            "channels",
            ChartKind.DONUT,
            [ctx.channel(code) for code, _ in channels],
            [Series(name=ctx.word("series.orders"), values=tuple(n for _, n in channels), indicator=TOTAL)],
            unit=facts.registry[TOTAL].unit,
        )
    if not channels:
        return blocks
    every = [*channels, *([(UNKNOWN, unknown)] if unknown else [])]
    return blocks + table(
        ctx,
        "channels",
        (Col("col.channel", width=2), Col("col.count", COUNT), Col("col.share", PERCENT)),
        (
            (
                cell(ctx.channel(code)),
                bare(facts.count(TOTAL, channel=code)),
                bare(facts.share(TOTAL, channel=code)),
            )
            for code, _ in every
        ),
        total=(cell(ctx.word("total")), bare(facts.count(TOTAL)), bare(facts.share(TOTAL))),
        in_body=False,
    )


INTAKE = Builder(make=make, options={})

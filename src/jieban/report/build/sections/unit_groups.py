"""Handlings by the units' reporting groups, with the pointer to the annex that lists every unit."""

from jieban.report.build.blocks import COUNT, PERCENT, Col, cell, chart, paragraph, table
from jieban.report.build.phrases import comparisons
from jieban.report.build.section import Builder, Options
from jieban.report.build.sections.opening import UNIT_CHANGES
from jieban.report.context import Context, bare
from jieban.report.document import Block, ChartKind, Run, Series
from jieban.report.sentences import SEMICOLON, Runs, join, sentence

TOTAL = "handlings.total"


def _groups(ctx: Context) -> list[str]:
    """The groups that had handlings, in the profile's order: it is an administrative one, not a ranking."""
    counts = ctx.facts.parts(TOTAL, "unit_group")
    known = [label.code for label in ctx.profile.unit_groups if label.code in counts]
    return [*known, *sorted(set(counts) - set(known))]


def _lead(ctx: Context, groups: list[str]) -> Runs:
    units = ctx.facts.parts(TOTAL, "unit")
    shared = ctx.facts.number(TOTAL) != ctx.facts.number("orders.total")
    total = ctx.say(
        "groups.total",
        units=ctx.facts.parts_figure(TOTAL, len(units), ctx.word("counter.unit")),
        total=ctx.facts.count(TOTAL),
    )
    per_order = ctx.facts.figure("handlings.per_order") if shared else None
    average = ctx.say("groups.per_order", average=per_order) if per_order else ()
    key = "groups.rule_lead_only" if ctx.lead_only else "groups.rule"
    rule = ctx.say(key) if shared or ctx.lead_only else ()
    return join([rule, sentence([total, average]), _by_group(ctx, groups, len(units))])


def _by_group(ctx: Context, groups: list[str], units: int) -> Runs:
    if not groups:
        return ()
    if len(groups) == 1:
        return ctx.say("groups.one" if units > 1 else "groups.one_unit", group=ctx.group(groups[0]))
    items = [
        ctx.say(
            "groups.item",
            group=ctx.group(code),
            count=ctx.facts.count(TOTAL, unit_group=code),
            share=ctx.facts.share(TOTAL, unit_group=code) or "",
        )
        for code in groups
    ]
    return ctx.say("groups.list", groups=join(items, SEMICOLON))


def make(ctx: Context, options: Options) -> list[Block]:
    """Groups, chart, table and the pointer to the annex."""
    facts = ctx.facts
    if not facts.number(TOTAL):
        return []
    groups = _groups(ctx)
    annex = ctx.annexes.get(options.text("annex"))
    pointer = ctx.say("groups.annex", annex=str(annex)) if annex else ()
    windows = comparisons(ctx)
    blocks = paragraph(_lead(ctx, groups), pointer)
    blocks += chart(
        ctx,
        "groups",
        ChartKind.COLUMN,
        [ctx.group(code) for code in groups],
        [
            Series(
                name=ctx.word("series.handlings"),
                values=tuple(facts.number(TOTAL, unit_group=code) for code in groups),
                indicator=TOTAL,
            )
        ],
        unit=facts.registry[TOTAL].unit,
    )

    def changes(**cut: str) -> tuple[Run, ...]:
        return tuple(bare(facts.figure(UNIT_CHANGES[window], **cut)) for window in windows)

    blocks += table(
        ctx,
        "groups",
        (
            Col("col.group", width=2),
            Col("col.handlings", COUNT),
            Col("col.share", PERCENT),
            *(Col(f"col.change.{window.value}", PERCENT) for window in windows),
        ),
        (
            (
                cell(ctx.group(code)),
                bare(facts.count(TOTAL, unit_group=code)),
                bare(facts.share(TOTAL, unit_group=code)),
                *changes(unit_group=code),
            )
            for code in groups
        ),
        total=(cell(ctx.word("total")), bare(facts.count(TOTAL)), bare(facts.share(TOTAL)), *changes()),
        in_body=options.flag("table"),
    )
    return blocks


UNIT_GROUPS = Builder(make=make, options={"annex": "annex-units", "table": True})

"""校核: what was checked and with what result: the whole table internally, the essence in public."""

from collections import Counter

from jieban.report.build.blocks import Col, cell, paragraph, table
from jieban.report.build.phrases import listing
from jieban.report.build.section import Builder, Options
from jieban.report.checks.model import Check, Result
from jieban.report.context import Context
from jieban.report.document import Align, Block, Edition, Figure, Measure, Run, Text, plain
from jieban.report.sentences import Runs


def _number(ctx: Context, number: int) -> Figure:
    return Figure(
        text=str(number),
        unit=ctx.word("counter.item"),
        value=number,
        indicator="checks",
        measure=Measure.PARTS,
    )


def _summary(ctx: Context) -> Runs:
    counts = Counter(check.result for check in ctx.checks)
    items = [
        ctx.say(
            "checks.count", result=ctx.word(f"result.{result.value}"), number=_number(ctx, counts[result])
        )
        for result in Result
        if counts[result]
    ]
    return ctx.say("checks.summary", number=_number(ctx, len(ctx.checks)), results=listing(items))


def _detail(check: Check) -> Run:
    """A cell holds one run, and these numbers are sentences: words here, figures in the public list."""
    return Text(plain((*check.detail, *check.explanation)))


def _table(ctx: Context) -> list[Block]:
    return table(
        ctx,
        "checks",
        (
            Col("col.check", width=2),
            Col("col.result", width=0.7, align=Align.CENTRE),
            Col("col.detail", width=4),
        ),
        (
            (cell(check.title), cell(ctx.word(f"result.{check.result.value}")), _detail(check))
            for check in ctx.checks
        ),
    )


def make(ctx: Context, options: Options) -> list[Block]:  # noqa: ARG001  # every builder is given its options
    """How many checks ran with which result, then every check, or in public those that aren't plainly right."""
    blocks = paragraph(_summary(ctx))
    if ctx.edition is Edition.INTERNAL:
        return blocks + _table(ctx)
    for check in ctx.checks:
        if check.result is not Result.OK:
            blocks += paragraph(
                ctx.say(
                    "checks.item",
                    title=check.title,
                    result=ctx.word(f"result.{check.result.value}"),
                    detail=check.detail,
                )
            )
    return blocks


CHECKS = Builder(make=make, options={}, late=True)

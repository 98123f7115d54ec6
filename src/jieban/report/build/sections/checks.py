"""校核: what was checked and with what result: the whole table internally, the essence in public."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from jieban.report.build.blocks import Col, cell, paragraph, sentence_cell, table
from jieban.report.build.phrases import listing
from jieban.report.build.section import Builder, Options
from jieban.report.checks.model import Check, Result
from jieban.report.checks.words import OF_WORDS
from jieban.report.context import Context
from jieban.report.document import Align, Block, Edition, Figure, Measure
from jieban.report.facts import WHOLE
from jieban.report.sentences import Runs

EXPLAINED = "explained."
SHARES = "shares."


def _number(ctx: Context, number: int) -> Figure:
    return Figure(
        text=str(number),
        unit=ctx.word("counter.item"),
        value=number,
        indicator="checks",
        measure=Measure.PARTS,
    )


def _summary(ctx: Context, checks: Sequence[Check]) -> Runs:
    counts = Counter(check.result for check in checks)
    items = [
        ctx.say(
            "checks.count", result=ctx.word(f"result.{result.value}"), number=_number(ctx, counts[result])
        )
        for result in Result
        if counts[result]
    ]
    return ctx.say("checks.summary", number=_number(ctx, len(checks)), results=listing(items))


def _rounded(ctx: Context, checks: Sequence[Check]) -> Runs:
    """Several sets of shares that miss 100 by rounding, in one sentence with the one that misses it most."""
    sums = [next(run for run in check.detail if isinstance(run, Figure)) for check in checks]
    furthest = max(sums, key=lambda one: abs(Decimal(one.value or 0) - WHOLE))
    return ctx.say(
        "checks.item",
        title=ctx.word("check.shares.some.title"),
        result=ctx.word(f"result.{Result.NOTE.value}"),
        detail=ctx.say("check.shares.some", number=_number(ctx, len(checks)), sum=furthest),
    )


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
            (
                cell(check.title),
                cell(ctx.word(f"result.{check.result.value}")),
                sentence_cell((*check.detail, *check.explanation)),
            )
            for check in ctx.checks
        ),
    )


def make(ctx: Context, options: Options) -> list[Block]:  # noqa: ARG001  # every builder is given its options
    """How many checks ran with which result, then every check; in public only what is neither right nor explained.

    Who changed which words is told internally alone.

    Apparent contradictions are explained under 统计口径, where the outline has it.
    """
    if ctx.edition is Edition.INTERNAL:
        return paragraph(_summary(ctx, ctx.checks)) + _table(ctx)
    checks = [check for check in ctx.checks if not check.id.startswith(OF_WORDS)]
    blocks = paragraph(_summary(ctx, checks))
    told = any(section.builder == "definitions" for section in ctx.profile.outline)
    rounded = [check for check in checks if check.id.startswith(SHARES) and check.result is Result.NOTE]
    if len(rounded) > 1:
        blocks += paragraph(_rounded(ctx, rounded))
    for check in checks:
        if len(rounded) > 1 and check in rounded:
            continue
        if check.result is not Result.OK and not (told and check.id.startswith(EXPLAINED)):
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

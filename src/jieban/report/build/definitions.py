"""统计口径: how each printed figure is counted, from the indicators' own declarations, and what is easily misread."""

from jieban.report.build.blocks import Col, cell, paragraph, table
from jieban.report.build.phrases import numbered
from jieban.report.build.section import Builder, Options
from jieban.report.checks.explained import (
    explain_changes,
    explain_dimensions,
    explain_handlings,
    explain_letters,
    explain_levels,
    explain_satisfaction,
    explain_shares,
)
from jieban.report.context import Context
from jieban.report.document import Block, Edition
from jieban.report.sentences import Runs


def explanations(ctx: Context) -> list[Runs]:
    """The explanations that these figures ask for, the cut-off first."""
    said = [
        ctx.say("explain.cutoff", cutoff=ctx.cutoff_words),
        explain_handlings(ctx),
        explain_levels(ctx, "sign"),
        explain_levels(ctx, "close"),
        explain_satisfaction(ctx),
        *explain_dimensions(ctx),
        explain_letters(ctx),
        explain_changes(ctx),
        explain_shares(ctx),
    ]
    return [runs for runs in said if runs]


def make(ctx: Context, options: Options) -> list[Block]:  # noqa: ARG001  # every builder is given its options
    """Numbered explanations, then the table: of all printed figures, in the public edition of those in the text."""
    blocks: list[Block] = []
    for number, runs in enumerate(explanations(ctx), start=1):
        blocks += paragraph(numbered(number, runs))
    used = ctx.used_in_text if ctx.edition is Edition.PUBLIC else ctx.used
    rows = [
        (cell(declared.label), cell(declared.definition))
        for indicator, declared in ctx.facts.registry.items()
        if indicator in used
    ]
    return blocks + table(
        ctx, "definitions", (Col("col.indicator", width=1), Col("col.definition", width=4)), rows
    )


DEFINITIONS = Builder(make=make, options={}, late=True)

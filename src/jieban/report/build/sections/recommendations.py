"""Recommendations under their themes: what the rules found, or what an analyst made of it."""

from jieban.report.build.blocks import paragraph
from jieban.report.build.section import Builder, Options
from jieban.report.context import Context
from jieban.report.document import Block, Heading
from jieban.report.recommend.model import by_theme


def make(ctx: Context, options: Options) -> list[Block]:  # noqa: ARG001  # every builder is given its options
    """A heading a theme, a paragraph an advice; one sentence when no rule fired."""
    if not ctx.advice:
        return paragraph(ctx.say("advice.none"))
    blocks: list[Block] = []
    for number, (theme, entries) in enumerate(by_theme(ctx.advice), start=1):
        blocks.append(Heading(2, "", theme, f"advice-{number}"))
        for one in entries:
            blocks += paragraph(one.runs)
    return blocks


RECOMMENDATIONS = Builder(make=make, options={}, late=True)

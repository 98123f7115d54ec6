"""One section made by itself, and what its blocks hold."""

from jieban.profile.model import Section
from jieban.report.build.registry import BUILDERS
from jieban.report.context import Context
from jieban.report.document import Block, ChartBlock, TableBlock, plain


def made(name: str, ctx: Context, **options: object) -> list[Block]:
    builder = BUILDERS[name]
    section = Section(id=name, builder=name, title="", level=1, options=options, editions=())
    return builder.make(ctx, builder.read(section))


def table(blocks: list[Block], name: str) -> list[list[str]]:
    found = next(block for block in blocks if isinstance(block, TableBlock) and block.id == name)
    return [[plain([cell]) for cell in row] for row in (*found.rows, *found.total_rows)]


def chart(blocks: list[Block], name: str) -> ChartBlock:
    return next(block for block in blocks if isinstance(block, ChartBlock) and block.id == name)

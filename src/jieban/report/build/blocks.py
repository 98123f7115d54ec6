"""Blocks from phrases: paragraphs, tables and charts whose every word comes from the profile's wording."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from jieban.report.build.phrases import FEW
from jieban.report.context import Context
from jieban.report.document import (
    Align,
    Block,
    ChartBlock,
    ChartKind,
    Figure,
    Paragraph,
    Run,
    Series,
    TableBlock,
    TableColumn,
    Text,
    plain,
)
from jieban.report.sentences import Part, Runs, join

COUNT = "0"
PERCENT = "0.00"
HOURS = "0.0"
TEXT = "General"


@dataclass(frozen=True, slots=True)
class Col:
    """A column of a table: the wording key of its heading, and how its cells stand."""

    key: str
    number_format: str = TEXT
    width: float = 1.0
    align: Align | None = None

    def column(self, ctx: Context) -> TableColumn:
        """The column as the document model has it: figures to the right, words to the left."""
        align = self.align or (Align.LEFT if self.number_format == TEXT else Align.RIGHT)
        return TableColumn(
            heading=ctx.word(self.key), align=align, width=self.width, number_format=self.number_format
        )


def paragraph(*parts: Part, indent: bool = True) -> list[Block]:
    """The parts as one paragraph; nothing when they say nothing."""
    runs = join(parts)
    return [Paragraph(runs, indent)] if runs else []


def cell(text: str) -> Text:
    """A cell of words."""
    return Text(text)


def sentence_cell(runs: Runs) -> Text:
    """A cell of a sentence with its figures."""
    return Text(plain(runs), figures=tuple(run for run in runs if isinstance(run, Figure)))


def table(
    ctx: Context,
    name: str,
    columns: Sequence[Col],
    rows: Iterable[tuple[Run, ...]],
    *,
    total: tuple[Run, ...] | None = None,
    note: str = "",
    in_body: bool = True,
    verbatim: bool = False,
    shown: int | None = None,
) -> list[Block]:
    """The table `name` with its caption and sheet name; nothing when it has no rows."""
    body = tuple(rows)
    if not body:
        return []
    return [
        TableBlock(
            id=name,
            caption=ctx.word(f"table.{name}.caption"),
            sheet=ctx.word(f"table.{name}.sheet"),
            columns=tuple(col.column(ctx) for col in columns),
            rows=body,
            total_rows=(total,) if total else (),
            note=note,
            in_body=in_body,
            verbatim=verbatim,
            shown=shown,
        )
    ]


def chart(
    ctx: Context,
    name: str,
    kind: ChartKind,
    categories: Sequence[str],
    series: Sequence[Series],
    *,
    unit: str,
    cut: int | None = None,
) -> list[Block]:
    """The chart `name` with its caption, sheet name and alternative text; nothing when it has nothing to show."""
    values = [value for one in series for value in one.values if value]
    if not categories or not values:
        return []
    caption = ctx.word(f"chart.{name}.caption")
    shown = caption if cut is None else ctx.word("chart.cut", caption=caption)
    return [
        ChartBlock(
            id=name,
            kind=kind,
            caption=shown,
            sheet=ctx.word(f"chart.{name}.sheet"),
            categories=tuple(categories),
            series=tuple(series),
            unit=unit,
            category_title=ctx.word(f"chart.{name}.axis"),
            alt=_alternative(ctx, caption, _highest(kind, categories, series), len(categories)),
            cut=cut,
            share_places=ctx.facts.share_places,
        )
    ]


def _highest(kind: ChartKind, categories: Sequence[str], series: Sequence[Series]) -> list[str]:
    """The categories with the greatest value; of a heat map, what stands where it is."""
    values = {
        (name, one.name): Decimal(one.values[at] or 0) for at, name in enumerate(categories) for one in series
    }
    most = max(values.values())
    if kind is ChartKind.HEATMAP:
        return [f"{name}·{row}" for (name, row), value in values.items() if value == most]
    return list(dict.fromkeys(name for (name, _), value in values.items() if value == most))


def _alternative(ctx: Context, caption: str, highest: Sequence[str], categories: int) -> str:
    """What those are told who can't see the chart: what is highest, where that can be said in short."""
    if categories == 1 or len(highest) > FEW:
        return ctx.word("chart.alt_plain", caption=caption)
    key = "chart.alt" if len(highest) == 1 else "chart.alt_equal"
    return ctx.word(key, caption=caption, highest="”“".join(highest))

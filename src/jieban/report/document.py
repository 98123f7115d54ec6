"""The document model: what a report says, before it has a form. Four renderers read it and nothing else.

A number in the text is a `Figure`, never plain text: it carries its indicator's id and cut, so that a reader
of any form, and a test, can trace it. Charts are held as data; `charts.py` turns them into ECharts options,
the workbook into native charts.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class Edition(StrEnum):
    """Public leaves annexes out and masks persons; internal has everything (ruling 13)."""

    PUBLIC = "public"
    INTERNAL = "internal"


class Measure(StrEnum):
    """Which number of an indicator a figure prints."""

    VALUE = "value"
    """Its value as rounded."""
    NUMERATOR = "numerator"
    """What was counted; of a change, the difference."""
    DENOMINATOR = "denominator"
    """What it was counted among; of a change, the base."""
    SHARE = "share"
    """The cut's part of the whole (or of the cut's outermost dimension), in percent."""
    REMAINDER = "remainder"
    """The whole less the parts that are named."""
    PARTS = "parts"
    """How many parts of the cut have anything to count."""
    RANK = "rank"
    """The place in falling order, from 1."""
    THRESHOLD = "threshold"
    """A number of the profile (`indicator` names whose), not computed from rows."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """A printed number: `text` as printed without its unit, `value` exact, `unit` printed right behind it.

    `text` of a fall is printed without its sign (下降3.07%), `value` has it.
    """

    text: str
    unit: str
    value: int | Decimal | None
    indicator: str
    cut: tuple[tuple[str, str], ...] = ()
    window: str = "current"
    measure: Measure = Measure.VALUE


@dataclass(frozen=True, slots=True)
class Text:
    """Plain words within a paragraph or cell.

    A paragraph's numbers are runs of their own. A table's cell is one run: where it holds a sentence, `figures` are
    the numbers within its text, so that they can be traced as well.
    """

    text: str
    strong: bool = False
    figures: tuple[Figure, ...] = ()


Run = Text | Figure


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 (一、), 2 ((一)), 3 (1.). `number` is the printed numeral, "" for none."""

    level: int
    number: str
    text: str
    id: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A body paragraph. `lead` runs (e.g. the bold opening words of a topic) are part of `runs` as strong Text."""

    runs: tuple[Run, ...]
    indent: bool = True


class Align(StrEnum):
    """How a table column's cells stand."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


@dataclass(frozen=True, kw_only=True, slots=True)
class TableColumn:
    """A column: heading, alignment, relative width, and for the workbook the number format of its figures."""

    heading: str
    align: Align = Align.LEFT
    width: float = 1.0
    number_format: str = "General"


@dataclass(frozen=True, kw_only=True, slots=True)
class TableBlock:
    """A table. `sheet` is its short name in the workbook; `rows` hold one run a cell; `total` rows stand out.

    `verbatim` rows hold words of people, which are printed as they came. Paper and page show the first `shown` rows
    (None: all), the workbook always has every one.
    """

    id: str
    caption: str
    sheet: str
    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[Run, ...], ...]
    total_rows: tuple[tuple[Run, ...], ...] = ()
    note: str = ""
    in_body: bool = True
    verbatim: bool = False
    shown: int | None = None


class ChartKind(StrEnum):
    """The chart forms that every renderer can draw."""

    BAR = "bar"
    COLUMN = "column"
    STACKED_BAR = "stacked_bar"
    LINE = "line"
    DONUT = "donut"
    HEATMAP = "heatmap"
    DIVERGING_BAR = "diverging_bar"


@dataclass(frozen=True, kw_only=True, slots=True)
class Series:
    """One named series; `values` run along the chart's categories, None for no value."""

    name: str
    values: tuple[int | Decimal | None, ...]
    indicator: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ChartBlock:
    """A chart. For HEATMAP each series is a row (its name on the y axis) and categories are the x axis.

    Of a DIVERGING_BAR, bars longer than `cut` end there with a gap in them; their values are printed all the same.
    A DONUT prints shares with `share_places` decimals.
    """

    id: str
    kind: ChartKind
    caption: str
    sheet: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str
    category_title: str
    alt: str
    cut: int | None = None
    share_places: int = 2


@dataclass(frozen=True, slots=True)
class Note:
    """A set-off note, e.g. why two figures that look contradictory are not."""

    runs: tuple[Run, ...]


Block = Heading | Paragraph | TableBlock | ChartBlock | Note


@dataclass(frozen=True, kw_only=True, slots=True)
class Annex:
    """An annex begins a page of its own: `number` from 1, title, blocks."""

    number: int
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """A whole report. `issued` is the only date its files carry; `banner` (演示数据…) stands on every page.

    `annex_note` has a line for each annex that it names.
    """

    title: str
    subtitle: str
    header: tuple[tuple[str, str], ...]
    blocks: tuple[Block, ...]
    annexes: tuple[Annex, ...]
    annex_note: str
    banner: str
    edition: Edition
    issued: datetime
    first_day: date
    last_day: date
    language: str
    keywords: tuple[str, ...]
    author: str

    def all_blocks(self) -> Iterator[Block]:
        """Body blocks, then the annexes' in order."""
        yield from self.blocks
        for annex in self.annexes:
            yield from annex.blocks


def abridged(document: Document) -> Document:
    """The document as paper and page show it: of a long list its first rows."""

    def shortened(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        return tuple(
            replace(block, rows=block.rows[: block.shown], shown=None)
            if isinstance(block, TableBlock) and block.shown is not None
            else block
            for block in blocks
        )

    return replace(
        document,
        blocks=shortened(document.blocks),
        annexes=tuple(replace(annex, blocks=shortened(annex.blocks)) for annex in document.annexes),
    )


def plain(runs: Iterable[Run]) -> str:
    """The runs as a reader sees them, each figure followed by its unit."""
    return "".join(run.text + (run.unit if isinstance(run, Figure) else "") for run in runs)

"""How much room a chart and its words need. Widths are in the chart's own pixels.

A chart is drawn 640 px wide: as wide as the text area (156 mm), so that one pixel is 0.69 pt and a label of
13 px stands on paper at 小五 (9 pt). No drawing depends on the fonts of the machine: a full-width character
is one em, and the rest is taken as wide as Noto Sans' digits.
"""

import unicodedata
from decimal import Decimal

from jieban.report.document import ChartBlock, ChartKind

WIDTH = 640
TALLEST = 860  # what a page holds beside the caption
LABEL = 13
SMALL_LABEL = 11

_LATIN_EM = 0.58
_MANY_ROWS = 26
_SOME_ROWS = 12
_ROOMY = 20
_CLOSER = 15
_TIGHT = (13, 11)  # pixels a bar, where there are many


def ems(text: str) -> float:
    """The width of `text` in ems, its longest line counted."""
    return max(
        sum(1.0 if unicodedata.east_asian_width(char) in "WFA" else _LATIN_EM for char in line)
        for line in text.split("\n")
    )


def printed(value: Decimal | int | None) -> str:
    """A value as labels print it: exact, no thousands separators (the report prints 4567件), "" for none."""
    if value is None:
        return ""
    return str(value) if isinstance(value, int) else format(value, "f")


def label_size(block: ChartBlock) -> int:
    """The type size of category labels and values: smaller where there are many."""
    beside = _side_by_side(block) > 1
    if block.kind is ChartKind.HEATMAP or beside or _row_count(block) > _MANY_ROWS:
        return SMALL_LABEL
    return LABEL


def legend_height(block: ChartBlock) -> int:
    """The room of the legend at the top; a heat map and a chart of one series have none."""
    return 34 if len(block.series) > 1 and block.kind is not ChartKind.HEATMAP else 0


def height(block: ChartBlock) -> int:
    """The chart's height, from what it shows, at most about a page."""
    legend = legend_height(block)
    match block.kind:
        case ChartKind.COLUMN | ChartKind.LINE:
            return 180 + legend
        case ChartKind.DONUT:
            return max(220, 26 * len(block.categories) // 2 + 160)
        case ChartKind.HEATMAP:
            return min(TALLEST, 20 * len(block.series) + 30 + column_label_height(block))
        case _:
            return min(TALLEST, round(len(block.categories) * row_height(block)) + 52 + legend)


def row_height(block: ChartBlock) -> float:
    """The height of one category with its gap; of bars side by side each has room for its own value behind it."""
    series = _side_by_side(block)
    roomy = _ROOMY if series == 1 else 6 + 13 * series
    if series == 1 and len(block.categories) > _SOME_ROWS:
        roomy = _CLOSER
    if _row_count(block) <= _MANY_ROWS:
        return roomy
    rows = len(block.categories)
    tight = next((each for each in _TIGHT if rows * each * series + 60 <= TALLEST), _TIGHT[-1])
    return min(roomy, tight * series)


def column_label_height(block: ChartBlock) -> int:
    """The room that a heat map's slanted column labels take."""
    longest = max((ems(category) for category in block.categories), default=0.0)
    return 14 + round(min(longest, 12) * SMALL_LABEL * 0.85)


def _side_by_side(block: ChartBlock) -> int:
    return max(1, len(block.series)) if block.kind in {ChartKind.BAR, ChartKind.DIVERGING_BAR} else 1


def _row_count(block: ChartBlock) -> int:
    """Bars along the category axis; series that stand side by side count each."""
    return max(1, len(block.categories)) * _side_by_side(block)

"""A chart of the document model as an ECharts option: plain JSON, no functions.

Page, PDF and Word are drawn from what stands here, so that a chart looks and reads the same in each. Data items
carry `tip`, their words for a reader who points at them; the page's own script shows it, ECharts ignores it.
"""

from collections.abc import Callable

from jieban.report.charts.heat import heatmap
from jieban.report.charts.horizontal import bar, diverging_bar, stacked_bar
from jieban.report.charts.palette import CHART_FONT, LIGHT, Palette
from jieban.report.charts.parts import Option
from jieban.report.charts.shares import donut
from jieban.report.charts.vertical import column, line
from jieban.report.document import ChartBlock, ChartKind

_DRAWERS: dict[ChartKind, Callable[[ChartBlock, Palette], Option]] = {
    ChartKind.BAR: bar,
    ChartKind.COLUMN: column,
    ChartKind.STACKED_BAR: stacked_bar,
    ChartKind.LINE: line,
    ChartKind.DONUT: donut,
    ChartKind.HEATMAP: heatmap,
    ChartKind.DIVERGING_BAR: diverging_bar,
}


def chart_option(block: ChartBlock, palette: Palette = LIGHT) -> Option:
    """The ECharts option that draws `block`, in the colours of `palette`."""
    return {
        "animation": False,
        "textStyle": {"fontFamily": CHART_FONT, "color": palette.ink},
        "color": list(palette.series),
        "backgroundColor": "transparent",
        **_DRAWERS[block.kind](block, palette),
    }

"""Columns and lines: categories along the foot, mostly days and hours."""

from jieban.report.charts import measure
from jieban.report.charts import parts as part
from jieban.report.charts.palette import Palette
from jieban.report.charts.parts import Option
from jieban.report.document import ChartBlock, Series

_MOST_LABELS_OF_A_LINE = 16
_BETWEEN_LABELS = 2.5  # pixels


def column(block: ChartBlock, palette: Palette) -> Option:
    """One column a category, several series side by side; values above where there is room for all."""
    each = (measure.WIDTH - 70) / max(1, len(block.categories) * max(1, len(block.series)))
    drawn = []
    for series in block.series:
        size = _value_label_size(block, series, each)
        drawn.append(
            {
                "type": "bar",
                "name": series.name,
                "barMaxWidth": 30,
                "barCategoryGap": "24%",
                "itemStyle": {"borderRadius": [2, 2, 0, 0]},
                "data": [
                    part.data_item(
                        block,
                        series,
                        at,
                        label=part.value_label(
                            palette, size or 9, "top", measure.printed(value) if size else ""
                        ),
                    )
                    for at, value in enumerate(series.values)
                ],
            }
        )
    return {
        "grid": part.grid(block, right=12),
        **part.legend(block, palette),
        "tooltip": {"trigger": "item"},
        "xAxis": part.category_axis(block, palette, _column_label(block), **_axis_title(block, palette)),
        "yAxis": part.value_axis(block, palette, minInterval=1, nameGap=14),
        "series": drawn,
    }


def line(block: ChartBlock, palette: Palette) -> Option:
    """One line a series; values are printed for a single short one."""
    labelled = len(block.series) == 1 and len(block.categories) <= _MOST_LABELS_OF_A_LINE
    return {
        "grid": part.grid(block, right=18),
        **part.legend(block, palette),
        "tooltip": {"trigger": "item"},
        "xAxis": part.category_axis(
            block, palette, _column_label(block), boundaryGap=False, **_axis_title(block, palette)
        ),
        "yAxis": part.value_axis(block, palette, minInterval=1, nameGap=14),
        "series": [
            {
                "type": "line",
                "name": series.name,
                "symbol": "circle",
                "symbolSize": 6,
                "lineStyle": {"width": 2},
                "data": [
                    part.data_item(
                        block,
                        series,
                        at,
                        label=part.value_label(
                            palette, measure.SMALL_LABEL, "top", measure.printed(value) if labelled else ""
                        ),
                    )
                    for at, value in enumerate(series.values)
                ],
            }
            for series in block.series
        ],
    }


def _column_label(block: ChartBlock) -> Option:
    """Labels under columns: upright where they fit, slanted where they nearly do, some left out where not."""
    each = (measure.WIDTH - 70) / max(1, len(block.categories))
    longest = max((measure.ems(category) for category in block.categories), default=0.0)
    for size in (measure.LABEL, measure.SMALL_LABEL):
        if longest * size + 4 <= each:
            return {"fontSize": size}
    if each >= measure.SMALL_LABEL + 3:
        return {"fontSize": measure.SMALL_LABEL, "rotate": 45}
    return {"fontSize": measure.SMALL_LABEL, "interval": "auto", "hideOverlap": True}


def _axis_title(block: ChartBlock, palette: Palette) -> Option:
    return {
        "name": block.category_title,
        "nameLocation": "middle",
        "nameTextStyle": part.words(palette, measure.SMALL_LABEL, muted=True),
    }


def _value_label_size(block: ChartBlock, series: Series, room: float) -> int:
    """The size at which every value of `series` fits `room` pixels, apart from the next; 0 when none does."""
    longest = max((measure.ems(measure.printed(value)) for value in series.values), default=0.0)
    sizes = (measure.label_size(block), measure.SMALL_LABEL, 10, 9)
    return next((size for size in sizes if longest * size + _BETWEEN_LABELS <= room), 0)

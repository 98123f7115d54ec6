"""The heat map: each cell in its own colour, its number in letters that can be read on it."""

from jieban.report.charts import measure
from jieban.report.charts import parts as part
from jieban.report.charts.palette import CHART_FONT, Palette, letters_on
from jieban.report.charts.parts import Option
from jieban.report.document import ChartBlock


def heatmap(block: ChartBlock, palette: Palette) -> Option:
    """Series as rows, categories as columns; darker is more, a value of none is left empty."""
    values = [value for series in block.series for value in series.values if value is not None]
    most = max((*values, 1))
    cells = []
    for row, series in enumerate(block.series):
        for column, value in enumerate(series.values):
            if value is None:
                continue
            level = _colour_at(palette, float(value) / float(most))
            shown = measure.printed(value) if value else ""
            cells.append(
                {
                    "value": [column, row, part.json_number(value)],
                    "tip": f"{series.name} · {block.categories[column]}：{part.reading(block, value)}",
                    "itemStyle": {"color": level},
                    "label": {
                        "show": bool(shown),
                        "formatter": shown,
                        "fontSize": 10,
                        "fontFamily": CHART_FONT,
                        "color": letters_on(level),
                        "textBorderWidth": 0,
                    },
                }
            )
    return {
        "grid": {**part.grid(block, right=8, top=6, bottom=6)},
        "tooltip": {"trigger": "item"},
        "xAxis": {
            **part.category_axis(
                block, palette, {"rotate": 55, "width": 12 * measure.SMALL_LABEL, "overflow": "truncate"}
            ),
            "axisLine": {"show": False},
        },
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": [series.name for series in block.series],
            "axisLabel": {"interval": 0, **part.words(palette, measure.SMALL_LABEL)},
            "axisLine": {"show": False},
            "axisTick": {"show": False},
        },
        "series": [
            {
                "type": "heatmap",
                "itemStyle": {"borderColor": palette.paper, "borderWidth": 1},
                "data": cells,
            }
        ],
        # The heat map series asks for one; the colours are each cell's own.
        "visualMap": {"show": False, "min": 0, "max": part.json_number(most), "inRange": {"opacity": [1, 1]}},
    }


def _colour_at(palette: Palette, share: float) -> str:
    """The colour of `share` (0 to 1) of the greatest value; square root, since counts are mostly small."""
    stops = palette.sequence
    place = (max(0.0, min(1.0, share)) ** 0.5) * (len(stops) - 1)
    low = min(int(place), len(stops) - 2)
    part = place - low
    mixed = (
        round(int(stops[low][at : at + 2], 16) * (1 - part) + int(stops[low + 1][at : at + 2], 16) * part)
        for at in (1, 3, 5)
    )
    return "#" + "".join(f"{channel:02x}" for channel in mixed)

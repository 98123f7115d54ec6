"""Horizontal bars: categories down the side, so that long names stand in one line."""

from decimal import Decimal

from jieban.report.charts import measure
from jieban.report.charts import parts as part
from jieban.report.charts.palette import Palette, letters_on
from jieban.report.charts.parts import Option
from jieban.report.document import ChartBlock

_LONGEST_LABEL_EMS = 15


def bar(block: ChartBlock, palette: Palette) -> Option:
    """One bar a category, several series side by side, each with its value behind it."""
    size = measure.label_size(block)
    readings = [part.reading(block, value) for series in block.series for value in series.values]
    room = max((measure.ems(reading) for reading in readings), default=0.0) * size
    return {
        "grid": part.grid(block, right=round(max(room + 10, 34))),
        **part.legend(block, palette),
        "tooltip": {"trigger": "item"},
        "xAxis": part.value_axis(block, palette, minInterval=1),
        "yAxis": part.category_axis(block, palette, _row_label(block), inverse=True),
        "series": [
            {
                "type": "bar",
                "name": series.name,
                "barMaxWidth": 18,
                "barCategoryGap": "32%",
                "itemStyle": {"borderRadius": [0, 2, 2, 0]},
                "data": [
                    part.data_item(
                        block,
                        series,
                        at,
                        label=part.value_label(palette, size, "right", measure.printed(value)),
                    )
                    for at, value in enumerate(series.values)
                ],
            }
            for series in block.series
        ],
    }


def stacked_bar(block: ChartBlock, palette: Palette) -> Option:
    """Series one behind the other; a part's value stands in it where there is room."""
    size = measure.label_size(block)
    sums = [
        sum((value or 0 for series in block.series if (value := series.values[at])), start=Decimal(0))
        for at in range(len(block.categories))
    ]
    longest_label = min(_LONGEST_LABEL_EMS, max((measure.ems(c) for c in block.categories), default=0.0))
    pixels = (measure.WIDTH - longest_label * size - 60) / float(max((*sums, Decimal(1))))

    def inside(series_at: int, value: Decimal | int | None) -> Option:
        text = measure.printed(value)
        fits = bool(value) and float(value or 0) * pixels > measure.ems(text) * size + 6
        ground = palette.series[series_at % len(palette.series)]
        return {
            **part.value_label(palette, size, "inside", text if fits else ""),
            "color": letters_on(ground),
        }

    return {
        "grid": part.grid(block, right=40),
        **part.legend(block, palette),
        "tooltip": {"trigger": "item"},
        "xAxis": part.value_axis(block, palette, minInterval=1),
        "yAxis": part.category_axis(block, palette, _row_label(block), inverse=True),
        "series": [
            {
                "type": "bar",
                "stack": "all",
                "name": series.name,
                "barMaxWidth": 20,
                "barCategoryGap": "30%",
                "data": [
                    part.data_item(block, series, at, label=inside(series_at, value))
                    for at, value in enumerate(series.values)
                ],
            }
            for series_at, series in enumerate(block.series)
        ],
    }


def diverging_bar(block: ChartBlock, palette: Palette) -> Option:
    """Bars to both sides of zero, rises and falls in their own colours, values signed."""
    size = measure.label_size(block)
    drawn = []
    for series in block.series:
        items = []
        for at, value in enumerate(series.values):
            below = value is not None and value < 0
            told = "—" if value is None else part.reading(block, value, signed=True)
            label = part.value_label(
                palette, size, "left" if below else "right", _signed(value) if value is not None else ""
            )
            items.append(
                part.data_item(
                    block,
                    series,
                    at,
                    label=label,
                    itemStyle={"color": palette.falling if below else palette.rising},
                    tip=f"{block.categories[at]}：{told}",
                )
            )
        drawn.append(
            {"type": "bar", "name": series.name, "barMaxWidth": 18, "barCategoryGap": "32%", "data": items}
        )
    return {
        "grid": part.grid(block, right=30),
        "tooltip": {"trigger": "item"},
        "xAxis": part.value_axis(block, palette, boundaryGap=["20%", "15%"]),
        "yAxis": {
            **part.category_axis(block, palette, _row_label(block), inverse=True),
            "axisLine": {"onZero": True, "lineStyle": {"color": palette.rule}},
        },
        "series": drawn,
    }


def _row_label(block: ChartBlock) -> Option:
    size = measure.label_size(block)
    longest = max((measure.ems(category) for category in block.categories), default=0.0)
    if longest <= _LONGEST_LABEL_EMS:
        return {}
    most = _LONGEST_LABEL_EMS if measure.row_height(block) >= 2 * (size + 1) else 22
    return {"width": round(most * size), "overflow": "break", "lineHeight": size + 2}


def _signed(value: Decimal | int) -> str:
    return ("+" if value > 0 else "") + measure.printed(value)

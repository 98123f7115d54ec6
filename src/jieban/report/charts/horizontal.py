"""Horizontal bars: categories down the side, so that long names stand in one line."""

from decimal import Decimal

from jieban.report.charts import measure
from jieban.report.charts import parts as part
from jieban.report.charts.cuts import drawn_length, is_cut
from jieban.report.charts.palette import Palette, letters_on
from jieban.report.charts.parts import Option
from jieban.report.document import ChartBlock, Series

_LONGEST_LABEL_EMS = 15
_GAP_OF_MANY = "16%"  # bars side by side: their values need the height more than the categories the gap
_GAP_AT = 0.86  # of a cut bar's length
_SLANT = "path://M4,0L8,0L4,22L0,22Z"


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
                "barCategoryGap": "32%" if len(block.series) == 1 else _GAP_OF_MANY,
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
    """Bars to both sides of zero, rises and falls in their own colours, values signed; cut ones with a gap."""
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
            item = part.data_item(
                block,
                series,
                at,
                label=label,
                itemStyle={"color": palette.falling if below else palette.rising},
                tip=f"{block.categories[at]}：{told}",
            )
            if value is not None:
                item["value"] = part.json_number(drawn_length(value, block.cut))
            items.append(item)
        drawn.append(
            {
                "type": "bar",
                "name": series.name,
                "barMaxWidth": 18,
                "barCategoryGap": "32%",
                "data": items,
                **_gaps(block, series, palette),
            }
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


def _gaps(block: ChartBlock, series: Series, palette: Palette) -> Option:
    """A slanting gap in every bar that is cut, near its end, as a drawing of a broken axis has."""
    cut = block.cut
    if cut is None:
        return {}
    points = [
        {"coord": [float(drawn_length(value, cut)) * _GAP_AT, at]}
        for at, value in enumerate(series.values)
        if value is not None and is_cut(value, cut)
    ]
    return {
        "markPoint": {
            "silent": True,
            "symbol": _SLANT,
            "symbolSize": [8, 22],
            "itemStyle": {"color": palette.paper},
            "label": {"show": False},
            "data": points,
        }
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

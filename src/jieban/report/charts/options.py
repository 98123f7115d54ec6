"""A chart of the document model as an ECharts option: plain JSON, no functions.

Page, PDF and Word are drawn from what stands here, so that a chart looks and reads the same in each. Data items
carry `tip`, their words for a reader who points at them; the page's own script shows it, ECharts ignores it.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from jieban.kernel.numbers import percent
from jieban.report.charts import measure
from jieban.report.charts.palette import CHART_FONT, LIGHT, Palette, luminance
from jieban.report.document import ChartBlock, ChartKind, Series

Option = dict[str, Any]

_MOST_LABELS_OF_A_LINE = 16
_LONGEST_ROW_LABEL_EMS = 15
_DARK_GROUND = 0.22  # luminance below which white letters have more contrast than ink


def chart_option(block: ChartBlock, palette: Palette = LIGHT) -> Option:
    """The ECharts option that draws `block`, in the colours of `palette`."""
    return {
        "animation": False,
        "textStyle": {"fontFamily": CHART_FONT, "color": palette.ink},
        "color": list(palette.series),
        "backgroundColor": "transparent",
        **_DRAWERS[block.kind](block, palette),
    }


def _number(value: Decimal | int | None) -> float | int | None:
    return float(value) if isinstance(value, Decimal) else value


def _reading(block: ChartBlock, value: Decimal | int | None, *, signed: bool = False) -> str:
    sign = "+" if signed and value is not None and value > 0 else ""
    return f"{sign}{measure.printed(value)}{block.unit}"


def _words(palette: Palette, size: int, *, muted: bool = False) -> Option:
    return {"color": palette.muted if muted else palette.ink, "fontSize": size, "fontFamily": CHART_FONT}


def _item(block: ChartBlock, series: Series, at: int, **more: object) -> Option:
    value = series.values[at]
    name = block.categories[at]
    who = f"{name} {series.name}" if len(block.series) > 1 else name
    tip = f"{who}:{_reading(block, value)}" if value is not None else f"{who}:—"
    return {"value": _number(value), "tip": tip, **more}


def _plain_label(palette: Palette, size: int, position: str, text: str) -> Option:
    return {
        "show": bool(text),
        "position": position,
        "formatter": text,
        **_words(palette, size),
        "textBorderWidth": 0,
    }


def _legend(block: ChartBlock, palette: Palette) -> Option:
    if len(block.series) < 2:  # noqa: PLR2004 - one series needs no legend
        return {}
    return {
        "legend": {
            "top": 0,
            "left": "center",
            "itemWidth": 16,
            "itemHeight": 10,
            "itemGap": 18,
            "icon": "roundRect",
            "data": [series.name for series in block.series],
            "textStyle": _words(palette, measure.LABEL),
        }
    }


def _grid(block: ChartBlock, *, right: int, top: int = 10, bottom: int = 10) -> Option:
    legend = 34 if len(block.series) > 1 and block.kind is not ChartKind.HEATMAP else 0
    return {
        "left": 6,
        "right": right,
        "top": top + legend,
        "bottom": bottom,
        "outerBoundsMode": "same",
        "outerBoundsContain": "all",
    }


def _value_axis(block: ChartBlock, palette: Palette, **more: object) -> Option:
    return {
        "type": "value",
        "name": block.unit,
        "nameTextStyle": _words(palette, measure.SMALL_LABEL, muted=True),
        "axisLabel": {**_words(palette, measure.SMALL_LABEL, muted=True), "formatter": "{value}"},
        "axisLine": {"show": False},
        "axisTick": {"show": False},
        "splitLine": {"lineStyle": {"color": palette.grid}},
        **more,
    }


def _category_axis(block: ChartBlock, palette: Palette, label: Option, **more: object) -> Option:
    return {
        "type": "category",
        "data": list(block.categories),
        "axisLabel": {"interval": 0, **_words(palette, measure.label_size(block)), **label},
        "axisLine": {"lineStyle": {"color": palette.rule}},
        "axisTick": {"show": False},
        **more,
    }


def _row_label(block: ChartBlock) -> Option:
    size = measure.label_size(block)
    longest = max((measure.ems(category) for category in block.categories), default=0.0)
    if longest <= _LONGEST_ROW_LABEL_EMS:
        return {}
    most = _LONGEST_ROW_LABEL_EMS if measure.row_height(block) >= 2 * (size + 1) else 22
    return {"width": round(most * size), "overflow": "break", "lineHeight": size + 2}


def _bar(block: ChartBlock, palette: Palette) -> Option:
    size = measure.label_size(block)
    readings = [_reading(block, value) for series in block.series for value in series.values]
    room = max((measure.ems(reading) for reading in readings), default=0.0) * size
    return {
        "grid": _grid(block, right=round(max(room + 10, 34))),
        **_legend(block, palette),
        "tooltip": {"trigger": "item"},
        "xAxis": _value_axis(block, palette, minInterval=1),
        "yAxis": _category_axis(block, palette, _row_label(block), inverse=True),
        "series": [
            {
                "type": "bar",
                "name": series.name,
                "barMaxWidth": 18,
                "barCategoryGap": "32%",
                "itemStyle": {"borderRadius": [0, 2, 2, 0]},
                "data": [
                    _item(
                        block,
                        series,
                        at,
                        label=_plain_label(palette, size, "right", measure.printed(value)),
                    )
                    for at, value in enumerate(series.values)
                ],
            }
            for series in block.series
        ],
    }


def _stacked_bar(block: ChartBlock, palette: Palette) -> Option:
    size = measure.label_size(block)
    sums = [
        sum((value or 0 for series in block.series if (value := series.values[at])), start=Decimal(0))
        for at in range(len(block.categories))
    ]
    longest_label = min(_LONGEST_ROW_LABEL_EMS, max((measure.ems(c) for c in block.categories), default=0.0))
    pixels = (measure.WIDTH - longest_label * size - 60) / float(max((*sums, Decimal(1))))

    def inside(series_at: int, value: Decimal | int | None) -> Option:
        text = measure.printed(value)
        fits = bool(value) and float(value or 0) * pixels > measure.ems(text) * size + 6
        dark = luminance(palette.series[series_at % len(palette.series)]) < _DARK_GROUND
        return {
            **_plain_label(palette, size, "inside", text if fits else ""),
            "color": "#ffffff" if dark else "#1f2a37",
        }

    return {
        "grid": _grid(block, right=40),
        **_legend(block, palette),
        "tooltip": {"trigger": "item"},
        "xAxis": _value_axis(block, palette, minInterval=1),
        "yAxis": _category_axis(block, palette, _row_label(block), inverse=True),
        "series": [
            {
                "type": "bar",
                "stack": "all",
                "name": series.name,
                "barMaxWidth": 20,
                "barCategoryGap": "30%",
                "data": [
                    _item(block, series, at, label=inside(series_at, value))
                    for at, value in enumerate(series.values)
                ],
            }
            for series_at, series in enumerate(block.series)
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
        "nameTextStyle": _words(palette, measure.SMALL_LABEL, muted=True),
    }


def _value_label_size(block: ChartBlock, series: Series, room: float) -> int:
    """The size at which every value of `series` fits `room` pixels; 0 when none does."""
    longest = max((measure.ems(measure.printed(value)) for value in series.values), default=0.0)
    sizes = (measure.label_size(block), measure.SMALL_LABEL, 10, 9)
    return next((size for size in sizes if longest * size + 1 <= room), 0)


def _column(block: ChartBlock, palette: Palette) -> Option:
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
                    _item(
                        block,
                        series,
                        at,
                        label=_plain_label(palette, size or 9, "top", measure.printed(value) if size else ""),
                    )
                    for at, value in enumerate(series.values)
                ],
            }
        )
    return {
        "grid": _grid(block, right=12),
        **_legend(block, palette),
        "tooltip": {"trigger": "item"},
        "xAxis": _category_axis(block, palette, _column_label(block), **_axis_title(block, palette)),
        "yAxis": _value_axis(block, palette, minInterval=1, nameGap=14),
        "series": drawn,
    }


def _line(block: ChartBlock, palette: Palette) -> Option:
    labelled = len(block.series) == 1 and len(block.categories) <= _MOST_LABELS_OF_A_LINE
    return {
        "grid": _grid(block, right=18),
        **_legend(block, palette),
        "tooltip": {"trigger": "item"},
        "xAxis": _category_axis(
            block, palette, _column_label(block), boundaryGap=False, **_axis_title(block, palette)
        ),
        "yAxis": _value_axis(block, palette, minInterval=1, nameGap=14),
        "series": [
            {
                "type": "line",
                "name": series.name,
                "symbol": "circle",
                "symbolSize": 6,
                "lineStyle": {"width": 2},
                "data": [
                    _item(
                        block,
                        series,
                        at,
                        label=_plain_label(
                            palette, measure.SMALL_LABEL, "top", measure.printed(value) if labelled else ""
                        ),
                    )
                    for at, value in enumerate(series.values)
                ],
            }
            for series in block.series
        ],
    }


def _donut(block: ChartBlock, palette: Palette) -> Option:
    series = block.series[0]
    whole = sum((Decimal(value) for value in series.values if value is not None), start=Decimal(0))
    items = []
    for at, value in enumerate(series.values):
        if value is None:
            continue
        share = None if whole == 0 else percent(int(value * 10000), int(whole * 10000))
        share_text = "" if share is None or block.unit == "%" else f" {share}%"
        words = f"{block.categories[at]} {_reading(block, value)}{share_text}"
        items.append(
            _item(
                block,
                series,
                at,
                name=block.categories[at],
                tip=words,
                label={"formatter": words, **_words(palette, measure.LABEL)},
            )
        )
    return {
        "tooltip": {"trigger": "item"},
        "series": [
            {
                "type": "pie",
                "name": series.name,
                "radius": ["42%", "66%"],
                "center": ["50%", "52%"],
                "startAngle": 60,
                "minAngle": 2,
                "avoidLabelOverlap": True,
                "itemStyle": {"borderColor": palette.paper, "borderWidth": 1.5},
                "labelLine": {"length": 14, "length2": 12, "lineStyle": {"color": palette.rule}},
                "data": items,
            }
        ],
    }


def _heatmap(block: ChartBlock, palette: Palette) -> Option:
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
                    "value": [column, row, _number(value)],
                    "tip": f"{series.name} · {block.categories[column]}:{_reading(block, value)}",
                    "itemStyle": {"color": level},
                    "label": {
                        "show": bool(shown),
                        "formatter": shown,
                        "fontSize": 10,
                        "fontFamily": CHART_FONT,
                        "color": "#ffffff" if luminance(level) < _DARK_GROUND else "#1f2a37",
                        "textBorderWidth": 0,
                    },
                }
            )
    return {
        "grid": {**_grid(block, right=8, top=6, bottom=6)},
        "tooltip": {"trigger": "item"},
        "xAxis": {
            **_category_axis(
                block, palette, {"rotate": 55, "width": 12 * measure.SMALL_LABEL, "overflow": "truncate"}
            ),
            "axisLine": {"show": False},
        },
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": [series.name for series in block.series],
            "axisLabel": {"interval": 0, **_words(palette, measure.SMALL_LABEL)},
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
        "visualMap": {"show": False, "min": 0, "max": _number(most), "inRange": {"opacity": [1, 1]}},
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


def _diverging_bar(block: ChartBlock, palette: Palette) -> Option:
    size = measure.label_size(block)
    drawn = []
    for series in block.series:
        items = []
        for at, value in enumerate(series.values):
            below = value is not None and value < 0
            label = _plain_label(
                palette, size, "left" if below else "right", _signed(value) if value is not None else ""
            )
            items.append(
                _item(
                    block,
                    series,
                    at,
                    label=label,
                    itemStyle={"color": palette.falling if below else palette.rising},
                    tip=f"{block.categories[at]}:{_reading(block, value, signed=True) if value is not None else '—'}",
                )
            )
        drawn.append(
            {"type": "bar", "name": series.name, "barMaxWidth": 18, "barCategoryGap": "32%", "data": items}
        )
    return {
        "grid": _grid(block, right=30),
        "tooltip": {"trigger": "item"},
        "xAxis": _value_axis(block, palette, boundaryGap=["12%", "12%"]),
        "yAxis": {
            **_category_axis(block, palette, _row_label(block), inverse=True),
            "axisLine": {"onZero": True, "lineStyle": {"color": palette.rule}},
        },
        "series": drawn,
    }


def _signed(value: Decimal | int) -> str:
    return ("+" if value > 0 else "") + measure.printed(value)


_DRAWERS: dict[ChartKind, Callable[[ChartBlock, Palette], Option]] = {
    ChartKind.BAR: _bar,
    ChartKind.COLUMN: _column,
    ChartKind.STACKED_BAR: _stacked_bar,
    ChartKind.LINE: _line,
    ChartKind.DONUT: _donut,
    ChartKind.HEATMAP: _heatmap,
    ChartKind.DIVERGING_BAR: _diverging_bar,
}

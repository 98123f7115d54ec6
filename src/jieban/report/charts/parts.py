"""What every chart's option is made of: words, data items with their readings, legends, axes."""

from decimal import Decimal
from typing import Any

from jieban.report.charts import measure
from jieban.report.charts.palette import CHART_FONT, Palette
from jieban.report.document import ChartBlock, Series

Option = dict[str, Any]


def json_number(value: Decimal | int | None) -> float | int | None:
    """A value as JSON has it; exact values live in labels and readings, this one only sets lengths."""
    return float(value) if isinstance(value, Decimal) else value


def reading(block: ChartBlock, value: Decimal | int | None, *, signed: bool = False) -> str:
    """A value with its unit, as a reader is told it."""
    sign = "+" if signed and value is not None and value > 0 else ""
    return f"{sign}{measure.printed(value)}{block.unit}"


def words(palette: Palette, size: int, *, muted: bool = False) -> Option:
    """The text style of `size` pixels."""
    return {"color": palette.muted if muted else palette.ink, "fontSize": size, "fontFamily": CHART_FONT}


def data_item(block: ChartBlock, series: Series, at: int, **more: object) -> Option:
    """The value of `series` at category `at`, with the words that pointing at it shows; `more` goes beside."""
    value = series.values[at]
    name = block.categories[at]
    who = f"{name} {series.name}" if len(block.series) > 1 else name
    tip = f"{who}：{reading(block, value)}" if value is not None else f"{who}：—"
    return {"value": json_number(value), "tip": tip, **more}


def value_label(palette: Palette, size: int, position: str, text: str) -> Option:
    """The label `text` at `position`; none for ""."""
    return {
        "show": bool(text),
        "position": position,
        "formatter": text,
        **words(palette, size),
        "textBorderWidth": 0,
    }


def legend(block: ChartBlock, palette: Palette) -> Option:
    """The option's legend, at the top, where there is more than one series."""
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
            "textStyle": words(palette, measure.LABEL),
        }
    }


def grid(block: ChartBlock, *, right: int, top: int = 10, bottom: int = 10) -> Option:
    """Where the axes stand: labels and names included in the margins."""
    legend = measure.legend_height(block)
    return {
        "left": 6,
        "right": right,
        "top": top + legend,
        "bottom": bottom,
        "outerBoundsMode": "same",
        "outerBoundsContain": "all",
    }


def value_axis(block: ChartBlock, palette: Palette, **more: object) -> Option:
    """The axis of values, named by the unit."""
    return {
        "type": "value",
        "name": block.unit,
        "nameTextStyle": words(palette, measure.SMALL_LABEL, muted=True),
        "axisLabel": words(palette, measure.SMALL_LABEL, muted=True),
        "axisLine": {"show": False},
        "axisTick": {"show": False},
        "splitLine": {"lineStyle": {"color": palette.grid}},
        **more,
    }


def category_axis(block: ChartBlock, palette: Palette, label: Option, **more: object) -> Option:
    """The axis of categories, every one labelled unless `label` says otherwise."""
    return {
        "type": "category",
        "data": list(block.categories),
        "axisLabel": {"interval": 0, **words(palette, measure.label_size(block)), **label},
        "axisLine": {"lineStyle": {"color": palette.rule}},
        "axisTick": {"show": False},
        **more,
    }

"""The ring of shares."""

from decimal import Decimal

from jieban.kernel.numbers import percent
from jieban.report.charts import measure
from jieban.report.charts import parts as part
from jieban.report.charts.palette import Palette
from jieban.report.charts.parts import Option
from jieban.report.document import ChartBlock


def donut(block: ChartBlock, palette: Palette) -> Option:
    """The first series as a ring, each slice named with its value and its share of the whole."""
    series = block.series[0]
    whole = sum((Decimal(value) for value in series.values if value is not None), start=Decimal(0))
    items = []
    for at, value in enumerate(series.values):
        if value is None:
            continue
        share = None if whole == 0 else percent(int(value * 10000), int(whole * 10000), block.share_places)
        share_text = "" if share is None or block.unit == "%" else f" {share}%"
        words = f"{block.categories[at]} {part.reading(block, value)}{share_text}"
        items.append(
            part.data_item(
                block,
                series,
                at,
                name=block.categories[at],
                tip=words,
                label={"formatter": words, **part.words(palette, measure.LABEL)},
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

"""Native charts of the workbook: from each chart's own data on its own sheet, so that an office can restyle them."""

from dataclasses import dataclass
from typing import Any

from jieban.report.charts import measure
from jieban.report.charts.cuts import is_cut
from jieban.report.charts.palette import LIGHT
from jieban.report.document import ChartBlock, ChartKind

_FORMS: dict[ChartKind, dict[str, str]] = {
    ChartKind.BAR: {"type": "bar"},
    ChartKind.DIVERGING_BAR: {"type": "bar"},
    ChartKind.STACKED_BAR: {"type": "bar", "subtype": "stacked"},
    ChartKind.COLUMN: {"type": "column"},
    ChartKind.LINE: {"type": "line"},
    ChartKind.DONUT: {"type": "doughnut"},
}
_MOST_LABELS = 48
_FEW_LABELS = 16
_HORIZONTAL = frozenset({ChartKind.BAR, ChartKind.DIVERGING_BAR, ChartKind.STACKED_BAR})


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a chart's data stand: the sheet, the row of the headings, the first row and column being 0."""

    sheet: str
    heading_row: int


def native_chart(workbook: Any, block: ChartBlock, place: Place, font: str) -> Any:
    """The chart of `block` over the data at `place`; a heat map has none, its cells are coloured instead."""
    made = workbook.add_chart(_FORMS[block.kind])
    first, last = place.heading_row + 1, place.heading_row + len(block.categories)
    for at in range(len(block.series)):
        made.add_series(
            {
                "name": [place.sheet, place.heading_row, at + 1],
                "categories": [place.sheet, first, 0, last, 0],
                "values": [place.sheet, first, at + 1, last, at + 1],
                **_look(block, at, font),
            }
        )
    made.set_title(
        {"name": block.caption, "overlay": False, "name_font": {"name": font, "size": 12, "bold": True}}
    )
    made.set_chartarea({"border": {"none": True}})
    if len(block.series) > 1 or block.kind is ChartKind.DONUT:
        made.set_legend({"position": "bottom", "font": {"name": font, "size": 10}})
    else:
        made.set_legend({"none": True})
    if block.kind is ChartKind.DONUT:
        made.set_hole_size(55)
    else:
        _set_axes(made, block, font)
    made.set_size({"width": 760, "height": max(360, round(measure.height(block) * 1.35) + 60)})
    return made


def _look(block: ChartBlock, at: int, font: str) -> dict[str, Any]:
    colour = LIGHT.series[at % len(LIGHT.series)]
    label = {"value": True, "font": {"name": font, "size": 9}}
    labelled = len(block.categories) <= _MOST_LABELS
    match block.kind:
        case ChartKind.DONUT:
            points = [
                {"fill": {"color": LIGHT.series[i % len(LIGHT.series)]}, "border": {"color": LIGHT.paper}}
                for i in range(len(block.categories))
            ]
            # A ring's labels lie on one another where slices are thin; the data stand beside the chart.
            return {"points": points}
        case ChartKind.LINE:
            look: dict[str, Any] = {
                "line": {"color": colour, "width": 2},
                "marker": {
                    "type": "circle",
                    "size": 5,
                    "fill": {"color": colour},
                    "border": {"color": colour},
                },
            }
            labelled = len(block.series) == 1 and len(block.categories) <= _FEW_LABELS
        case ChartKind.DIVERGING_BAR:
            # Each bar's own colour: not every program knows colours for negative values.
            colours = [
                LIGHT.falling if (value or 0) < 0 else LIGHT.rising for value in block.series[at].values
            ]
            look = {"points": [{"fill": {"color": each}} for each in colours], "gap": 45}
            label |= _told_beyond(block, at, font)
        case ChartKind.STACKED_BAR:
            look = {"fill": {"color": colour}, "gap": 45}
            labelled = False
        case _:
            look = {"fill": {"color": colour}, "gap": 45}
    return {**look, "data_labels": label} if labelled else look


def _told_beyond(block: ChartBlock, at: int, font: str) -> dict[str, Any]:
    """Marked labels for the bars that the axis cuts; the others keep theirs."""
    cut = block.cut
    if cut is None:
        return {}
    labels = [
        {"value": f"≫ {value}", "font": {"name": font, "size": 9}} if is_cut(value, cut) else None
        for value in block.series[at].values
    ]
    return {"custom": labels}


def _set_axes(made: Any, block: ChartBlock, font: str) -> None:
    words = {"name": font, "size": 10}
    title = {"name": font, "size": 10, "bold": False}
    horizontal = block.kind in _HORIZONTAL
    categories = {
        "name": block.category_title,
        "name_font": title,
        "num_font": {**words, "rotation": -45}
        if not horizontal and len(block.categories) > _FEW_LABELS
        else words,
        "label_position": "low",
        "major_tick_mark": "none",
        "line": {"color": LIGHT.rule},
        "interval_unit": 1,
    }
    values: dict[str, Any] = {
        "name": block.unit,
        "name_font": title if horizontal else {**title, "rotation": 360},
        "num_font": words,
        "num_format": "General",
        "major_gridlines": {"visible": True, "line": {"color": LIGHT.grid}},
        "line": {"none": True},
    }
    if block.cut is not None:
        values |= {"max": block.cut, "min": -block.cut, "major_unit": block.cut / 4}
    if horizontal:
        # XlsxWriter calls the upright axis y. The first category stands at the top, the values' axis below.
        made.set_y_axis({**categories, "reverse": True, "crossing": "max"})
        made.set_x_axis(values)
    else:
        made.set_x_axis(categories)
        made.set_y_axis(values)

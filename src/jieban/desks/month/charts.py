"""The charts of the month at a glance, drawn by the page from the same options as the report's."""

from dataclasses import replace

from jieban.desks.month.figures import Three, codes
from jieban.desks.month.spans import names_of
from jieban.desks.month.summary import Chart
from jieban.desks.month.tables import HANDLINGS, ORDERS, topic_name, unit_name
from jieban.indicators.model import MISSING, Window
from jieban.indicators.period import PeriodKind
from jieban.indicators.registry import REGISTRY
from jieban.kernel.i18n import tr
from jieban.report.charts import measure
from jieban.report.charts.options import chart_option
from jieban.report.charts.palette import DARK, LIGHT
from jieban.report.charts.parts import Option
from jieban.report.document import ChartBlock, ChartKind, Series

# On the desks amber is for what is due soon: the periods beside are paler blues.
_LIGHT = replace(LIGHT, series=("#1d4a7d", "#6a9cc6", "#b3c9de"))
_DARK = replace(DARK, paper="#16202d", series=("#8fbbea", "#4f86b5", "#35587c"))
_MOST_UNITS = 12
_EDGE = 10
"""Pixels beside the column of values."""
_MOST_TOPICS = 10


def charts(three: Three) -> tuple[Chart, ...]:
    """All charts; a period without a window beside it is drawn without that."""
    topics = [code for code in codes(three, ORDERS, "topic") if code != MISSING][:_MOST_TOPICS]
    units = [code for code in codes(three, HANDLINGS, "unit") if code != MISSING][:_MOST_UNITS]
    bars = (
        _bars(
            three,
            "topics",
            tr("诉求热点"),
            of=ORDERS,
            dimension="topic",
            names={c: topic_name(three, c) for c in topics},
        ),
        _bars(
            three,
            "units",
            tr("承办量居前的单位"),
            of=HANDLINGS,
            dimension="unit",
            names={c: unit_name(three, c) for c in units},
        ),
    )
    # They stand side by side.
    tallest = max(each.height for each in bars)
    return (_days(three), *(replace(each, height=tallest) for each in bars))


def _bars(three: Three, name: str, title: str, *, of: str, dimension: str, names: dict[str, str]) -> Chart:
    windows = [Window.CURRENT, *three.beside(REGISTRY[of].table)]
    block = ChartBlock(
        id=name,
        kind=ChartKind.BAR,
        caption=title,
        sheet=title,
        categories=tuple(names.values()),
        series=tuple(
            Series(
                name=_window_name(three, window),
                values=tuple(three.facts[window].number(of, **{dimension: code}) for code in names),
                indicator=of,
            )
            for window in windows
        ),
        unit=REGISTRY[of].unit,
        category_title="",
        alt=title,
    )
    return _chart(block)


def _days(three: Three) -> Chart:
    counts = dict(three.now.rows(ORDERS, "day"))
    block = ChartBlock(
        id="days",
        kind=ChartKind.LINE,
        caption=tr("每日转派"),
        sheet="",
        categories=tuple(_day(three, str(key[0])) for key in counts),
        series=(
            Series(
                name=_window_name(three, Window.CURRENT),
                values=tuple(int(value.value or 0) for value in counts.values()),
                indicator=ORDERS,
            ),
        ),
        unit=REGISTRY[ORDERS].unit,
        category_title="",
        alt=tr("每日转派"),
    )
    return _chart(block)


def _day(three: Three, day: str) -> str:
    """`2025-04-07` as 7 within a month, as 04-07 within a longer period."""
    return day[8:].lstrip("0") if three.period.kind is PeriodKind.MONTH else day[5:]


def _window_name(three: Three, window: Window) -> str:
    if window is Window.CURRENT:
        return three.profile.wording[f"period.{three.period.kind.value}.this"]
    return names_of(three.period)[window]


def _chart(block: ChartBlock) -> Chart:
    return Chart(
        id=block.id,
        title=block.caption,
        alt=block.alt,
        height=measure.height(block),
        light=_quiet(chart_option(block, _LIGHT)),
        dark=_quiet(chart_option(block, _DARK)),
    )


def _quiet(option: Option) -> Option:
    """Of bars side by side only the period's own have values, in a column of its own.

    At the bars' ends they would lie upon those beside that reach further.
    """
    own, *beside = option["series"]
    if not beside:
        return option
    names = option["yAxis"]
    values = {**names, "position": "right", "axisLine": {"show": False}, "data": _values(own)}
    for series in option["series"]:
        for item in series["data"]:
            item["label"] = {"show": False}
    return {**option, "grid": {**option["grid"], "right": _EDGE}, "yAxis": [names, values]}


def _values(own: Option) -> list[str]:
    return [str(item["label"]["formatter"]) for item in own["data"]]

"""Draws ECharts options without a browser: to SVG, in V8 (mini-racer)."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from jieban.report.assets import echarts_js
from jieban.report.charts import measure
from jieban.report.charts.options import chart_option
from jieban.report.document import ChartBlock

_DRAW = """
function draw(json, width, height) {
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width, height });
  const option = JSON.parse(json);
  for (const axis of [option.xAxis, option.yAxis]) {
    if (axis && axis.type === "value") axis.axisLabel.formatter = String;  // else 1,200 stands beside 1468
  }
  chart.setOption(option);
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}
"""
# A report draws a dozen charts and ends: compilers that make code fast once it is hot never earn their time back, and a
# young generation that holds what a chart leaves behind is not gone through for every one of them.
_V8_FLAGS = ("--no-turbofan", "--no-maglev", "--min-semi-space-size=16")
# What is of use only where the picture can be pointed at; ECharts writes these itself, texts are escaped by then.
_FOR_POINTERS = re.compile(r"<style.*?</style>|\s(?:ecmeta_\w+|class|pointer-events)=\"[^\"]*\"", re.DOTALL)

Drawings = Mapping[str, "Drawing"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawing:
    """A drawn chart: `svg` is a whole picture of `width` × `height` pixels; its texts are texts."""

    svg: str
    width: int
    height: int


def draw_charts(blocks: Iterable[ChartBlock]) -> dict[str, Drawing]:
    """Each chart's drawing by the block's id.

    One V8 context for all of them and only for them: ECharts numbers its ids on within a context, so that the
    same charts give the same bytes and ids never meet in one page. The last sets are kept: the editions of a
    report share them. Raises MissingPart where ECharts is not there.
    """
    wanted = list(blocks)
    if not wanted:
        return {}
    options = tuple(
        (json.dumps(chart_option(block), ensure_ascii=False), measure.height(block)) for block in wanted
    )
    return dict(zip((block.id for block in wanted), _drawn(echarts_js(), options), strict=True))


@lru_cache(maxsize=2)
def _drawn(library: Path, options: tuple[tuple[str, int], ...]) -> tuple[Drawing, ...]:
    # 0.1 s to import: only where there is something to draw.
    from py_mini_racer import DEFAULT_V8_FLAGS, MiniRacer, init_mini_racer  # noqa: PLC0415

    init_mini_racer(flags=[*DEFAULT_V8_FLAGS, *_V8_FLAGS], ignore_duplicate_init=True)
    with MiniRacer() as context:
        context.eval(library.read_text(encoding="utf-8"))
        context.eval(_DRAW)
        return tuple(
            Drawing(
                svg=_FOR_POINTERS.sub("", str(context.call("draw", option, measure.WIDTH, height))),
                width=measure.WIDTH,
                height=height,
            )
            for option, height in options
        )

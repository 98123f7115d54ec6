import json
import re
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from lxml import etree

from jieban.report.charts import measure
from jieban.report.charts.cuts import cut_at
from jieban.report.charts.draw import Drawing, _drawn, draw_charts
from jieban.report.charts.options import chart_option
from jieban.report.charts.palette import DARK, LIGHT, letters_on, luminance
from jieban.report.document import ChartBlock, ChartKind, Document, Series


@pytest.fixture(scope="module")
def blocks(document: Document) -> list[ChartBlock]:
    return [block for block in document.all_blocks() if isinstance(block, ChartBlock)]


@pytest.fixture(scope="module")
def drawings(blocks: list[ChartBlock]) -> dict[str, Drawing]:
    return draw_charts(blocks)


def small(kind: ChartKind, values: tuple[int | Decimal | None, ...], *, unit: str = "件") -> ChartBlock:
    return ChartBlock(
        id="small",
        kind=kind,
        caption="小图",
        sheet="小图",
        categories=tuple(f"<类>{at}&" for at in range(len(values))),
        series=(Series(name="甲", values=values, indicator="orders.total"),),
        unit=unit,
        category_title="类别",
        alt="小图",
    )


def texts(drawing: Drawing) -> list[tuple[str, float, float, float, float]]:
    """Upright labels as (words, left, top, right, bottom) in the drawing's pixels."""
    found = []
    for element in etree.fromstring(drawing.svg).iter("{http://www.w3.org/2000/svg}text"):
        place = re.fullmatch(r"translate\(([-\d.]+) ([-\d.]+)\)", element.get("transform", ""))
        if not place or not (words := "".join(element.itertext())):
            continue
        size = float(re.search(r"font-size:(\d+)px", element.get("style", ""))[1])  # type: ignore[index]  # always set
        x = float(place[1]) + float(element.get("x", 0))
        y = float(place[2]) + float(element.get("y", 0))
        wide = measure.ems(words) * size
        left = {"start": x, "middle": x - wide / 2, "end": x - wide}[element.get("text-anchor", "start")]
        found.append((words, left, y - size / 2, left + wide, y + size / 2))
    return found


def test_the_sample_has_every_kind(blocks: list[ChartBlock]) -> None:
    assert {block.kind for block in blocks} == set(ChartKind)


def test_every_category_and_series_is_named_in_the_drawing(
    blocks: list[ChartBlock], drawings: dict[str, Drawing]
) -> None:
    for block in blocks:
        words = "".join(etree.fromstring(drawings[block.id].svg).itertext())
        for name in block.categories:
            assert name in words, (block.id, name)
        if len(block.series) > 1:
            for series in block.series:
                assert series.name in words, (block.id, series.name)


def test_no_two_upright_labels_overlap_and_none_leaves_the_picture(drawings: dict[str, Drawing]) -> None:
    for name, drawing in drawings.items():
        boxes = texts(drawing)
        assert boxes
        for at, (words, left, top, right, bottom) in enumerate(boxes):
            assert -1 <= left <= right <= drawing.width + 1, (name, words)
            assert -1 <= top <= bottom <= drawing.height + 1, (name, words)
            for other, other_left, other_top, other_right, other_bottom in boxes[at + 1 :]:
                across = min(right, other_right) - max(left, other_left)
                down = min(bottom, other_bottom) - max(top, other_top)
                assert across <= 1 or down <= 1, (name, words, other, across, down)


def test_values_stand_in_the_drawing_as_the_report_prints_them(
    blocks: list[ChartBlock], drawings: dict[str, Drawing]
) -> None:
    labelled = {ChartKind.BAR, ChartKind.COLUMN, ChartKind.DIVERGING_BAR, ChartKind.DONUT}
    for block in blocks:
        words = "".join(etree.fromstring(drawings[block.id].svg).itertext())
        if block.kind in labelled:
            for value in block.series[0].values:
                assert measure.printed(value) in words, (block.id, value)


def test_a_ring_names_the_shares_that_the_report_rounds(drawings: dict[str, Drawing]) -> None:
    words = "".join(etree.fromstring(drawings["c-types"].svg).itertext())
    # ECharts' own percentages are made to sum to 100 and would print 0.05.
    assert "其他 2件 0.04%" in words
    assert "投诉 3751件 82.13%" in words


def test_a_ring_has_as_many_decimals_as_the_report() -> None:
    ring = replace(small(ChartKind.DONUT, (457, 101, 31, 31)), share_places=1)
    words = "".join(etree.fromstring(draw_charts([ring])["small"].svg).itertext())
    assert "457件 73.7%" in words
    assert "31件 5.0%" in words


def test_values_above_columns_stand_apart() -> None:
    hours = small(ChartKind.COLUMN, tuple(391 + at % 9 for at in range(24)))
    boxes = [box for box in texts(draw_charts([hours])["small"]) if re.fullmatch("39[1-9]", box[0])]
    assert len(boxes) == 24
    for left, right in pairwise(sorted(boxes, key=lambda box: box[1])):
        assert left[3] + 4 <= right[1], (left, right)


@pytest.mark.parametrize("rows", [3, 8, 15, 24, 34])
def test_of_bars_side_by_side_each_has_its_value_behind_it(rows: int) -> None:
    block = small(ChartKind.BAR, tuple(range(101, 101 + rows)))
    other = Series(name="乙", values=tuple(range(301, 301 + rows)), indicator="orders.total")
    boxes = texts(draw_charts([replace(block, series=(*block.series, other))])["small"])
    middles = sorted(top + 5.5 for words, _, top, *_ in boxes if re.fullmatch(r"[13](?!00|50)\d\d", words))
    assert len(middles) == 2 * rows
    # Digits are three quarters of their size tall: a hair is left between two, more where rows are few.
    least = 0.85 if rows > 30 else 1
    assert min(below - above for above, below in pairwise(middles)) >= least * measure.SMALL_LABEL


def test_all_charts_are_drawn_in_the_typeface_that_is_always_there(drawings: dict[str, Drawing]) -> None:
    for drawing in drawings.values():
        families = set(re.findall(r"font-family:([^;\"]+)", drawing.svg))
        assert families == {"Noto Sans SC"}


def test_the_same_charts_give_the_same_drawings_drawn_anew(
    blocks: list[ChartBlock], drawings: dict[str, Drawing]
) -> None:
    _drawn.cache_clear()
    assert draw_charts(blocks) == drawings


def test_drawings_kept_for_the_next_edition_are_not_taken_for_others() -> None:
    one = small(ChartKind.BAR, (Decimal("1.0"), 2))
    other = small(ChartKind.BAR, (Decimal("1.00"), 2))  # equal as a value, printed otherwise
    assert one == other
    assert ">1.0<" in draw_charts([one])["small"].svg
    assert ">1.00<" in draw_charts([other])["small"].svg
    assert draw_charts([replace(one, id="again")])["again"] == draw_charts([one])["small"]


def test_charts_of_little_are_drawn_without_nonsense() -> None:
    little: tuple[tuple[int | Decimal | None, ...], ...] = (
        (0,),
        (None,),
        (0, 0, 0),
        (1, None, 2),
        (Decimal("-12.50"), Decimal("0.00"), None),
    )
    blocks = [replace(small(kind, values), id=f"{kind} {values}") for kind in ChartKind for values in little]
    for name, drawing in draw_charts(blocks).items():
        for nonsense in ("NaN", "undefined", "Infinity", "null"):
            assert nonsense not in drawing.svg, name
        etree.fromstring(drawing.svg)


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_options_are_plain_json_and_carry_readings(blocks: list[ChartBlock], palette: Any) -> None:
    for block in blocks:
        option = chart_option(block, palette)
        assert json.loads(json.dumps(option)) == option
        items = [item for series in option["series"] for item in series["data"]]
        assert all(item["tip"] for item in items)


def test_a_reading_has_the_exact_value_and_the_unit() -> None:
    option = chart_option(small(ChartKind.DIVERGING_BAR, (Decimal("7.10"), Decimal("-3.07")), unit="%"))
    assert [item["tip"] for item in option["series"][0]["data"]] == ["<类>0&：+7.10%", "<类>1&：-3.07%"]


def test_names_are_escaped_in_the_drawing() -> None:
    svg = draw_charts([small(ChartKind.BAR, (1, 2))])["small"].svg
    assert "<类>" not in svg
    assert "&lt;类&gt;0&amp;" in svg


def test_a_chart_is_never_taller_than_a_page_holds() -> None:
    block = small(ChartKind.BAR, tuple(range(62)))
    assert measure.height(block) <= measure.TALLEST
    many = replace(block, series=(replace(block.series[0], name="乙"), *block.series))
    assert measure.height(many) <= measure.TALLEST


def test_letters_can_be_read_on_every_colour_of_the_palettes() -> None:
    for palette in (LIGHT, DARK):
        for ground in (*palette.series, *palette.sequence):
            lighter, darker = sorted((luminance(ground), luminance(letters_on(ground))), reverse=True)
            assert (lighter + 0.05) / (darker + 0.05) >= 3, (
                ground
            )  # WCAG's least for graphics and large letters


def test_body_letters_have_full_contrast_in_light_and_dark() -> None:
    for palette in (LIGHT, DARK):
        for letters in (palette.ink, palette.muted, palette.accent, palette.warning):
            for ground in (palette.paper, palette.panel):
                lighter, darker = sorted((luminance(letters), luminance(ground)), reverse=True)
                assert (lighter + 0.05) / (darker + 0.05) >= 4.5, (letters, ground)


@pytest.mark.parametrize(
    ("values", "cut"),
    [
        (("800.00", "80.00", "12.50", "-8.00"), 120),
        (("12.50", "-8.00", "3.00", "-800.00"), 20),
        (("300.00", "100.00", "12.50", "-8.00"), None),  # three times as long is still read
        (("800.00", "700.00", "12.50", "-8.00"), None),  # more than a quarter of them
        (("800.00", "700.00", "12.50", "-8.00", "1.0", "2.0", "3.0", "4.0"), 20),
        (("800.00", "80.00", "12.50"), None),
        (("800.00", "0.00", "0.00", "0.00"), None),
        ((), None),
    ],
)
def test_bars_are_cut_that_leave_the_others_no_length(values: tuple[str, ...], cut: int | None) -> None:
    assert cut_at(map(Decimal, values)) == cut
    assert cut_at([None, *map(Decimal, values)]) == cut


def test_a_cut_bar_prints_its_value_and_has_a_gap() -> None:
    values = (Decimal("800.00"), Decimal("80.00"), Decimal("-52.78"), None, Decimal("-900.00"))
    whole = small(ChartKind.DIVERGING_BAR, values, unit="%")
    cut = replace(whole, cut=120)
    [series] = chart_option(cut)["series"]
    assert [item["value"] for item in series["data"]] == [120, 80.0, -52.78, None, -120]
    assert series["data"][0]["tip"] == "<类>0&：+800.00%"
    marks = [point["coord"] for point in series["markPoint"]["data"]]
    assert [(x > 0, at) for x, at in marks] == [(True, 0), (False, 4)]
    assert all(80 < abs(x) < 120 for x, _ in marks)
    svg = draw_charts([cut])["small"].svg
    assert all(label in svg for label in (">+800.00<", ">+80.00<", ">-900.00<"))
    assert svg.count(f'fill="{LIGHT.paper}"') == 2
    assert "markPoint" not in chart_option(whole)["series"][0]

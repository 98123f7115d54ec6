import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from jieban.report.document import (
    ChartBlock,
    ChartKind,
    Document,
    Figure,
    Measure,
    Series,
    TableBlock,
    TableColumn,
    Text,
    plain,
)
from jieban.report.render import render, xlsx

HEADING_ROW = 4


@pytest.fixture(scope="module")
def book(rendered: dict[str, Path]) -> Iterator[Any]:
    opened = openpyxl.load_workbook(rendered["xlsx"])
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def sheets(book: Any, document: Document) -> dict[tuple[str, str], Any]:
    """The sheets by their block's class and id, in the report's order."""
    blocks = [block for block in document.all_blocks() if isinstance(block, TableBlock | ChartBlock)]
    made = [name for name in book.sheetnames if name != "说明"]
    assert len(made) == len(blocks)
    return {(type(block).__name__, block.id): book[name] for block, name in zip(blocks, made, strict=True)}


def shown(cell: Any) -> str:
    """The cell as a reader sees it, for the formats that we write."""
    if not isinstance(cell.value, int | float):
        return str(cell.value or "")
    number, _, unit = cell.number_format.partition('"')
    decimals = len(number.partition(".")[2])
    return f"{cell.value:.{decimals}f}{unit.rstrip(chr(34))}"


def test_every_figure_is_a_number_that_shows_its_unit(
    sheets: dict[tuple[str, str], Any], document: Document
) -> None:
    figures = 0
    for block in document.all_blocks():
        if not isinstance(block, TableBlock):
            continue
        sheet = sheets["TableBlock", block.id]
        for at, row in enumerate((*block.rows, *block.total_rows), HEADING_ROW + 1):
            for column, one in enumerate(row, 1):
                cell = sheet.cell(at, column)
                if isinstance(one, Figure) and one.value is not None:
                    figures += 1
                    assert cell.data_type == "n"
                    assert Decimal(str(cell.value)) == one.value
                    assert shown(cell) == plain([one])
                else:
                    assert shown(cell) == plain([one])
    assert figures > 180


def test_headings_stand_above_and_stay_in_sight_and_on_paper(
    sheets: dict[tuple[str, str], Any], document: Document
) -> None:
    for block in document.all_blocks():
        if isinstance(block, TableBlock):
            sheet = sheets["TableBlock", block.id]
            found = [sheet.cell(HEADING_ROW, at + 1).value for at in range(len(block.columns))]
            assert found == [column.heading for column in block.columns]
    for sheet in sheets.values():
        assert sheet.freeze_panes[1:] == str(HEADING_ROW + 1)
        assert sheet.print_title_rows == f"${HEADING_ROW}:${HEADING_ROW}"
        assert sheet.page_setup.paperSize == 9
        assert sheet.page_setup.fitToWidth in {None, 1}  # unsaid is one page
        assert sheet.page_setup.fitToHeight == 0  # as many as it takes
        assert sheet.sheet_properties.pageSetUpPr.fitToPage


def test_the_banner_stands_on_every_sheet_and_its_print(book: Any, document: Document) -> None:
    for sheet in book:
        assert sheet["A2"].value == document.banner
        assert sheet.oddHeader.center.text == document.banner


def test_every_chart_has_its_data_beside_it(sheets: dict[tuple[str, str], Any], document: Document) -> None:
    for block in document.all_blocks():
        if not isinstance(block, ChartBlock):
            continue
        sheet = sheets["ChartBlock", block.id]
        if block.kind is ChartKind.HEATMAP:
            found = [
                [sheet.cell(HEADING_ROW + 1 + row, 2 + at).value for at in range(len(block.categories))]
                for row in range(len(block.series))
            ]
            assert found == [list(series.values) for series in block.series]
            assert len(sheet.conditional_formatting) == 1
            assert not sheet._charts
            continue
        names = [sheet.cell(HEADING_ROW + 1 + at, 1).value for at in range(len(block.categories))]
        assert names == list(block.categories)
        for column, series in enumerate(block.series, 2):
            values = [sheet.cell(HEADING_ROW + 1 + at, column).value for at in range(len(block.categories))]
            wanted = [None if value is None else float(value) for value in series.values]
            assert values == wanted


def test_charts_are_native_and_point_at_their_data(rendered: dict[str, Path], document: Document) -> None:
    charts = [
        block
        for block in document.all_blocks()
        if isinstance(block, ChartBlock) and block.kind is not ChartKind.HEATMAP
    ]
    with zipfile.ZipFile(rendered["xlsx"]) as package:
        drawn = sorted(name for name in package.namelist() if name.startswith("xl/charts/chart"))
        contents = [package.read(name).decode() for name in drawn]
        pictures = [name for name in package.namelist() if "media" in name]
    assert len(drawn) == len(charts)
    assert not pictures
    for block in charts:
        [content] = [xml for xml in contents if f"<a:t>{block.caption}</a:t>" in xml]
        last = HEADING_ROW + len(block.categories)
        assert f"$A${HEADING_ROW + 1}:$A${last}" in content
        assert content.count("<c:ser>") == len(block.series)


def test_a_cut_bar_ends_at_the_axis_and_is_marked(make: Callable[..., Document], tmp_path: Path) -> None:
    values = tuple(map(Decimal, ("800.00", "80.00", "-52.78", "3.10")))
    block = ChartBlock(
        id="c",
        kind=ChartKind.DIVERGING_BAR,
        caption="变化",
        sheet="变化",
        categories=("甲", "乙", "丙", "丁"),
        series=(Series(name="同比", values=values, indicator="handlings.change_year_before"),),
        unit="%",
        category_title="单位",
        alt="变化",
        cut=120,
    )
    render(replace(make(annexes=False), blocks=(block,)), "xlsx", tmp_path / "cut.xlsx")
    with zipfile.ZipFile(tmp_path / "cut.xlsx") as package:
        [name] = [name for name in package.namelist() if name.startswith("xl/charts/chart")]
        drawn = package.read(name).decode()
    assert '<c:max val="120"/>' in drawn
    assert '<c:min val="-120"/>' in drawn
    assert drawn.count("≫ 800.00") == 1
    assert "≫ 80.00" not in drawn
    book = openpyxl.load_workbook(tmp_path / "cut.xlsx")
    assert [row[0].value for row in book["变化"]["B5:B8"]] == [800, 80, -52.78, 3.1]


def test_no_text_becomes_a_formula_a_number_or_a_link(
    sheets: dict[tuple[str, str], Any], book: Any, nasty: tuple[str, ...]
) -> None:
    sheet = sheets["TableBlock", "t-nasty"]
    assert [sheet.cell(HEADING_ROW + 1 + at, 1).value for at in range(len(nasty))] == list(nasty)
    assert sheet.cell(HEADING_ROW, 2).value == "=1+1"
    for each in book:
        for row in each.iter_rows():
            assert all(cell.data_type in {"s", "n"} for cell in row)


def test_texts_that_look_like_numbers_or_addresses_stay_words(
    make: Callable[..., Document], tmp_path: Path
) -> None:
    words = ("0012", "1e5", "https://example.org", "mailto:a@b.c", "{=A1}", "2025-04-01")
    table = TableBlock(
        id="t",
        caption="文字",
        sheet="文字",
        columns=(TableColumn(heading="值"),),
        rows=tuple((Text(word),) for word in words),
    )
    render(replace(make(annexes=False), blocks=(table,)), "xlsx", tmp_path / "words.xlsx")
    book = openpyxl.load_workbook(tmp_path / "words.xlsx")
    sheet = book["文字"]
    assert [sheet.cell(HEADING_ROW + 1 + at, 1).value for at in range(len(words))] == list(words)
    assert all(sheet.cell(HEADING_ROW + 1 + at, 1).hyperlink is None for at in range(len(words)))
    book.close()


def test_the_first_sheet_leads_to_the_others_and_they_back(book: Any, document: Document) -> None:
    first = book.worksheets[0]
    assert first.title == "说明"
    values = [[cell.value for cell in row] for row in first.iter_rows()]
    assert values[0][0] == document.title
    assert ["统计期间", "2025-04-01至2025-04-30", None] in values
    links = {
        cell.value: cell.hyperlink.location for row in first.iter_rows() for cell in row if cell.hyperlink
    }
    assert list(links) == book.sheetnames[1:]
    for name, location in links.items():
        assert location == f"'{name}'!A1"
    for sheet in book.worksheets[1:]:
        assert sheet["A3"].hyperlink.location == "'说明'!A1"


def test_columns_are_wide_enough_for_chinese(sheets: dict[tuple[str, str], Any]) -> None:
    annex = sheets["TableBlock", "a-units"]
    widths = [annex.column_dimensions[letter].width for letter in "ABCDE"]
    assert widths[1] > 2 * len("新疆昌吉国家农业科技园区管理委员会第51分局") - 2
    assert widths[0] < 14
    long = sheets["TableBlock", "a-dissatisfied"]
    assert long.column_dimensions["C"].width <= 54
    assert long.row_dimensions[HEADING_ROW + 1].height >= 30
    assert long.cell(HEADING_ROW + 1, 3).alignment.wrap_text


def test_a_row_is_as_tall_as_the_lines_that_its_words_break_themselves(
    make: Callable[..., Document], tmp_path: Path
) -> None:
    table = next(block for block in make().all_blocks() if isinstance(block, TableBlock) and block.in_body)
    words = "\n".join("已电话告知诉求人办理情况。" * times for times in (1, 3, 1))  # 13, 39 and 13 characters
    table = replace(table, rows=((Text(words), *table.rows[0][1:]),), total_rows=(), note="")
    render(replace(make(annexes=False), blocks=(table,)), "xlsx", tmp_path / "lines.xlsx")
    [height] = [
        sheet.row_dimensions[HEADING_ROW + 1].height
        for sheet in openpyxl.load_workbook(tmp_path / "lines.xlsx").worksheets[1:]
    ]
    assert height >= 4 * 15


def test_a_share_has_the_decimals_that_it_was_rounded_to(
    make: Callable[..., Document], tmp_path: Path
) -> None:
    def share(text: str, value: str) -> Figure:
        return Figure(
            text=text, unit="", value=Decimal(value), indicator="orders.total", measure=Measure.SHARE
        )

    table = TableBlock(
        id="shares",
        caption="占比",
        sheet="占比",
        columns=(TableColumn(heading="类"), TableColumn(heading="占比（%）", number_format="0.00")),
        rows=(
            (Text("甲"), share("16.0", "16.0")),
            (Text("计"), share("100", "100.0")),
            (Text("乙"), share("7.27", "7.27")),
        ),
    )
    render(replace(make(annexes=False), blocks=(table,)), "xlsx", tmp_path / "shares.xlsx")
    [sheet] = openpyxl.load_workbook(tmp_path / "shares.xlsx").worksheets[1:]
    formats = [sheet.cell(HEADING_ROW + row, 2).number_format for row in (1, 2, 3)]
    assert formats == ["0.0", "0.0", "0.00"]


def test_properties_come_from_the_document(book: Any, document: Document) -> None:
    assert book.properties.title == f"{document.title} {document.subtitle}"
    assert book.properties.creator == document.author
    assert book.properties.created == datetime(2025, 5, 3, 8, 9, 12)  # noqa: DTZ001 - openpyxl gives UTC unzoned


@pytest.mark.parametrize("more", [0, 1, 12])
def test_a_table_longer_than_a_sheet_goes_on_in_further_sheets(
    document: Document, tmp_path: Path, more: int
) -> None:
    """Every row once and in order, its headings above each part, totals and note under the last only."""
    rows = tuple((Text(text=f"行{n}"),) for n in range(20 + more))
    table = TableBlock(
        id="long",
        caption="很长的表",
        sheet="长表",
        columns=(TableColumn(heading="名称"),),
        rows=rows,
        total_rows=((Text(text="合计"),),),
        note="注:到此为止。",
    )
    path = tmp_path / "long.xlsx"
    # The four lines of the top, the total and the note leave room for twenty rows.
    xlsx.render(
        replace(document, blocks=(table,), annexes=()), path, charts={}, definitions={}, most_lines=26
    )
    book = openpyxl.load_workbook(path)
    parts = [[cell.value for cell in book[name]["A"]] for name in book.sheetnames if name != "说明"]
    assert len(parts) == (1 if not more else 2)
    assert all(len(part) <= 26 and part[HEADING_ROW - 1] == "名称" for part in parts)
    assert [part[0] for part in parts] == ["很长的表", "很长的表（续）"][: len(parts)]
    ends = ["合计", "注:到此为止。"]
    assert parts[-1][-2:] == ends
    told = [value for part in parts for value in part[HEADING_ROW:] if value not in ends]
    assert told == [plain(row) for row in rows]
    book.close()

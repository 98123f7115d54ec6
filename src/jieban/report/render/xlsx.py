"""The workbook: a sheet a table, a sheet a chart with its own data, and a first sheet that leads to them.

Numbers are numbers, with their unit in the format; words are words, whatever they begin with.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cached_property
from math import ceil
from pathlib import Path
from typing import Any

import xlsxwriter

from jieban.report.charts import measure
from jieban.report.charts.draw import Drawings
from jieban.report.charts.palette import LIGHT
from jieban.report.document import (
    Align,
    Block,
    ChartBlock,
    ChartKind,
    Document,
    Figure,
    Measure,
    Run,
    TableBlock,
    Text,
    plain,
)
from jieban.report.render import words as said
from jieban.report.render.common import issued_utc, printable, written_whole
from jieban.report.render.sheet_names import SheetNames
from jieban.report.render.xlsx_charts import Place, native_chart

FONT = "宋体"
_HEADING_FONT = "黑体"
_HEADING_ROW = 3
_LONGEST_CELL = 32767  # what a cell of a workbook holds
_MOST_LINES = 1_048_576  # what a sheet holds, headings and all
_WIDEST = 52
_TALLEST_ROW = 409.0
_WIDE_PAGE = 96  # columns' widths in characters beyond which a sheet prints across
_FILTER_FROM = 10  # rows
_A4 = 9
_ALIGN = {Align.LEFT: "left", Align.CENTRE: "center", Align.RIGHT: "right"}


def render(
    document: Document,
    path: Path,
    *,
    charts: Drawings,
    definitions: Mapping[str, str],
    most_lines: int = _MOST_LINES,
) -> None:
    """Write `document`'s tables and charts as a workbook to `path`. Charts are native: `charts` isn't needed.

    A table that is longer than the `most_lines` of a sheet goes on in further sheets.
    """
    del charts, definitions
    with written_whole(path) as beside:
        workbook = xlsxwriter.Workbook(
            beside, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        _Writer(workbook, document, most_lines).write()
        workbook.close()


def _width(text: str) -> float:
    """The width of `text` in the workbook's own measure, a half-width digit being one."""
    return measure.ems(text) * 2 + 2 if text else 0.0


def _lines(text: str) -> int:
    """How many lines `text` takes in the widest column, those that it breaks itself one below the other."""
    return sum(ceil(_width(line) / (_WIDEST - 2)) or 1 for line in text.split("\n"))


class _Writer:
    """Writes the sheets of one document."""

    def __init__(self, workbook: Any, document: Document, most_lines: int) -> None:
        self._workbook = workbook
        self._document = document
        self._most_lines = most_lines
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def write(self) -> None:
        """Every sheet, then the file's properties."""
        document = self._document
        blocks = [part for block in document.all_blocks() for part in self._fitting(block)]
        names = SheetNames(taken=(self._first_name,))
        sheets = [(names.name(block.sheet), block) for block in blocks]
        self._workbook.set_size(2400, 1500)
        self._write_first(sheets)
        for name, block in sheets:
            sheet = self._workbook.add_worksheet(name)
            if isinstance(block, TableBlock):
                self._write_table(sheet, block)
            else:
                self._write_chart(sheet, name, block)
        self._workbook.set_properties(
            {
                "title": printable(" ".join(filter(None, (document.title, document.subtitle)))),
                "author": printable(document.author),
                "keywords": printable(", ".join(document.keywords)),
                "comments": printable(document.banner),
                "created": issued_utc(document),
            }
        )

    def _fitting(self, block: Block) -> Iterator[TableBlock | ChartBlock]:
        """The tables and charts, long tables in parts: totals and note stand under the last one."""
        if isinstance(block, ChartBlock):
            yield block
        if not isinstance(block, TableBlock):
            return
        room = self._most_lines - _HEADING_ROW - 1 - len(block.total_rows) - bool(block.note)
        for first in range(0, max(1, len(block.rows)), room):
            last = first + room >= len(block.rows)
            yield replace(
                block,
                caption=block.caption + (said.CONTINUED if first else ""),
                rows=block.rows[first : first + room],
                total_rows=block.total_rows if last else (),
                note=block.note if last else "",
            )

    @cached_property
    def _first_name(self) -> str:
        return said.FIRST_SHEET

    def _format(self, **properties: Any) -> Any:
        base = {"font_name": FONT, "font_size": 11, "valign": "vcenter", **properties}
        key = tuple(sorted(base.items()))
        if key not in self._formats:
            self._formats[key] = self._workbook.add_format(base)
        return self._formats[key]

    def _words(self, sheet: Any, row: int, column: int, text: str, **look: Any) -> None:
        shown = printable(text)
        if len(shown) > _LONGEST_CELL:
            shown = shown[: _LONGEST_CELL - 1] + "…"
        if shown:
            sheet.write_string(row, column, shown, self._format(**look))
        else:
            sheet.write_blank(row, column, None, self._format(**look))

    # -- the first sheet

    def _write_first(self, sheets: Sequence[tuple[str, TableBlock | ChartBlock]]) -> None:
        document = self._document
        sheet = self._workbook.add_worksheet(self._first_name)
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 14)
        sheet.set_column(1, 1, 30)
        sheet.set_column(2, 2, 60)
        sheet.set_row(0, 30)
        self._words(sheet, 0, 0, document.title, font_name=_HEADING_FONT, font_size=18)
        row = 1
        if document.banner:
            self._words(sheet, row, 0, document.banner, font_color=LIGHT.warning, bold=True)
            row += 1
        period = f"{document.first_day.isoformat()}{said.TO}{document.last_day.isoformat()}"
        facts = [(said.PERIOD, period), *((name, value) for name, value in document.header if value)]
        for name, value in facts:
            self._words(sheet, row, 0, name, font_color=LIGHT.muted)
            self._words(sheet, row, 1, value)
            row += 1
        row += 1
        head = {"bold": True, "bg_color": LIGHT.panel, "top": 2, "bottom": 1, "font_name": _HEADING_FONT}
        for column, words in enumerate((said.KIND, said.SHEET, said.CONTENT)):
            self._words(sheet, row, column, words, **head)
        for name, block in sheets:
            row += 1
            line = {"bottom": 4, "bottom_color": LIGHT.rule}
            self._words(sheet, row, 0, said.TABLE if isinstance(block, TableBlock) else said.CHART, **line)
            sheet.write_url(
                row,
                1,
                f"internal:{_quoted(name)}!A1",
                self._format(font_color=LIGHT.accent, underline=1, **line),
                name,
            )
            self._words(sheet, row, 2, block.caption, text_wrap=True, **line)
        self._set_print(sheet, wide=False)

    # -- tables

    def _write_table(self, sheet: Any, block: TableBlock) -> None:
        self._write_top(sheet, block.caption)
        for at, column in enumerate(block.columns):
            look = self._heading_look() | {"align": _ALIGN[column.align]}
            self._words(sheet, _HEADING_ROW, at, column.heading, **look)
        all_rows = (*block.rows, *block.total_rows)
        for at, cells in enumerate(all_rows):
            row = _HEADING_ROW + 1 + at
            for column_at, cell in enumerate(cells):
                self._write_cell(sheet, (row, column_at), cell, block, total=at >= len(block.rows))
            lines = max((_lines(plain([cell])) for cell in cells), default=1)
            if lines > 1:  # Excel would find the height itself, LibreOffice doesn't
                sheet.set_row(row, min(_TALLEST_ROW, 15.0 * lines + 3))
        last = _HEADING_ROW + len(all_rows)
        if block.note:
            self._words(sheet, last + 1, 0, block.note, font_color=LIGHT.muted)
        filtered = len(block.rows) >= _FILTER_FROM
        if filtered:
            sheet.autofilter(_HEADING_ROW, 0, _HEADING_ROW + len(block.rows), len(block.columns) - 1)
        if all_rows:
            sheet.ignore_errors({"number_stored_as_text": _range(_HEADING_ROW + 1, last, len(block.columns))})
        widths = [self._column_width(block, at, filtered=filtered) for at in range(len(block.columns))]
        for at, width in enumerate(widths):
            sheet.set_column(at, at, width)
        self._set_print(sheet, wide=sum(widths) > _WIDE_PAGE)

    @staticmethod
    def _column_width(block: TableBlock, at: int, *, filtered: bool) -> float:
        """What the column's words need, within bounds; a filter's button takes room in the heading."""
        cells = (_width(plain([row[at]])) for row in (*block.rows, *block.total_rows))
        heading = _width(block.columns[at].heading) + (2 if filtered else 0)
        return min(_WIDEST, max(9.0, heading, *cells))

    def _write_cell(
        self, sheet: Any, place: tuple[int, int], cell: Run, block: TableBlock, *, total: bool
    ) -> None:
        row, at = place
        column = block.columns[at]
        look: dict[str, Any] = {"align": _ALIGN[column.align], "bottom": 4, "bottom_color": LIGHT.rule}
        if total:
            look |= {"bold": True, "bg_color": LIGHT.panel, "top": 1, "bottom": 2, "bottom_color": LIGHT.ink}
        if isinstance(cell, Figure) and cell.value is not None:
            number_format = _number_format(cell, column.number_format)
            sheet.write_number(row, at, float(cell.value), self._format(num_format=number_format, **look))
            return
        strong = isinstance(cell, Text) and cell.strong
        words = plain([cell])
        wrap = _width(words) > _WIDEST or "\n" in words
        self._words(sheet, row, at, words, text_wrap=wrap, **{**look, **({"bold": True} if strong else {})})

    # -- charts

    def _write_chart(self, sheet: Any, name: str, block: ChartBlock) -> None:
        self._write_top(sheet, block.caption)
        if block.kind is ChartKind.HEATMAP:
            self._write_heatmap(sheet, block)
            return
        unit = f"（{block.unit}）" if block.unit else ""
        headings = [block.category_title, *(series.name + unit for series in block.series)]
        for at, words in enumerate(headings):
            self._words(sheet, _HEADING_ROW, at, words, **self._heading_look())
        line = {"bottom": 4, "bottom_color": LIGHT.rule}
        for at, category in enumerate(block.categories):
            row = _HEADING_ROW + 1 + at
            self._words(sheet, row, 0, category, **line)
            for column, series in enumerate(block.series, 1):
                value = series.values[at]
                if value is None:
                    self._words(sheet, row, column, "", **line)
                else:
                    sheet.write_number(
                        row,
                        column,
                        float(value),
                        self._format(num_format=_plain_format(measure.printed(value)), **line),
                    )
        sheet.set_column(
            0, 0, min(_WIDEST, max(10, *(_width(words) for words in (headings[0], *block.categories))))
        )
        for column, words in enumerate(headings[1:], 1):
            sheet.set_column(column, column, max(10, _width(words)))
        if block.categories:
            last = _HEADING_ROW + len(block.categories)
            sheet.ignore_errors({"number_stored_as_text": _range(_HEADING_ROW + 1, last, 1)})
            drawn = native_chart(self._workbook, block, Place(sheet=name, heading_row=_HEADING_ROW), FONT)
            sheet.insert_chart(
                _HEADING_ROW,
                len(headings) + 1,
                drawn,
                {"description": printable(block.alt), "object_position": 2},
            )
        self._set_print(sheet, wide=True)

    def _write_heatmap(self, sheet: Any, block: ChartBlock) -> None:
        self._words(sheet, _HEADING_ROW, 0, "", **self._heading_look())
        for at, category in enumerate(block.categories, 1):
            self._words(sheet, _HEADING_ROW, at, category, **self._heading_look(), rotation=60)
        longest = max((_width(category) for category in block.categories), default=10)
        sheet.set_row(_HEADING_ROW, 14 + min(longest, 40) * 5.2)
        for row, series in enumerate(block.series, _HEADING_ROW + 1):
            self._words(sheet, row, 0, series.name)
            for column, value in enumerate(series.values, 1):
                if value is not None:
                    look = self._format(align="center", num_format=_plain_format(measure.printed(value)))
                    sheet.write_number(row, column, float(value), look)
        sheet.set_column(0, 0, max(10, *(_width(series.name) for series in block.series)))
        sheet.set_column(1, len(block.categories), 6.5)
        if block.series and block.categories:
            sheet.conditional_format(
                _HEADING_ROW + 1,
                1,
                _HEADING_ROW + len(block.series),
                len(block.categories),
                {
                    "type": "3_color_scale",
                    "min_color": LIGHT.sequence[0],
                    "mid_type": "percentile",
                    "mid_value": 80,
                    "mid_color": LIGHT.sequence[2],
                    "max_color": LIGHT.sequence[3],
                },
            )
        sheet.freeze_panes(_HEADING_ROW + 1, 1)
        self._set_print(sheet, wide=True)

    # -- what every sheet has

    def _heading_look(self) -> dict[str, Any]:
        return {
            "bg_color": LIGHT.panel,
            "font_name": _HEADING_FONT,
            "align": "center",
            "text_wrap": True,
            "top": 2,
            "bottom": 1,
        }

    def _write_top(self, sheet: Any, caption: str) -> None:
        """Caption, banner, the way back; the headings follow, and stay in sight."""
        sheet.hide_gridlines(2)
        sheet.set_row(0, 24)
        self._words(sheet, 0, 0, caption, font_name=_HEADING_FONT, font_size=14)
        self._words(sheet, 1, 0, self._document.banner, font_color=LIGHT.warning, bold=True)
        back = self._format(font_color=LIGHT.accent, underline=1, font_size=10)
        sheet.write_url(2, 0, f"internal:{_quoted(self._first_name)}!A1", back, said.BACK)
        sheet.freeze_panes(_HEADING_ROW + 1, 0)
        sheet.repeat_rows(_HEADING_ROW)

    def _set_print(self, sheet: Any, *, wide: bool) -> None:
        sheet.set_paper(_A4)
        if wide:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.center_horizontally()
        sheet.set_margins(left=0.6, right=0.6, top=0.8, bottom=0.8)
        banner = printable(self._document.banner).replace("&", "&&")[:200]
        if banner:
            sheet.set_header(f"&C{banner}")
        sheet.set_footer(f"&C{said.PAGES}")


def _quoted(name: str) -> str:
    doubled = name.replace("'", "''")
    return f"'{doubled}'"


def _range(first_row: int, last_row: int, columns: int) -> str:
    from xlsxwriter.utility import xl_range  # noqa: PLC0415 - beside its one use

    cells: str = xl_range(first_row, 0, last_row, columns - 1)
    return cells


def _plain_format(text: str) -> str:
    """As many decimals as `text` has."""
    decimals = len(text.partition(".")[2])
    return "0." + "0" * decimals if decimals else "0"


def _number_format(figure: Figure, column_format: str) -> str:
    """The column's format, or one with the decimals as printed; the unit behind it as the report prints it.

    A share has the decimals that it was rounded to, even where it is printed without them (100).
    """
    number = _plain_format(figure.text) if column_format == "General" else column_format
    if figure.measure is Measure.SHARE and isinstance(figure.value, Decimal):
        number = _plain_format(format(figure.value, "f"))
    unit = figure.unit.replace('"', "")
    return f'{number}"{unit}"' if unit else number

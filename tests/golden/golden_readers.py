"""Reads a finished report back: running text without white space, and tables as rows of (heading, cell)."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import docx
import openpyxl
import pypdfium2 as pdfium
from pypdfium2 import raw as pdfium_raw

BODY_POINTS = (15.0, 17.0)
"""三号 is 16 pt: what is smaller or larger in the PDF is a table, a chart, the header or the page number."""


def squeezed(text: str) -> str:
    """Text as a figure is looked for: full-width forms and white space don't count."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def docx_text(path: Path) -> str:
    """The paragraphs of the body in order."""
    return squeezed("".join(paragraph.text for paragraph in docx.Document(str(path)).paragraphs))


def pdf_text(path: Path) -> str:
    """What is set in the body's size, page after page."""
    parts = []
    document = pdfium.PdfDocument(str(path))
    for page in document:
        text = page.get_textpage()
        parts += [
            chr(pdfium_raw.FPDFText_GetUnicode(text.raw, index))
            for index in range(text.count_chars())
            if BODY_POINTS[0] < pdfium_raw.FPDFText_GetFontSize(text.raw, index) < BODY_POINTS[1]
        ]
        text.close()
        page.close()
    document.close()
    return squeezed("".join(parts))


class _Visible(HTMLParser):
    """The text of a page but for its list of contents, scripts, styles and drawings."""

    _HIDDEN = frozenset({"script", "style", "svg", "template", "noscript", "head", "nav"})

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self._depth += tag in self._HIDDEN

    def handle_endtag(self, tag: str) -> None:
        self._depth -= tag in self._HIDDEN

    def handle_data(self, data: str) -> None:
        if not self._depth:
            self.parts.append(data)


def html_text(path: Path) -> str:
    """What a reader of the page sees."""
    reader = _Visible()
    reader.feed(path.read_text(encoding="utf-8"))
    return squeezed("".join(reader.parts))


@dataclass(frozen=True)
class SheetRow:
    """A row of a table: its sheet, and its cells under their headings."""

    sheet: str
    cells: tuple[tuple[str, object], ...]

    def labels(self) -> tuple[str, ...]:
        """The row's texts."""
        return tuple(squeezed(str(value)) for _, value in self.cells if isinstance(value, str))

    def number(self, heading: str) -> Decimal | None:
        """The number under the first heading that holds `heading`, unit and all."""
        for name, value in self.cells:
            if heading in name and isinstance(value, int | float):
                return Decimal(str(value))
        return None


def xlsx_rows(path: Path) -> list[SheetRow]:
    """Every row of every table of a workbook. A table's headings are the first row with a cell for each column."""
    return list(_rows(path))


def _rows(path: Path) -> Iterator[SheetRow]:
    workbook = openpyxl.load_workbook(path, read_only=False)
    for sheet in workbook:
        headings: tuple[str, ...] = ()
        for cells in sheet.iter_rows(values_only=True):
            if not headings:
                if len(cells) > 1 and all(isinstance(cell, str) for cell in cells):
                    headings = tuple(squeezed(str(cell)) for cell in cells)
                continue
            yield SheetRow(sheet.title, tuple(zip(headings, cells, strict=True)))
    workbook.close()

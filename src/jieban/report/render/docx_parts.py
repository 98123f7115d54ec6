"""The pieces of WordprocessingML that the Word renderer puts together: paragraphs, runs, tables.

Made as elements at once: python-docx's own cells are looked up one by one, which for an annex of hundreds of
rows takes seconds.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from jieban.report.document import Align, Run, TableBlock, Text, plain
from jieban.report.render.common import letters_of, lines_of, paper_widths, printable, strengths

TEXT_WIDTH = 8844  # twentieths of a point: 156 mm
_SHORT_TABLE = 12  # rows that stay on one page
_FIRST_ROWS = 3
_FIRST_LINES = 3  # that stand under the heading before a page may end; a row of much prose has as many
_STYLE_POINTS = 10.5  # what the style has
# What both scripts have. Word sets it in the Western face, half as wide, unless a run says that it is Chinese.
_EITHER_SCRIPT = re.compile("[‘’“”…—·×÷]")
_JUSTIFY = {Align.LEFT: "left", Align.CENTRE: "center", Align.RIGHT: "right"}


def element(name: str, children: Iterable[Any] = (), /, **attributes: object) -> Any:
    """`<w:name w:attribute="…">` with the children; `name` and attributes without the prefix."""
    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), str(value))
    made.extend(children)
    return made


def text_run(text: str, *, strong: bool = False, spacing: int = 0, points: float = 0) -> Any:
    """A run of words, blanks and line breaks kept.

    `spacing` twips stand between its characters; it is set in `points` where that is not the style's size.
    """
    content: list[Any] = []
    for line in text.split("\n"):
        words = element("t")
        words.text = printable(line)
        words.set(qn("xml:space"), "preserve")
        content += [element("br"), words] if content else [words]
    look = [element("rStyle", val="Strong")] if strong else []
    if _EITHER_SCRIPT.search(text):
        look.append(element("rFonts", hint="eastAsia"))
    if spacing:
        look.append(element("spacing", val=spacing))
    if points:
        size = round(points * 2)
        look += [element("sz", val=size), element("szCs", val=size)]
    return element("r", ([element("rPr", look)] if look else []) + content)


def runs(parts: Sequence[Run]) -> list[Any]:
    """The runs of a paragraph; a figure is followed by its unit in the same run."""
    return [
        text_run(plain([part]), strong=strong)
        for part, strong in zip(parts, strengths(parts), strict=True)
        if part.text
    ]


def paragraph(style: str, content: Iterable[Any], /, *properties: Any) -> Any:
    """A paragraph in the style with id `style`; `properties` go beyond the style, in the schema's order."""
    return element("p", [element("pPr", [element("pStyle", val=style), *properties]), *content])


def field(instruction: str, shown: str) -> list[Any]:
    """The runs of a field such as PAGE, showing `shown` until a reader's program computes it."""
    code = element("instrText")
    code.text = f" {instruction} "
    code.set(qn("xml:space"), "preserve")
    return [
        element("r", [element("fldChar", fldCharType="begin")]),
        element("r", [code]),
        element("r", [element("fldChar", fldCharType="separate")]),
        text_run(shown),
        element("r", [element("fldChar", fldCharType="end")]),
    ]


def _borders(name: str, **sides: tuple[int, str]) -> Any:
    return element(
        name,
        [
            element(side, val="single" if size else "nil", sz=size, space=0, color=colour.lstrip("#"))
            for side, (size, colour) in sides.items()
        ],
    )


def _table_properties(name: str, *, ink: str, rule: str) -> list[Any]:
    return [
        element("tblW", w=TEXT_WIDTH, type="dxa"),
        element("jc", val="center"),
        _borders("tblBorders", top=(8, ink), bottom=(8, ink), insideH=(4, rule)),
        element("tblLayout", type="fixed"),
        element(
            "tblCellMar",
            [
                element("top", w=30, type="dxa"),
                element("left", w=90, type="dxa"),
                element("bottom", w=30, type="dxa"),
                element("right", w=90, type="dxa"),
            ],
        ),
        element("tblCaption", val=printable(name)),
    ]


def grid_table(name: str, widths: Sequence[float], rows: Iterable[Any], *, ink: str, rule: str) -> Any:
    """A table over the text's whole width; `widths` are relative, `name` is what a screen reader calls it."""
    return element(
        "tbl",
        [
            element("tblPr", _table_properties(name, ink=ink, rule=rule)),
            element("tblGrid", [element("gridCol", w=width) for width in twips(widths)]),
            *rows,
        ],
    )


def twips(widths: Sequence[float]) -> list[int]:
    """Relative widths as twips that sum to the text's width."""
    whole = sum(widths)
    edges = [round(TEXT_WIDTH * sum(widths[:at]) / whole) for at in range(len(widths) + 1)]
    return [after - before for before, after in pairwise(edges)]


def row(cells: Iterable[Any], *, heading: bool = False) -> Any:
    """A table row that no page break cuts; a heading row stands again on every page."""
    properties = [element("cantSplit")] + ([element("tblHeader")] if heading else [])
    return element("tr", [element("trPr", properties), *cells])


def cell(content: Any, width: int, *, span: int = 1, fill: str = "") -> Any:
    """A table cell `width` twips wide over `span` columns, holding one paragraph."""
    properties = [element("tcW", w=width, type="dxa")]
    if span > 1:
        properties.append(element("gridSpan", val=span))
    if fill:
        properties.append(element("shd", val="clear", color="auto", fill=fill.lstrip("#")))
    properties.append(element("vAlign", val="center"))
    return element("tc", [element("tcPr", properties), content])


def is_short(block: TableBlock) -> bool:
    """Whether the table is so short that it stands on one page."""
    return len(block.rows) + len(block.total_rows) <= _SHORT_TABLE


def first_rows(block: TableBlock) -> int:
    """How many rows of a table that breaks stay with its heading."""
    held = 0
    for at, count in enumerate(lines_of(block)[1 : 1 + _FIRST_ROWS], 1):
        held += count
        if held >= _FIRST_LINES:
            return at
    return _FIRST_ROWS


def data_table(block: TableBlock, *, ink: str, rule: str, panel: str, broken: bool) -> Any:
    """`block` as a table: heading row repeated on each page, totals strong; a short one stays whole unless `broken`."""
    shares = paper_widths(block)
    points = letters_of(block)
    points = 0 if points == _STYLE_POINTS else points
    widths = twips(shares)

    def words(one: Run, align: Align, *, strong: bool, together: bool) -> Any:
        content = [
            text_run(plain([one]), strong=strong or (isinstance(one, Text) and one.strong), points=points)
        ]
        keep = [element("keepNext")] if together else []
        return paragraph("TableText", content, *keep, element("jc", val=_JUSTIFY[align]))

    def heading_words(text: str, align: Align) -> Any:
        justify = element("jc", val=_JUSTIFY[align])
        return paragraph("TableHeading", [text_run(text, points=points)], element("keepNext"), justify)

    heading = row(
        (
            cell(heading_words(column.heading, column.align), width, fill=panel)
            for column, width in zip(block.columns, widths, strict=True)
        ),
        heading=True,
    )
    drawn = [heading]
    all_rows = (*block.rows, *block.total_rows)
    last = len(all_rows) - 1
    whole, first = is_short(block) and not broken, first_rows(block)
    for at, cells in enumerate(all_rows):
        total = at >= len(block.rows)
        # A short table stays whole; of a long one the first rows stay with the heading, the totals with a row.
        together = at < last and (whole or at < first - 1 or at >= len(block.rows) - 1)
        drawn.append(
            row(
                cell(
                    words(one, column.align, strong=total, together=together),
                    width,
                    fill=panel if total else "",
                )
                for one, column, width in zip(cells, block.columns, widths, strict=True)
            )
        )
    return grid_table(block.caption, shares, drawn, ink=ink, rule=rule)

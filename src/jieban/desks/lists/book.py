"""A list as a workbook, row by row: memory stays what it is however long the list."""

from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from jieban.kernel.i18n import tr

A_SHEET: Final = 1_000_000
"""Rows of a sheet: one holds 1,048,576 (Excel specifications and limits), the heads among them."""
STEP: Final = 500
"""Rows after which it is told how far the list has come."""
# What somebody wrote stays a text, whatever it begins with.
_OPTIONS: Final = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write(
    target: Path | BytesIO,
    heads: Sequence[tuple[str, int]],
    rows: Iterator[Sequence[str]],
    told: Callable[[int], None] = lambda _count: None,
    *,
    a_sheet: int = A_SHEET,
) -> int:
    """Write the rows under their heads (each with its width), and give how many there were.

    Into a file they go row by row, by way of others beside it; into memory as a whole, for a list that is short.

    `told` is called with how many stand written, every `STEP` rows; whatever it raises ends the writing.
    """
    count = 0
    long = (
        {"constant_memory": True, "tmpdir": str(target.parent)}
        if isinstance(target, Path)
        else {"in_memory": True}
    )
    with xlsxwriter.Workbook(
        str(target) if isinstance(target, Path) else target, {**_OPTIONS, **long}
    ) as book:
        sheet = _sheet(book, tr("清单"), heads)
        for cells in rows:
            if count and count % a_sheet == 0:
                sheet = _sheet(book, tr("清单 {n}", n=count // a_sheet + 1), heads)
            at = count % a_sheet + 1
            for place, text in enumerate(cells):
                sheet.write_string(at, place, text)
            count += 1
            if count % STEP == 0:
                told(count)
    return count


def _sheet(book: Any, name: str, heads: Sequence[tuple[str, int]]) -> Any:
    sheet, bold = book.add_worksheet(name), book.add_format({"bold": True})
    sheet.freeze_panes(1, 0)
    for place, (_, width) in enumerate(heads):
        sheet.set_column(place, place, width)
    sheet.write_row(0, 0, [head for head, _ in heads], bold)
    return sheet

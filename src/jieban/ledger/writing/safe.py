"""Text that stays text: nothing a citizen said may become a formula when somebody opens the file."""

from jieban.kernel.errors import Exit, JiebanError
from jieban.kernel.i18n import tr
from jieban.ledger.arrow import Array, pc

FORMULA_SIGNS = "=+-@\t\r"
"""What a spreadsheet takes for the beginning of a formula, or skips on its way to one."""

LONGEST_CELL = 32_767
STREAMED_ROWS = 50_000
"""Sheets with more rows are written row by row, which takes little memory and a larger file."""

MOST_ROWS = 1_048_575
"""Rows of a sheet below its headings."""


class DoesNotFit(JiebanError):
    """More than a worksheet can hold."""

    code = "ledger.does_not_fit"
    exit_code = Exit.BAD_LEDGER


def escaped(text: Array) -> Array:
    """Text for csv: an apostrophe before formula signs, and before apostrophes that would be taken for one.

    The door takes that apostrophe away again (`doors.text`), so that the text comes back as it was.
    """
    safe: Array = pc.replace_substring_regex(text, "^([=+\\-@\t\r'])", "'\\1")
    return safe


def is_formula_like(text: str) -> bool:
    """Whether a spreadsheet might take the text for a formula."""
    return text[:1] in FORMULA_SIGNS if text else False


def refuse_long(text: Array, heading: str) -> None:
    """Raises DoesNotFit for text that a cell can't hold."""
    longest = pc.max(pc.utf8_length(text)).as_py() or 0
    if longest > LONGEST_CELL:
        raise DoesNotFit(
            tr(
                "“{heading}”有 {n} 字的内容,工作表的一格最多 {most} 字。",
                heading=heading,
                n=longest,
                most=LONGEST_CELL,
            ),
            fix=tr("请改写为 CSV 或 Parquet。"),
        )


def refuse_many(rows: int, heading: str) -> None:
    """Raises DoesNotFit for more rows than a sheet holds."""
    if rows > MOST_ROWS:
        raise DoesNotFit(
            tr("“{heading}”有 {n} 行,工作表最多 {most} 行。", heading=heading, n=rows, most=MOST_ROWS),
            fix=tr("请改写为 CSV 或 Parquet。"),
        )

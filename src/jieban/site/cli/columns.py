"""Columns of text for a terminal, where a Chinese character is as wide as two Latin ones."""

import unicodedata
from collections.abc import Iterable, Sequence

_WIDE = "WFA"
GAP = "  "


def width(text: str) -> int:
    """How many columns a terminal gives a text."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in _WIDE else 1
        for char in text
    )


def padded(text: str, columns: int) -> str:
    """The text, followed by blanks up to so many columns."""
    return text + " " * (columns - width(text))


def aligned(rows: Iterable[Sequence[str]], *, indent: str = "") -> list[str]:
    """A line for each row, its cells below each other; a column that is empty everywhere is left out."""
    table = [list(row) for row in rows]
    widths = [max(width(cell) for cell in column) for column in zip(*table, strict=True)]
    return [
        (
            indent + GAP.join(padded(cell, wide) for cell, wide in zip(row, widths, strict=True) if wide)
        ).rstrip()
        for row in table
    ]

"""Columns of a table that share a page: widths that make it take the fewest lines."""

from collections.abc import Iterator, Sequence
from math import ceil, floor
from typing import Final

_STEPS: Final = (1.0, 2.0, 4.0, 8.0)
"""Ems that are tried to move from one column to another: a line is often won by several only."""
_EXACT: Final = 1e-9


def balanced(
    rows: Sequence[Sequence[Sequence[float]]],
    widths: Sequence[float],
    least: Sequence[float],
    padding: float,
) -> list[float]:
    """The widths with ems moved between columns as long as that wins lines; together they stay what they were.

    `rows` has for each cell the lengths in ems of the lines that it breaks itself, `least` what no column is narrowed
    below; `padding` stays blank of each.
    """
    out = list(widths)
    lines = _lines(rows, out, padding)
    while True:
        tried = [(_lines(rows, each, padding), each) for each in _moved(out, least)]
        fewest = min((count for count, _ in tried), default=lines)
        if fewest >= lines:
            return out
        # Of moves that win the same, the first: the smallest, so that columns stay as alike as they can.
        lines, out = fewest, next(each for count, each in tried if count == fewest)


def _moved(widths: Sequence[float], least: Sequence[float]) -> Iterator[list[float]]:
    for step in _STEPS:
        for giver in range(len(widths)):
            if widths[giver] - step < least[giver]:
                continue
            for taker in range(len(widths)):
                if taker != giver:
                    moved = list(widths)
                    moved[giver] -= step
                    moved[taker] += step
                    yield moved


def _lines(rows: Sequence[Sequence[Sequence[float]]], widths: Sequence[float], padding: float) -> int:
    return sum(
        max(
            (
                sum(_lines_of(long, width - padding) for long in cell)
                for cell, width in zip(row, widths, strict=True)
            ),
            default=1,
        )
        for row in rows
    )


def _lines_of(long: float, room: float) -> int:
    # A line that is full holds whole characters only; a single one that is left over is as bad as a line more.
    if long <= room + _EXACT:
        return 1
    full = max(1, floor(room + _EXACT))
    lines = ceil(long / full - _EXACT)
    return lines + (0 < long - full * (lines - 1) <= 1)

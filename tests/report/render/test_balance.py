"""Columns of a table that share a page: fewer lines, and nothing narrowed below what it needs."""

from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jieban.report.render.balance import balanced as balanced_lines

PADDING = 1.3
_LENGTHS = st.integers(1, 90).map(float)


def balanced(rows: list[list[float]], widths: list[float], least: list[float], padding: float) -> list[float]:
    """Of cells that are one line each, as it comes."""
    return balanced_lines([[(cell,) for cell in row] for row in rows], widths, least, padding)


def counted(rows: list[list[float]], widths: list[float]) -> int:
    """Lines as a typesetter sets them, a line per character that stands alone more."""
    total = 0
    for row in rows:
        lines = [1]
        for cell, width in zip(row, widths, strict=True):
            room = width - PADDING
            if cell > room + 1e-9:
                full = max(1, int(room + 1e-9))
                rest = cell % full or full
                lines.append(ceil(cell / full) + (rest <= 1))
        total += max(lines)
    return total


def test_the_longer_prose_has_the_wider_column() -> None:
    rows = [[40.0, 120.0], [30.0, 100.0]]
    widths = balanced(rows, [20.0, 20.0], [6.0, 6.0], PADDING)
    assert widths[1] > 1.5 * widths[0]
    assert counted(rows, widths) < 0.75 * counted(rows, [20.0, 20.0])


def test_what_a_column_needs_it_keeps() -> None:
    rows = [[7.5, 200.0]]
    assert balanced(rows, [8.8, 20.0], [8.8, 6.3], PADDING) == [8.8, 20.0]


def test_no_character_is_left_alone_where_a_little_room_is_to_be_had() -> None:
    rows = [[11.0, 30.0]]
    widths = balanced(rows, [11.3, 23.7], [6.3, 6.3], PADDING)
    assert widths[0] != 11.3
    assert counted(rows, widths) == 2


@given(
    st.integers(2, 5).flatmap(
        lambda n: st.tuples(
            st.lists(st.lists(_LENGTHS, min_size=n, max_size=n), min_size=1, max_size=6),
            st.lists(st.floats(6, 30), min_size=n, max_size=n),
        )
    )
)
def test_never_more_lines_nor_another_width(table: tuple[list[list[float]], list[float]]) -> None:
    rows, widths = table
    least = [min(each, 6.3) for each in widths]
    made = balanced(rows, widths, least, PADDING)
    assert sum(made) == pytest.approx(sum(widths))
    assert all(one >= other - 1e-9 for one, other in zip(made, least, strict=True))
    assert counted(rows, made) <= counted(rows, widths)


def test_lines_that_a_cell_breaks_itself_ask_for_no_width() -> None:
    names = (8.0, 3.0, 4.0)  # three lines whatever the width
    rows = [[names, (70.0,)], [names, (60.0,)]]
    widths = balanced_lines(rows, [16.0, 16.0], [9.3, 6.3], PADDING)
    assert widths == pytest.approx([9.3, 22.7], abs=1)

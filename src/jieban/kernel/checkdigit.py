"""Damm's check digit: finds every single wrong digit and every swap of neighbours, with digits only.

Source: H. M. Damm, Total anti-symmetrische Quasigruppen, Marburg 2004. python-stdnum has it too, under the LGPL, among
two hundred formats of which nothing else is wanted here: the published table and a loop are kept instead, and proved by
trying all cases. Zeros in front don't change the digit: what it protects must have a known length.
"""

from collections.abc import Iterable
from typing import Final

# The quasigroup of order 10: row is the interim digit, column the next one.
_TABLE: Final = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


def check_digit(digits: Iterable[int]) -> int:
    """The digit to append, so that `checked` holds: the last interim digit, since the table's diagonal is 0."""
    interim = 0
    for digit in digits:
        interim = _TABLE[interim][digit]
    return interim


def checked(digits: Iterable[int]) -> bool:
    """Whether digits end in their check digit."""
    return check_digit(digits) == 0

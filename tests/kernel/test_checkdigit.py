"""The check digit finds what it promises: proved over all cases, not over samples."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from jieban.kernel.checkdigit import check_digit, checked

DIGITS = range(10)


def next_interim(interim: int, digit: int) -> int:
    """One step of the table, from outside: some number with this interim digit, then one digit more."""
    reached = {check_digit(pair): pair for pair in product(DIGITS, DIGITS)}
    return check_digit([*reached[interim], digit])


STEP = {(interim, digit): next_interim(interim, digit) for interim, digit in product(DIGITS, DIGITS)}


def test_the_published_example() -> None:
    assert check_digit([5, 7, 2]) == 4
    assert checked([5, 7, 2, 4])
    assert not checked([5, 7, 2, 3])


def test_every_single_wrong_digit_is_found() -> None:
    """From any state two digits lead to two states, and two states never meet again: so no error heals."""
    for interim in DIGITS:
        assert sorted(STEP[interim, digit] for digit in DIGITS) == list(DIGITS)
    for digit in DIGITS:
        assert sorted(STEP[interim, digit] for interim in DIGITS) == list(DIGITS)


def test_every_swap_of_neighbours_is_found() -> None:
    """From any state two different digits lead elsewhere in the other order; the check digit takes part too."""
    for interim, one, other in product(DIGITS, DIGITS, DIGITS):
        if one != other:
            assert STEP[STEP[interim, one], other] != STEP[STEP[interim, other], one]
    # Only the right check digit leads from a state to 0.
    assert all((STEP[interim, digit] == 0) == (interim == digit) for interim, digit in STEP)


def test_all_numbers_of_four_digits_with_all_their_errors() -> None:
    for digits in product(DIGITS, repeat=4):
        whole = [*digits, check_digit(digits)]
        assert checked(whole)
        for at in range(5):
            for wrong in DIGITS:
                assert checked([*whole[:at], wrong, *whole[at + 1 :]]) == (wrong == whole[at])
        for at in range(4):
            swapped = [*whole[:at], whole[at + 1], whole[at], *whole[at + 2 :]]
            assert checked(swapped) == (swapped == whole)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=20), st.data())
def test_errors_in_long_numbers(digits: list[int], data: st.DataObject) -> None:
    whole = [*digits, check_digit(digits)]
    at = data.draw(st.integers(0, len(whole) - 2))
    wrong = [*whole[:at], data.draw(st.integers(0, 9)), *whole[at + 1 :]]
    assert checked(wrong) == (wrong == whole)
    swapped = [*whole[:at], whole[at + 1], whole[at], *whole[at + 2 :]]
    assert checked(swapped) == (swapped == whole)

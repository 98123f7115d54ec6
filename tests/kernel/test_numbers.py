from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jieban.kernel.numbers import change_percent, percent, round_half_up

COUNTS = st.integers(min_value=0, max_value=10**9)


@pytest.mark.parametrize(
    ("numerator", "denominator", "printed"),
    [
        (4565, 4567, "99.96"),
        (3751, 4567, "82.13"),
        (2, 4567, "0.04"),
        (4567, 4567, "100.00"),
        (1, 8, "12.50"),
    ],
)
def test_percentages_print_as_the_published_report_prints_them(
    numerator: int, denominator: int, printed: str
) -> None:
    assert str(percent(numerator, denominator)) == printed


def test_nothing_to_divide_by_is_no_number() -> None:
    assert percent(0, 0) is None
    assert change_percent(5, 0) is None


@pytest.mark.parametrize(
    ("now", "before", "printed"),
    [(4567, 4304, "6.11"), (411, 424, "-3.07"), (770, 713, "7.99"), (770, 712, "8.15"), (5, 5, "0.00")],
)
def test_changes_are_relative_to_what_was_before(now: int, before: int, printed: str) -> None:
    assert str(change_percent(now, before)) == printed


@pytest.mark.parametrize(
    ("value", "rounded"), [("0.125", "0.13"), ("-0.125", "-0.13"), ("0.1249999", "0.12")]
)
def test_halves_go_away_from_zero(value: str, rounded: str) -> None:
    assert str(round_half_up(Decimal(value), 2)) == rounded
    assert str(round_half_up(Fraction(value), 2)) == rounded


@given(numerator=COUNTS, denominator=st.integers(min_value=1, max_value=10**9), places=st.integers(0, 6))
def test_percent_equals_long_division_in_decimal(numerator: int, denominator: int, places: int) -> None:
    with localcontext(prec=60):
        expected = (Decimal(numerator) * 100 / Decimal(denominator)).quantize(
            Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP
        )
    assert percent(numerator, denominator, places) == expected


@given(now=COUNTS, before=st.integers(min_value=1, max_value=10**9))
def test_a_change_and_its_mirror_have_opposite_signs(now: int, before: int) -> None:
    forward = change_percent(now, before)
    mirrored = change_percent(2 * before - now, before)
    assert forward is not None
    assert mirrored == -forward

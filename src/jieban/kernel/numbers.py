"""Percent and rounding rules. Figures are exact until printed; rounding happens once, half up, in decimal."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction


def round_half_up(value: Fraction | Decimal | int, places: int) -> Decimal:
    """`value` with `places` decimals, halves away from zero, as published hotline reports round.

    The seed holds no tie that would tell; its shares fit no truncation (GB/T 8170-2008 leaves ties to the user).
    """
    if isinstance(value, Fraction):
        # Enough digits that a tie in the fraction is still a tie in the decimal.
        scaled = value * 10**places
        whole, rest = divmod(abs(scaled), 1)
        whole += 1 if rest * 2 >= 1 else 0
        sign = -1 if scaled < 0 else 1
        return (Decimal(sign * int(whole)).scaleb(-places)).quantize(Decimal(1).scaleb(-places))
    return Decimal(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def percent(numerator: int, denominator: int, places: int = 2) -> Decimal | None:
    """`numerator / denominator` in percent; None when there is nothing to divide by."""
    if denominator == 0:
        return None
    return round_half_up(Fraction(numerator * 100, denominator), places)


def change_percent(now: int, before: int, places: int = 2) -> Decimal | None:
    """Relative change from `before` to `now` in percent; None when there is nothing to compare with."""
    return percent(now - before, before, places)

"""Where bars are cut that would leave the others too short to be read: +800% beside changes of a few percent."""

from collections.abc import Iterable
from decimal import ROUND_CEILING, Decimal

_FAR = 3  # times as long as the next
_FEW = 4  # of so many bars one may be cut
_ROOM = Decimal("1.5")  # of the longest whole bar: a cut bar is still clearly the longest


def cut_at(values: Iterable[Decimal | int | None]) -> int | None:
    """The value beyond which bars are drawn cut, in either direction; None where all can be drawn whole.

    Cut are at most a quarter of the bars, each more than three times as long as the longest that is drawn whole.
    """
    lengths = sorted((abs(Decimal(value)) for value in values if value is not None), reverse=True)
    for few in range(len(lengths) // _FEW, 0, -1):
        whole = lengths[few]
        if 0 < whole * _FAR < lengths[few - 1]:
            return int((whole * _ROOM / 10).to_integral_value(ROUND_CEILING)) * 10
    return None


def is_cut(value: Decimal | int | None, cut: int | None) -> bool:
    """Whether the bar of `value` is longer than it is drawn."""
    return cut is not None and value is not None and abs(Decimal(value)) > cut


def drawn_length(value: Decimal | int, cut: int | None) -> Decimal | int:
    """How long a bar of `value` is drawn: itself, or the cut with its sign."""
    if cut is None or not is_cut(value, cut):
        return value
    return cut if value > 0 else -cut

"""The order in which parts are printed: falling by count, ties in profile order, 其他 last (ruling 5)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TypeVar

from jieban.profile.city import Register
from jieban.profile.model import Named

N = TypeVar("N", bound=Named)
V = TypeVar("V", int, int | Decimal)


def falling(
    counts: Mapping[str, int], register: Register[N], *, last: Callable[[str], bool] = lambda _: False
) -> list[tuple[str, int]]:
    """(code, count) by falling count, ties in profile order, codes for which `last` holds at the end.

    Codes that the register lacks come after known ones of the same count, by code.
    """
    return sorted(
        counts.items(), key=lambda item: (last(item[0]), -item[1], register.position(item[0]), item[0])
    )


def leading(counts: Sequence[tuple[str, V]], top: int) -> tuple[list[tuple[str, V]], int]:
    """Of counts in falling order those to name: the `top`, and with the last of them all that equal it.

    Where so many are equal that twice as many names would stand there, none of the equal ones is named; the second
    value is how many these are, 0 where everything that should be named is.
    """
    if len(counts) <= top:
        return list(counts), 0
    at_cut = counts[top - 1][1]
    down_to = sum(1 for _, count in counts if count >= at_cut)
    if down_to <= 2 * top:
        return list(counts[:down_to]), 0
    above = sum(1 for _, count in counts if count > at_cut)
    return list(counts[:above]), down_to - above


def in_order(codes: Iterable[str], register: Register[N]) -> list[str]:
    """The codes in profile order, unknown ones after all."""
    return sorted(codes, key=lambda code: (register.position(code), code))


def is_last(register: Register[N]) -> Callable[[str], bool]:
    """Whether a code's member is declared to stand last (其他); members without the mark never do."""

    def last(code: str) -> bool:
        member = register.get(code)
        return member is not None and bool(getattr(member, "last", False))

    return last

"""The order in which parts are printed: falling by count, ties in profile order, 其他 last (ruling 5)."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from jieban.profile.city import Register
from jieban.profile.model import Named

N = TypeVar("N", bound=Named)


def falling(
    counts: Mapping[str, int], register: Register[N], *, last: Callable[[str], bool] = lambda _: False
) -> list[tuple[str, int]]:
    """(code, count) by falling count, ties in profile order, codes for which `last` holds at the end.

    Codes that the register lacks come after known ones of the same count, by code.
    """
    return sorted(
        counts.items(), key=lambda item: (last(item[0]), -item[1], register.position(item[0]), item[0])
    )


def in_order(codes: Iterable[str], register: Register[N]) -> list[str]:
    """The codes in profile order, unknown ones after all."""
    return sorted(codes, key=lambda code: (register.position(code), code))


def is_last(register: Register[N]) -> Callable[[str], bool]:
    """Whether a code's member is declared to stand last (其他); members without the mark never do."""

    def last(code: str) -> bool:
        member = register.get(code)
        return member is not None and bool(getattr(member, "last", False))

    return last

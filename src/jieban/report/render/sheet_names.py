"""Names of sheets that every spreadsheet program takes."""

import re
from collections.abc import Iterable

from jieban.report.render.common import printable

_LONGEST = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


class SheetNames:
    """Hands out names: at most 31 characters, none of the forbidden ones, no two alike but for case."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = {name.casefold() for name in taken} | {"history"}  # Excel keeps that one for itself

    def name(self, wanted: str) -> str:
        """`wanted`, changed as little as it takes."""
        stem = _FORBIDDEN.sub(" ", printable(wanted)).strip().strip("'") or "Sheet"
        name, number = _cut(stem, ""), 1
        while name.casefold() in self._taken:
            number += 1
            name = _cut(stem, f"({number})")
        self._taken.add(name.casefold())
        return name


def _cut(stem: str, ending: str) -> str:
    # Excel counts UTF-16 units.
    room = _LONGEST - len(ending)
    while len(stem.encode("utf-16-le")) // 2 > room:
        stem = stem[:-1]
    return stem.rstrip(" '") + ending

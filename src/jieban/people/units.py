"""Units in a tree: whose orders a unit sees besides its own."""

from functools import lru_cache

from jieban.profile.city import Profile


@lru_cache(maxsize=4096)
def unit_and_below(profile: Profile, code: str) -> frozenset[str]:
    """Codes of the unit, of every unit below it, and of the ended ones whose work came to any of these.

    A unit that the profile doesn't know has nothing below it.
    """
    children: dict[str, list[str]] = {}
    for unit in profile.units.values():
        if unit.parent is not None:
            children.setdefault(unit.parent, []).append(unit.code)
    found: set[str] = set()
    waiting = [code]
    while waiting:
        if (each := waiting.pop()) not in found:
            found.add(each)
            waiting += children.get(each, ())
            waiting += (unit.code for unit in profile.units.predecessors(each))
    return frozenset(found)

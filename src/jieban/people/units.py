"""Units in a tree and in time: whose orders a unit sees besides its own, and for whom it answers."""

from dataclasses import replace
from datetime import date
from functools import lru_cache

from jieban.people.actor import Actor
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


def answering(actor: Actor, profile: Profile, on: date) -> Actor:
    """The actor with the posts that are theirs on a day because their unit carries on the work of one that has ended.

    Whoever has a post in the ended unit itself keeps it as long as the post lasts.
    """
    inherited = {
        (role, each.code)
        for role, unit in actor.posts
        if unit is not None
        for each in profile.units.predecessors(unit)
        if profile.units.carried_on_by(each.code, on) == unit
    }
    return replace(actor, posts=actor.posts | inherited) if inherited else actor

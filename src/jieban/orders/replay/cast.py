"""Who does the acts when a ledger is played: one person for each role of the centre, and three in each unit."""

from functools import cache

from jieban.people.actor import Actor
from jieban.people.roles import Role


@cache
def of_centre(role: Role) -> Actor:
    """The person of the centre who holds a role. Played persons have no account: their reference says so."""
    return Actor(
        account=None, name=role.value, posts=frozenset({(role, None)}), reference=f"played:{role.value}"
    )


@cache
def of_unit(unit: str, role: Role) -> Actor:
    """The person of a unit who holds a role."""
    return Actor(
        account=None,
        name=f"{unit}/{role.value}",
        posts=frozenset({(role, unit)}),
        reference=f"played:{unit}:{role.value}",
    )

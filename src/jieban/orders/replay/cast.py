"""Who does the acts when a ledger is played, and what they say and show where the ledger is silent."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from jieban.orders.replay.words import reason, stand_in
from jieban.people.actor import Actor
from jieban.people.roles import Role
from jieban.profile.workflow import EvidenceKind


class Cast:
    """Nobody in particular: one person without an account for each role of the centre, and for each in every unit.

    What a ledger tells nothing of is said to be unknown, and its papers and pictures are the smallest files there are.
    A demonstration derives people with names from it, who have something to say.
    """

    def of_centre(self, role: Role) -> Actor:
        """Who holds a role of the centre."""
        return of_centre(role)

    def of_unit(self, unit: str, role: Role, order: str) -> Actor:  # noqa: ARG002  # for those who are several
        """Who holds a role in a unit and deals with this order there."""
        return of_unit(unit, role)

    def why(self, what: str) -> str:  # noqa: ARG002  # for those who know
        """Why something was done, `what` being the cue of a script."""
        return reason()

    def first_reply(self, told: str | None) -> str | None:
        """What is replied at first when that is sent back; `told` is the reply that stood in the end."""
        return told

    def evidence(self, kind: EvidenceKind, order: str, row: Mapping[str, Any], round_: int) -> bytes:  # noqa: ARG002
        """A file of a kind for an order, of which `row` is the ledger's; another one in each round."""
        return stand_in(kind, round_)


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

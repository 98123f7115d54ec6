"""Whoever does an act: an account with its posts of the day, a citizen, or the system itself."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Self

from jieban.kernel.i18n import tr, tr_later
from jieban.people.errors import AccountDisabled
from jieban.people.roles import ROLE_NAMES, Role

if TYPE_CHECKING:
    from jieban.people.models import Account


@dataclass(frozen=True, kw_only=True, slots=True)
class Actor:
    """Who acts, and in which roles: each post is a role with the code of its unit, or None for the centre's roles.

    `reference` tells one citizen from another. It is stored in events, so it is a code that was given out and
    never a name or a number of theirs (ruling 9).
    """

    account: int | None
    name: str
    posts: frozenset[tuple[Role, str | None]]
    reference: str | None = None

    @classmethod
    def system(cls) -> Self:
        """The system itself: jobs, imports."""
        return cls(
            account=None, name=tr_later(ROLE_NAMES[Role.SYSTEM]), posts=frozenset({(Role.SYSTEM, None)})
        )

    @classmethod
    def citizen(cls, reference: str | None = None) -> Self:
        """A citizen, known by the reference that was given out to them."""
        return cls(
            account=None,
            name=tr_later(ROLE_NAMES[Role.CITIZEN]),
            posts=frozenset({(Role.CITIZEN, None)}),
            reference=reference,
        )

    @property
    def roles(self) -> frozenset[Role]:
        """The roles held, in whatever unit."""
        return frozenset(role for role, _ in self.posts)

    def has(self, role: Role) -> bool:
        """Whether `role` is held, in whatever unit."""
        return any(held == role for held, _ in self.posts)

    def units_as(self, *roles: Role) -> frozenset[str]:
        """Codes of the units in which one of `roles` is held; of all units of the actor when none is named."""
        return frozenset(
            unit for role, unit in self.posts if unit is not None and (not roles or role in roles)
        )

    def in_unit(self, code: str, *roles: Role) -> bool:
        """Whether one of `roles` (any, when none is named) is held in the unit of this code."""
        return code in self.units_as(*roles)

    @property
    def ref(self) -> str:
        """A short, stable text for events: `account:12`, `citizen:K7Q2`, `citizen`, `system`.

        Somebody without an account in a role that needs one (a ledger's month is played so) is their reference alone.
        """
        if self.account is not None:
            return f"account:{self.account}"
        if self.has(Role.SYSTEM):
            return Role.SYSTEM.value
        if not self.reference:
            return Role.CITIZEN.value
        return f"{Role.CITIZEN.value}:{self.reference}" if self.has(Role.CITIZEN) else self.reference


def actor_of(account: "Account", on: date) -> Actor:
    """The account with the posts it holds on a day of the city's calendar. Raises AccountDisabled.

    One query.
    """
    if not account.is_active:
        raise AccountDisabled(
            tr("账号“{username}”已停用。", username=account.username), fix=tr("请与系统管理员联系。")
        )
    return Actor(account=account.pk, name=account.display_name, posts=account.held_on(on))

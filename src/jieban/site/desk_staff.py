"""The demonstration's people: an account for everybody who acts in it, with a name that ledger and trail can tell.

Who they are and what they say is the profile's (`demo/desks.toml`). Only one for each role may sign in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle
from typing import Any
from zlib import crc32

from jieban.kernel.i18n import tr_later
from jieban.orders.replay.cast import Cast
from jieban.people.accounts import add_account, give_post
from jieban.people.actor import Actor, actor_of
from jieban.people.models import Account
from jieban.people.roles import POST_ROLES, ROLE_NAMES, UNIT_ROLES, Role
from jieban.profile.city import Profile
from jieban.profile.workflow import Condition, EvidenceKind
from jieban.site.desk_papers import paper
from jieban.site.desk_scenery import Scenery
from jieban.site.desk_script import staff_names

_IN_POST = timedelta(days=365)
"""For how long everybody has been at work, at most: units may be younger."""
_HANDLERS = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class SignIn:
    """An account of the demonstration that is told."""

    role: str
    username: str
    where: str


class Staff(Cast):
    """Everybody by role, in the units by unit and role, and what the script has them say."""

    def __init__(
        self,
        *,
        profile: Profile,
        script: Mapping[str, Any],
        centre: Mapping[Role, Actor],
        units: Mapping[tuple[str, Role], Sequence[Actor]],
    ) -> None:
        self.script, self.centre, self.units = script, centre, units
        self.scenery = Scenery(script)
        demands = profile.workflow.evidence.demands
        self._before = {each.kinds[0] for each in demands if each.when is Condition.SITE_VISIT}
        self._reasons = {what: cycle(said) for what, said in script["why"].items()}

    def of_centre(self, role: Role) -> Actor:
        """Who holds a role of the centre."""
        return self.centre[role]

    def of_unit(self, unit: str, role: Role, order: str) -> Actor:
        """Who holds a role in a unit; of several always the same one for an order."""
        held = self.units[unit, role]
        return held[crc32(order.encode()) % len(held)]

    def why(self, what: str) -> str:
        """The script's reasons for it in turn."""
        return next(self._reasons[what]) if what in self._reasons else super().why(what)

    def first_reply(self, told: str | None) -> str | None:  # noqa: ARG002  # whatever was told in the end
        """A reply that lacks what the reviewer then misses."""
        return str(self.script["said"]["poor_reply"])

    def evidence(self, kind: EvidenceKind, order: str, row: Mapping[str, Any], round_: int) -> bytes:
        """A drawing of what the order is about, or a paper with what `told` of its row says.

        What can't be drawn is as small as it gets.
        """
        if "image/jpeg" in kind.media_types and "application/pdf" not in kind.media_types:
            done = kind.code not in self._before
            return self.scenery.picture(row["content"] or "", done=done, seed=order, again=round_)
        if "application/pdf" in kind.media_types:
            said = self.script["paper"]
            return paper(said["title"], (order, *row.get("told", ()), said["note"]))
        return super().evidence(kind, order, row, round_)


def hire(profile: Profile, script: Mapping[str, Any], at: datetime) -> Staff:
    """Accounts that nobody can sign in to yet: one for each role of the centre, and some in each unit there is."""
    day = profile.clock.local_date(at)
    names = staff_names(script["staff"], set(script["people"].values()))

    def post(username: str, name: str, role: Role, unit: str | None) -> Actor:
        account = add_account(username=username, display_name=name, now=at - _IN_POST)
        since = day - _IN_POST
        if unit is not None:
            since = max(since, profile.units[unit].validity.first or since)
        give_post(account=account, role=role, unit=unit, first=since, last=None, profile=profile)
        return actor_of(account, day)

    centre: dict[Role, Actor] = {
        role: post(_username(role), script["people"][role.value], role, None)
        for role in POST_ROLES
        if role not in UNIT_ROLES
    }
    many = {Role.LIAISON: 1, Role.HANDLER: _HANDLERS, Role.HEAD: 1}
    units: dict[tuple[str, Role], tuple[Actor, ...]] = {
        (unit.code, role): tuple(
            post(f"{unit.code}.{_username(role)}{turn + 1 if turn else ''}", next(names), role, unit.code)
            for turn in range(count)
        )
        for unit in profile.units.valid_on(day)
        for role, count in many.items()
    }
    return Staff(profile=profile, script=script, centre=centre, units=units)


def admit(staff: Staff, unit: str, password: str, profile: Profile, at: datetime) -> tuple[SignIn, ...]:
    """Let one of each role sign in, in the units those of this one, who take the names that the script gives them."""
    day = profile.clock.local_date(at)
    found = []
    for role in POST_ROLES:
        within = role in UNIT_ROLES
        actor = staff.units[unit, role][0] if within else staff.centre[role]
        account = Account.objects.get(pk=actor.account or 0)
        account.username = _username(role)
        account.display_name = staff.script["people"][role.value]
        account.set_password(password)
        account.save(update_fields=["username", "display_name", "password"])
        where = profile.unit_name(unit, day) if within else profile.publication.dispatching_centre
        found.append(SignIn(role=tr_later(ROLE_NAMES[role]), username=account.username, where=where))
    return tuple(found)


def _username(role: Role) -> str:
    return role.value.replace("_", "-")

"""Who has an order open: written down with each look at it, told to the others, gone with the seconds.

A page says with each of its polls which order it has open. Nobody is told to citizens, and nobody to whoever may not
know them: units see the people of the centre and those of the units whose handlings they see, and of a confidential
order the latter alone.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import OperationalError

from jieban.desks.presence.models import Presence
from jieban.desks.shell import words
from jieban.desks.shell.visit import Visit
from jieban.kernel.i18n import tr, tr_later
from jieban.orders.access import seen_units
from jieban.orders.models import Order
from jieban.people.acts import Act
from jieban.people.policy import SEES_EVERY_ORDER
from jieban.people.roles import ROLE_NAMES, UNIT_ROLES, Role

FRESH: Final = timedelta(seconds=45)
"""How long somebody counts as there: two polls of a page, and some seconds for a slow line."""
_KEPT: Final = timedelta(minutes=5)
_MOST: Final = 20
"""People on one order who are told: of more than these nobody reads."""
_ACTS: Final = frozenset(act.value for act in Act)


@dataclass(frozen=True, kw_only=True, slots=True)
class Other:
    """Somebody else with the order open: by name and post; `doing` is the act whose form they have before them."""

    name: str
    post: str
    doing: str

    @property
    def said(self) -> str:
        """Who it is, and what they are at."""
        if self.doing:
            return tr("{name}({post})正在填写“{act}”", name=self.name, post=self.post, act=self.doing)
        return tr("{name}({post})正在查看", name=self.name, post=self.post)


def be_here(visit: Visit, order: Order, doing: str = "") -> None:
    """Write down that the visitor has the order open. Two statements; what is old is swept with it."""
    role, unit = _post(visit)
    row = Presence(
        order=order,
        account=visit.account,
        role=role.value,
        unit=unit,
        doing=doing if doing in _ACTS else "",
        seen_at=visit.now,
    )
    columns = ["role", "unit", "doing", "seen_at"]
    with suppress(OperationalError):  # somebody else writes for long: the page is worth more than this row
        Presence.objects.bulk_create(
            [row], update_conflicts=True, unique_fields=["order", "account"], update_fields=columns
        )
        Presence.objects.filter(seen_at__lt=visit.now - _KEPT).delete()


def others(visit: Visit, order: Order) -> tuple[Other, ...]:
    """Who else has it open and may be told, those first who came to do something. One statement."""
    found = (
        Presence.objects.filter(order=order, seen_at__gte=visit.now - FRESH)
        .exclude(account=visit.account)
        .select_related("account")
        .order_by("-doing", "account__display_name")
    )
    return tuple(
        Other(
            name=each.account.display_name,
            post=_post_name(each),
            doing=words.act(each.doing) if each.doing else "",
        )
        for each in _told(visit, order, found[:_MOST])
    )


def _told(visit: Visit, order: Order, found: Iterable[Presence]) -> list[Presence]:
    if visit.actor.roles & SEES_EVERY_ORDER:
        return list(found)
    mine = seen_units(visit.actor)
    return [each for each in found if each.unit in mine or (each.unit is None and not order.confidential)]


def _post(visit: Visit) -> tuple[Role, str | None]:
    """The post in which somebody is there: that of the desk, else the first by name."""
    at_desk = visit.desk.roles if visit.desk is not None else visit.actor.roles
    held = [post for post in visit.actor.posts if post[0] in at_desk] or list(visit.actor.posts)
    return min(held, key=lambda post: (post[0] in UNIT_ROLES, post[0].value, post[1] or ""))


def _post_name(each: Presence) -> str:
    if each.unit is not None:
        return words.unit(each.unit, each.seen_at)
    return tr_later(ROLE_NAMES[Role(each.role)])

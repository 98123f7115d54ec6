"""The desks there are, for whom, and in which order the rail shows them."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from jieban.kernel.i18n import Later, later
from jieban.people.actor import Actor
from jieban.people.roles import Role


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """A desk: `id` names its folder and its address, `icon` its sign in the rail, `roles` who works at it."""

    id: str
    name: Later
    icon: str
    roles: AbstractSet[Role]

    @property
    def path(self) -> str:
        """The address of its first page."""
        return f"/desk/{self.id}/"


_UNIT = frozenset({Role.LIAISON, Role.HANDLER, Role.HEAD})
_CENTRE = frozenset({Role.OPERATOR, Role.DISPATCHER, Role.REVIEWER, Role.CALLBACK_AGENT, Role.SUPERVISOR})

DESKS: tuple[Desk, ...] = (
    Desk(id="intake", name=later("接听登记"), icon="phone", roles=frozenset({Role.OPERATOR})),
    Desk(id="dispatch", name=later("派单"), icon="send", roles=frozenset({Role.DISPATCHER})),
    Desk(id="unit", name=later("承办"), icon="inbox", roles=_UNIT),
    Desk(id="review", name=later("审核"), icon="check", roles=frozenset({Role.REVIEWER})),
    Desk(id="callback", name=later("回访"), icon="callback", roles=frozenset({Role.CALLBACK_AGENT})),
    Desk(id="supervision", name=later("督办"), icon="eye", roles=frozenset({Role.SUPERVISOR})),
    Desk(id="search", name=later("查询"), icon="search", roles=_CENTRE | _UNIT),
    Desk(
        id="month",
        name=later("总览"),
        icon="chart",
        roles=frozenset({Role.LEADER, Role.SUPERVISOR, Role.ANALYST}),
    ),
    Desk(id="studio", name=later("分析报告"), icon="report", roles=frozenset({Role.ANALYST, Role.LEADER})),
    Desk(id="administration", name=later("系统管理"), icon="settings", roles=frozenset({Role.ADMINISTRATOR})),
    Desk(id="knowledge", name=later("知识库"), icon="book", roles=_CENTRE | _UNIT | {Role.ADMINISTRATOR}),
)
BY_ID = {desk.id: desk for desk in DESKS}


def desks_of(actor: Actor) -> tuple[Desk, ...]:
    """The desks at which somebody works, first the one they begin at."""
    return tuple(desk for desk in DESKS if actor.roles & desk.roles)

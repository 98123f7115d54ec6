"""Who may do what with figures and reports: the table beside the policy of acts, which is about orders."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from enum import StrEnum

from jieban.people.actor import Actor
from jieban.people.roles import Role


class Right(StrEnum):
    """Something that isn't an act on an order."""

    SEE_FIGURES = "see_figures"
    COUNT_FIGURES = "count_figures"
    SEE_REPORTS = "see_reports"
    MAKE_REPORT = "make_report"
    APPROVE_REPORT = "approve_report"
    PUBLISH_REPORT = "publish_report"
    WITHDRAW_REPORT = "withdraw_report"


RIGHTS: Mapping[Right, AbstractSet[Role]] = {
    Right.SEE_FIGURES: frozenset({Role.LEADER, Role.SUPERVISOR, Role.ANALYST}),
    Right.COUNT_FIGURES: frozenset({Role.SUPERVISOR, Role.ANALYST}),
    Right.SEE_REPORTS: frozenset({Role.LEADER, Role.ANALYST}),
    Right.MAKE_REPORT: frozenset({Role.ANALYST}),
    Right.APPROVE_REPORT: frozenset({Role.LEADER, Role.ANALYST}),
    Right.PUBLISH_REPORT: frozenset({Role.ANALYST}),
    Right.WITHDRAW_REPORT: frozenset({Role.LEADER, Role.ANALYST}),
}
"""Nobody approves a report that they made or edited: `studio.acts` holds that."""


def may(actor: Actor, right: Right) -> bool:
    """Whether one of `actor`'s roles has the right."""
    return not actor.roles.isdisjoint(RIGHTS[right])

"""The roles in which somebody acts on orders."""

from collections.abc import Mapping
from enum import StrEnum

from jieban.kernel.i18n import Later, later


class Role(StrEnum):
    """A role, by the code that posts and events store."""

    OPERATOR = "operator"
    DISPATCHER = "dispatcher"
    LIAISON = "liaison"
    HANDLER = "handler"
    HEAD = "head"
    REVIEWER = "reviewer"
    CALLBACK_AGENT = "callback_agent"
    SUPERVISOR = "supervisor"
    LEADER = "leader"
    ANALYST = "analyst"
    ADMINISTRATOR = "administrator"
    CITIZEN = "citizen"
    SYSTEM = "system"


ROLE_NAMES: Mapping[Role, Later] = {
    Role.OPERATOR: later("话务员"),
    Role.DISPATCHER: later("派单员"),
    Role.LIAISON: later("联络员"),
    Role.HANDLER: later("经办人"),
    Role.HEAD: later("负责人"),
    Role.REVIEWER: later("审核员"),
    Role.CALLBACK_AGENT: later("回访员"),
    Role.SUPERVISOR: later("督办员"),
    Role.LEADER: later("领导"),
    Role.ANALYST: later("数据分析员"),
    Role.ADMINISTRATOR: later("系统管理员"),
    Role.CITIZEN: later("市民"),
    Role.SYSTEM: later("系统"),
}

UNIT_ROLES = frozenset({Role.LIAISON, Role.HANDLER, Role.HEAD})
"""Roles that are held in a unit, and only there."""

POST_ROLES = tuple(role for role in Role if role not in {Role.CITIZEN, Role.SYSTEM})
"""Roles that an account can be given, in order of the work: citizens and the system itself have no account."""

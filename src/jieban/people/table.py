"""The table of who may do what, on one page: acts as rows, roles as columns, a mark for the relation."""

import unicodedata
from collections.abc import Mapping
from typing import Final

from jieban.kernel.i18n import later, listed, tr, tr_later
from jieban.people.acts import Act
from jieban.people.policy import JUDGES, POLICY, RELATION_NAMES, SEES_EVERY_ORDER, Relation
from jieban.people.roles import ROLE_NAMES, UNIT_ROLES, Role
from jieban.people.words import ACT_NAMES

MARKS: Final[Mapping[Relation, str]] = {
    Relation.ANY: "●",
    Relation.HOLDS: "○",
    Relation.LEADS: "◎",
    Relation.INVOLVED: "△",
    Relation.OWN: "☆",
}
# The full names of thirteen roles beside an act would not fit a page.
_SHORT: Final = {Role.ANALYST: later("分析员"), Role.ADMINISTRATOR: later("管理员")}
_FOUR_EYES: Final = "*"
_NONE: Final = "·"
_GAP: Final = 1


def cells(act: Act) -> Mapping[Role, tuple[Relation, ...]]:
    """In which relations each role may do an act; roles that may not are absent."""
    found: dict[Role, tuple[Relation, ...]] = {}
    for grant in POLICY.get(act, ()):
        found[grant.role] = (*found.get(grant.role, ()), grant.relation)
    return found


def as_data() -> dict[str, object]:
    """The table for programs."""
    return {
        "acts": {
            act.value: {
                role.value: [each.value for each in relations] for role, relations in cells(act).items()
            }
            for act in Act
        },
        "four_eyes": sorted(JUDGES),
        "sees_every_order": sorted(SEES_EVERY_ORDER),
    }


def page() -> str:
    """The table as text of at most 120 columns, marks explained below."""
    names = {role: tr_later(_SHORT.get(role, name)) for role, name in ROLE_NAMES.items()}
    label = max(_wide(_act(act)) for act in Act) + _GAP
    lines = [_padded("", label) + " ".join(names.values())]
    for act in Act:
        may = cells(act)
        marks = (
            _padded("".join(MARKS[each] for each in may.get(role, ())) or _NONE, _wide(names[role]))
            for role in Role
        )
        lines.append((_padded(_act(act), label) + " ".join(marks)).rstrip())
    return "\n".join([*lines, "", *_legend()])


def markdown() -> str:
    """The same as a page of the documentation."""
    roles = [tr_later(ROLE_NAMES[role]) for role in Role]
    head = tr("操作")  # not said inside the f-string's braces, where nobody would find it for the catalogue
    lines = [
        "# " + tr("谁可以做什么"),
        "",
        tr("本页由 `jieban policy --markdown` 依 people/policy.py 生成,请勿手改。"),
        "",
        f"| {head} | " + " | ".join(roles) + " |",
        "|---" * (len(roles) + 1) + "|",
    ]
    for act in Act:
        may = cells(act)
        marks = ("".join(MARKS[each] for each in may.get(role, ())) for role in Role)
        named = _act(act).replace(_FOUR_EYES, f"\\{_FOUR_EYES}")
        lines.append(f"| {named} `{act.value}` | " + " | ".join(marks) + " |")
    return "\n".join([*lines, "", *(f"- {line}" for line in _legend()), ""])


def _legend() -> list[str]:
    used = {relation for act in Act for relations in cells(act).values() for relation in relations}
    marks = [f"{MARKS[each]} {tr_later(RELATION_NAMES[each])}" for each in Relation if each in used]
    centre = listed(tr_later(ROLE_NAMES[role]) for role in Role if role in SEES_EVERY_ORDER)
    units = listed(tr_later(ROLE_NAMES[role]) for role in Role if role in UNIT_ROLES)
    return [
        tr("{marks};{none} 不可以。", marks="  ".join(marks), none=_NONE),
        tr("带 {mark} 的是审批、审核他人所为的操作:不能审自己所为。", mark=_FOUR_EYES),
        tr("看得到全部工单:{roles}。", roles=centre),
        tr("{roles}:只看得到本单位和下级单位的承办,以及并入其中的工单;只能办本单位的。", roles=units),
        tr("单位撤并、更名以后,承接的单位看得到原单位的承办,未办完的由它接着办。"),
        tr("领导、数据分析员、系统管理员:只看统计,看不到单件工单。"),
        tr("保密件:承办单位看不到诉求人。匿名件:没有可查看的诉求人。"),
    ]


def _act(act: Act) -> str:
    return tr_later(ACT_NAMES[act]) + (_FOUR_EYES if act in JUDGES else "")


def _wide(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(mark) in "WF" else 1 for mark in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _wide(text))

"""The table of who may do what, on one page: acts as rows, roles as columns, a mark for the relation."""

import re
import string
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
_WIDEST: Final = 100
_HANGING: Final = "  "


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
    """The table as text of at most 100 columns, marks explained below."""
    label = max(_wide(_act(act)) for act in Act) + _GAP
    names = [tr_later(_SHORT.get(role, ROLE_NAMES[role])) for role in Role]
    stacked = [_stacked(name) for name in names]
    widths = [max(map(_wide, lines)) for lines in stacked]
    key: list[str] = []
    if label + sum(widths) + _GAP * len(widths) > _WIDEST:
        letters = string.ascii_uppercase[: len(names)]
        key = [*_wrapped("  ".join(f"{each} {name}" for each, name in zip(letters, names, strict=True))), ""]
        stacked = [[each] for each in letters]
        # As wide as the marks of whoever may do something in two relations.
        widths = [max(1, *(len(cells(act).get(role, ())) for act in Act)) for role in Role]
    high = max(map(len, stacked))
    heads = [
        " " * label + " ".join(_padded(line, wide) for line, wide in zip(each, widths, strict=True))
        for each in zip(*(lines + [""] * (high - len(lines)) for lines in stacked), strict=True)
    ]
    rows = [
        _padded(_act(act), label)
        + " ".join(
            _padded("".join(MARKS[each] for each in cells(act).get(role, ())) or _NONE, wide)
            for role, wide in zip(Role, widths, strict=True)
        )
        for act in Act
    ]
    legend = [part for line in _legend() for part in _wrapped(line)]
    return "\n".join([*key, *(line.rstrip() for line in (*heads, *rows)), "", *legend])


def _stacked(name: str) -> list[str]:
    """A heading in short lines: words below each other, of a Chinese one two characters."""
    if name.isascii():
        return name.split()
    return [name[at : at + 2] for at in range(0, len(name), 2)]


def _wrapped(line: str) -> list[str]:
    """A line broken at blanks and behind Chinese marks where it is wider than the page."""
    found = [""]
    for piece in re.findall(r"\s*(?:[^\s、，。；]+[、，。；]*|[、，。；]+)", line):
        if _wide(found[-1] + piece) > _WIDEST:
            found.append(_HANGING + piece.lstrip())
        else:
            found[-1] += piece
    return found


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
        tr("证据由上传的一方撤下(承办单位、话务员和回访员、诉求人本人);已有答复以它为据的不能撤下。"),
        tr("保密件:承办单位看不到诉求人,诉求里写的姓名和号码也隐去。匿名件:没有可查看的诉求人。"),
        tr(
            "联系方式只能逐件查看,每看一次留痕一次;任何岗位都不能成批导出,清单、台账和表格里都没有,诉求里写的号码在表格里也隐去。"
        ),
    ]


def _act(act: Act) -> str:
    return tr_later(ACT_NAMES[act]) + (_FOUR_EYES if act in JUDGES else "")


def _wide(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(mark) in "WF" else 1 for mark in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _wide(text))

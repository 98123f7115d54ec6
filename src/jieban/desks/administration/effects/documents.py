"""What changes to how reports read and count, how ledgers are taken in, and what the platform goes by would do."""

from collections.abc import Set as AbstractSet

from jieban.desks.administration.effects.comparison import Comparison
from jieban.desks.administration.effects.leaning import reports_stay
from jieban.kernel.i18n import listed, tr

_REPORTED = frozenset(
    {
        "publication.toml",
        "labels.toml",
        "counting.toml",
        "outline.toml",
        "wording.toml",
        "recommendations.toml",
    }
)


def document_effects(documents: AbstractSet[str], compared: Comparison) -> list[str]:
    """Sentences on what changes of these documents would do."""
    before, after, day = compared.before, compared.after, compared.first_day
    said: list[str] = []
    if "labels.toml" in documents:
        said.append(tr("页面和此后生成的报告按此称呼;工单里存的代码不变。"))
    if "profile.toml" in documents:
        said += _of_the_city(compared)
    counted = before.counting != after.counting or (before.workflow.co_handling != after.workflow.co_handling)
    if counted:
        said.append(tr("{day} 起算出的数字按新的口径,那时重新计算的旧月份也是。", day=day))
    if "policies.toml" in documents:
        said.append(tr("{day} 起接收的台账按此处理;已经接收的不变。", day=day))
    if documents & _REPORTED or counted:
        said.append(tr("{day} 起冻结的报告按新的写。", day=day))
        if stay := reports_stay():
            said.append(stay)
    if "workflow.toml" in documents:
        said += _of_the_platform(compared)
    return said


def _of_the_city(compared: Comparison) -> list[str]:
    before, after = compared.before, compared.after
    said = []
    if (before.title, before.short_title) != (after.title, after.short_title):
        said.append(tr("页面按此称呼;已发布的报告不变。"))
    spoken = {each.code: each.spoken for each in before.communities}
    if n := sum(spoken.get(each.code, each.spoken) != each.spoken for each in after.communities):
        said.append(tr("{n} 个社区(村)查找和登记时换了叫法;工单上写的不变。", n=n))
    for one, other, held in (
        (before.unit_kinds, after.unit_kinds, "kind"),
        (before.unit_groups, after.unit_groups, "group"),
    ):
        names = {each.code: each.name for each in one}
        for each in other:
            if names.get(each.code, each.name) != each.name:
                n = sum(getattr(unit, held) == each.code for unit in after.units.values())
                said.append(
                    tr("“{old}”改称“{new}”:{n} 个单位归在这里。", old=names[each.code], new=each.name, n=n)
                )
        if gone := [each.name for each in one if each.code not in {label.code for label in other}]:
            said.append(tr("没有单位归在“{names}”,可以删去。", names=listed(gone)))
    if [each.code for each in before.unit_groups] != [each.code for each in after.unit_groups]:
        order = listed(each.name for each in after.unit_groups)
        said.append(tr("此后生成的报告按这个次序印:{names}。", names=order))
    return said


def _of_the_platform(compared: Comparison) -> list[str]:
    before, after, day = compared.before.workflow, compared.after.workflow, compared.first_day
    said = []
    if before.numbering != after.numbering:
        said.append(
            tr(
                "{day} 起的编号如 {example};以前的编号不变,照样查得到。",
                day=day,
                example=after.numbering.make(day, 1),
            )
        )
    if before.knowledge != after.knowledge:
        said.append(tr("{day} 起写的、核实的知识按新的天数;已经定下的核实日期不变。", day=day))
    if before.online != after.online:
        if after.online is None:
            said.append(tr("{day} 起市民不能在网上提交,首页请他们打电话。", day=day))
        else:
            said.append(tr("{day} 起网上提交的按此归类;已经提交的不变。", day=day))
    return said

"""What changes to streets, channels, request types, mailboxes and communities would do."""

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Q

from jieban.desks.administration.declared.listings import LISTINGS, Listing, named
from jieban.desks.administration.effects.comparison import Comparison
from jieban.desks.administration.effects.leaning import (
    leaning,
    orders_of,
    reports_stay,
    rules_naming,
    told,
    views_naming,
)
from jieban.kernel.i18n import listed, tr
from jieban.profile.documents.changes import RowChange
from jieban.profile.model import Named, RequestType

_ONE_DAY = timedelta(days=1)
_OWN = frozenset({"units.csv", "topics.csv"})
"""Documents whose effects are told elsewhere: units hold handlings and posts, topics are known by three columns."""


def list_effects(rows: Sequence[RowChange], compared: Comparison) -> list[str]:
    """Sentences on what changes of the declared lists would do."""
    said: list[str] = []
    for about in LISTINGS.values():
        if about.document in _OWN:
            continue
        for row in rows:
            if row.document == about.document:
                said += _of_row(about, row, compared) if about.days else _of_community(row, compared)
    return said


def new_words(one: Named, compared: Comparison) -> str:
    """From when a new thing may be chosen."""
    first = one.validity.first
    day = compared.first_day if first is None else first
    return tr("自 {day} 起可以选用“{name}”。", day=day, name=one.name)


def spelled_otherwise(before: Named, after: Named) -> list[str]:
    """Which words mean a thing that didn't, and which no longer do."""
    said = []
    if added := [each for each in after.spellings if each not in before.spellings]:
        said.append(tr("台账和登记时写“{words}”的,都认作“{name}”。", words="、".join(added), name=after.name))
    if lost := [each for each in before.spellings if each not in after.spellings]:
        said.append(tr("台账里写“{words}”的不再认得,会作为问题列出。", words="、".join(lost)))
    return said


def _of_row(about: Listing, row: RowChange, compared: Comparison) -> list[str]:
    code = row.key[-1]
    before, after = named(about, compared.before).get(code), named(about, compared.after).get(code)
    if after is None:
        return []
    if before is None:
        follows = any(each.successor == code for each in named(about, compared.after).values())
        return [] if follows else [new_words(after, compared)]
    said = [told(before.name, leaning(orders_of(about, code), compared.now))]
    if (before.validity, before.successor) != (after.validity, after.successor):
        said.append(tr("这些工单的归类和名称不变,那些月份的数字也不变。"))
        said += _ends(about, after, compared)
        if stay := reports_stay():
            said.append(stay)
    if before.name != after.name:
        said.append(
            tr(
                "名称是更正,没有起始日:各时期的页面和此后生成的报告都用“{name}”。从某日起改名请用“更名”。",
                name=after.name,
            )
        )
    if isinstance(before, RequestType) and isinstance(after, RequestType):
        said += _confidential(before, after)
    return said + spelled_otherwise(before, after)


def _ends(about: Listing, one: Named, compared: Comparison) -> list[str]:
    if one.validity.last is None:
        return [tr("“{name}”的期间改为不限。", name=one.name)]
    day = one.validity.last + _ONE_DAY
    if one.successor is None:
        said = [tr("{day} 起登记时不能再选“{name}”,没有接替的。", day=day, name=one.name)]
    else:
        after = named(about, compared.after)[one.successor].name
        said = [
            tr(
                "{day} 起登记时选“{next}”;台账里写“{name}”的也认作它,与以前比较时,旧的计入它。",
                day=day,
                next=after,
                name=one.name,
            )
        ]
    if naming := rules_naming(about, one.code, compared.after):
        said.append(tr("点名用到“{name}”的:{rules}。请接着改它们。", name=one.name, rules=listed(naming)))
    online = compared.after.workflow.online
    if about.id == "channels" and online is not None and online.channel == one.code and one.successor is None:
        said.append(tr("{day} 起市民在网上不能再提交,直到“网上受理”改用别的渠道。", day=day))
    if about.orders == "street" and (views := views_naming(about, one.code)):
        said.append(tr("有 {n} 个保存的查询按它筛选:照样查得到旧工单。", n=views))
    return said


def _confidential(before: RequestType, after: RequestType) -> list[str]:
    if before.confidential == after.confidential:
        return []
    if after.confidential:
        return [
            tr("此后登记为“{name}”的,承办单位看不到诉求人;已经登记的,要保密的请逐件更正。", name=after.name)
        ]
    return [tr("此后登记为“{name}”的,承办单位看得到诉求人;已经登记的仍然保密。", name=after.name)]


def _of_community(row: RowChange, compared: Comparison) -> list[str]:
    if row.was is None:
        now = row.now or {}
        return [tr("登记时可以选用“{name}”。", name=now.get("name", ""))]
    was = row.was
    orders = Q(street=was.get("street", ""), community=was.get("name", ""))
    return [told(was.get("name", ""), leaning(orders, compared.now))]

"""What changes would do: to orders in hand and people in office, counted before anybody saves."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.db.models import Count, Q

from jieban.desks.administration.effects.clocks import calendar_effects, deadline_effects
from jieban.desks.administration.effects.comparison import Comparison
from jieban.desks.administration.effects.documents import document_effects
from jieban.desks.administration.effects.leaning import LATELY
from jieban.desks.administration.effects.lists import list_effects, new_words, spelled_otherwise
from jieban.kernel.i18n import tr
from jieban.orders.models import Handling, Order
from jieban.orders.moves import MOVES
from jieban.orders.states import FOLLOWING, OPEN
from jieban.people.acts import Act
from jieban.people.models import Post
from jieban.profile.city import Profile
from jieban.profile.documents.changes import Change, RowChange
from jieban.profile.model import Unit


def effects_of(changes: Sequence[Change], compared: Comparison) -> tuple[str, ...]:
    """Sentences on what changes would do, without those that nothing hangs on."""
    documents = {each.document for each in changes}
    rows = [each for each in changes if isinstance(each, RowChange)]
    said: list[str] = []
    said += _of_units([each for each in rows if each.document == "units.csv"], compared)
    said += _of_topics([each for each in rows if each.document == "topics.csv"], compared)
    said += list_effects(rows, compared)
    if "deadlines.toml" in documents:
        said += deadline_effects(compared.before, compared.after, compared.first_day, compared.now)
    if "calendar.toml" in documents:
        said += calendar_effects(compared.before, compared.after)
    if "workflow.toml" in documents:
        said += _of_workflow(compared)
    said += document_effects(documents, compared)
    return tuple(said)


def _of_units(rows: Sequence[RowChange], compared: Comparison) -> list[str]:
    said: list[str] = []
    for row in rows:
        code = row.key[-1]
        before, after = compared.before.units.get(code), compared.after.units.get(code)
        if after is None:
            continue
        if before is None:
            if not any(each.successor == code for each in compared.after.units.values()):
                said.append(new_words(after, compared))
            continue
        if after.validity != before.validity or after.successor != before.successor:
            said.append(_unit_ends(after, compared))
        said += _unit_differs(before, after, compared)
    return said


def _unit_ends(unit: Unit, compared: Comparison) -> str:
    last = unit.validity.last
    if last is None:
        return tr("“{name}”的期间改为不限。", name=unit.name)
    open_now = Handling.objects.filter(unit=unit.code, state__in=[each.value for each in OPEN]).count()
    held = Post.objects.filter(unit=unit.code).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=last)).count()
    day = last + timedelta(days=1)
    if unit.successor is None:
        if not open_now and not held:
            return tr("“{name}”没有在办承办,也没有岗位;{day} 起不能再派给它。", name=unit.name, day=day)
        return tr(
            "“{name}”现有 {n} 件在办、{m} 个岗位,而没有写明由谁承接:须在 {day} 以前改派办完,否则无人可办。",
            name=unit.name,
            n=open_now,
            m=held,
            day=day,
        )
    return tr(
        "“{name}”现有 {n} 件在办、{m} 个岗位:{day} 起由“{next}”承接,双方的人员都看得到、办得了;此前的报告仍用旧名。",
        name=unit.name,
        n=open_now,
        m=held,
        day=day,
        next=compared.after.units[unit.successor].name,
    )


def _unit_differs(before: Unit, after: Unit, compared: Comparison) -> list[str]:
    said = []
    if before.name != after.name:
        said.append(
            tr(
                "名称是更正,没有起始日:各时期的页面和此后生成的报告都用“{name}”。机构改名请用“更名”。",
                name=after.name,
            )
        )
    if before.group != after.group:
        groups = {each.code: each.name for each in compared.after.unit_groups}
        said.append(
            tr(
                "此后生成的报告把“{name}”计入“{group}”,旧月份的也是;已发布的不变。",
                name=after.name,
                group=groups.get(after.group, after.group),
            )
        )
    if before.parent != after.parent:
        said.append(tr("上级单位的人员能看到“{name}”的承办。", name=after.name))
    return [*said, *spelled_otherwise(before, after)]


def _of_topics(rows: Sequence[RowChange], compared: Comparison) -> list[str]:
    said: list[str] = []
    founded: dict[str, int] = {}
    since = compared.now - LATELY
    for row in rows:
        scheme, topic, subtopic = row.key
        if row.now is None or (row.was is not None and set(row.columns) <= {"topic_name"} and subtopic):
            continue
        if scheme not in compared.before.schemes:
            founded[scheme] = founded.get(scheme, 0) + 1
            continue
        name = row.now.get("subtopic_name") or row.now.get("topic_name") or row.key[-1]
        if row.was is None:
            if not row.now.get("valid_from"):
                said.append(tr("可以选用“{name}”。", name=name))
            continue
        if scheme != compared.before.order_scheme:
            continue
        within = Q(topic=topic, subtopic=subtopic) if subtopic else Q(topic=topic)
        used = Order.objects.filter(within, received_at__gte=since).count()
        running = Order.objects.filter(within, state__in=[each.value for each in FOLLOWING]).count()
        said.append(
            tr(
                "“{name}”近 90 天用于 {n} 件工单,在办 {m} 件:这些工单的归类不变,按登记那天的名称显示。",
                name=name,
                n=used,
                m=running,
            )
        )
    return said + [tr("照抄 {n} 个分类和子类,另成一套,以后各改各的。", n=n) for n in founded.values()]


def _of_workflow(compared: Comparison) -> list[str]:
    before, after = compared.before.workflow, compared.after.workflow
    said: list[str] = []
    day = compared.first_day
    if before.reply != after.reply:
        said.append(tr("{day} 起写的答复按新模板;已经提交的答复不变。", day=day))
    if before.evidence != after.evidence:
        said.append(tr("{day} 起提交的答复按新的证据要求检查;已经收下的证据不变。", day=day))
    if (before.ladder, before.returns.ladder) != (after.ladder, after.returns.ladder):
        said.append(tr("{day} 起,在办的工单也按新的预警提醒;已经发过的提醒不重发。", day=day))
    if before.returns != after.returns:
        said.append(tr("{day} 起提出的退单按新规定;已经提出的,审批期限不变。", day=day))
    if before.callbacks != after.callbacks:
        said.append(tr("{day} 起的回访按新规定;正在等回访的工单也是。", day=day))
    if before.reopening != after.reopening:
        said.append(tr("{day} 起,已结案的工单能否重新办理按新规定看。", day=day))
    if before.retention != after.retention:
        said.append(_of_retention(compared))
    for name, one, other in (
        (tr("不予受理"), before.refusal_grounds, after.refusal_grounds),
        (tr("不合理诉求"), before.unreasonable_grounds, after.unreasonable_grounds),
    ):
        gone = [each.name for each in one if each.code not in {ground.code for ground in other}]
        if gone:
            said.append(
                tr("{kind}不能再选“{names}”;已经用过它的工单照样显示。", kind=name, names="、".join(gone))
            )
    return said


def _of_retention(compared: Comparison) -> str:
    def over(profile: Profile) -> Q:
        return Q(last_at__lte=compared.now - timedelta(days=profile.workflow.retention.person_days))

    ended = Order.objects.filter(state__in=sorted(MOVES[Act.REDACT].order), redacted_at__isnull=True)
    counted = ended.aggregate(
        n=Count("pk", filter=over(compared.before)), m=Count("pk", filter=over(compared.after))
    )
    return tr("按现在的期限,有 {n} 件工单的个人信息已该销毁;按新的期限是 {m} 件。销毁不可撤销。", **counted)


def reply_preview(changes: Sequence[Change], after: Profile) -> Mapping[str, object] | None:
    """What the template needs to show the reply's form as it would be; None if it stays."""
    if not any(getattr(each, "path", ())[:1] == ("reply",) for each in changes):
        return None
    return {"fields": after.workflow.reply}

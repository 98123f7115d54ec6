"""Lives of orders through all the desks, in real browsers: what each person does there, and what the others then see.

All of them live in one city's platform, where days go by; no page may complain of anything.
"""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from lives import Citizen, citizen, document, photo, reply, standing
from persons import FORM, Town, at, town, visited

from jieban.orders.models import Handling, Order
from jieban.people.roles import Role
from live_database import OpenDatabase

pytestmark = [pytest.mark.slow(30), pytest.mark.once, pytest.mark.live, pytest.mark.timeout(900)]

LAMPS = "小区门口的三盏路灯十天不亮了,晚上老人出门看不见路,摔过一次。"
UNIT = "urban-management"
WAY = [
    ("登记", "市民"),
    ("分类", "林芳"),
    ("派单", "马强"),
    ("签收", "古丽 · 城管局"),
    ("暂停计时", "古丽 · 城管局"),
    ("恢复计时", "市民（对城管局）"),
    ("催办", "市民"),
    ("催办", "赵敏"),
    ("督办", "赵敏"),
    ("上传证据", "阿里木 · 城管局"),
    ("上传证据", "阿里木 · 城管局"),
    ("答复", "古丽 · 城管局"),
    ("审核退回", "王磊（对城管局）"),
    ("答复", "古丽 · 城管局"),
    ("审核通过", "王磊（对城管局）"),
    ("登记回访", "何静"),
    ("登记回访", "何静"),
    ("重新办理", "何静"),
    ("报告进展", "古丽 · 城管局"),
    ("答复", "古丽 · 城管局"),
    ("审核通过", "王磊（对城管局）"),
    ("登记回访", "市民"),
    ("结案", "何静"),
    ("公开答复", "王磊"),
]
"""The order's whole way, as its trail tells it."""


@pytest.fixture(scope="module")
def opened(open_database: OpenDatabase) -> Iterator[Town]:
    with town(open_database, "changji") as made:
        yield made


@pytest.fixture
def city(opened: Town) -> Iterator[Town]:
    """The platform with its people; in the end nobody's page complained."""
    with visited(opened):
        yield opened


def verified() -> str:
    """What `jieban audit verify` says, in a process of its own."""
    command = [sys.executable, "-m", "jieban", "audit", "verify"]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    return said.stdout + said.stderr


def test_an_order_passes_through_seven_pairs_of_hands(city: Town) -> None:
    city.clock("2025-04-21 10:30")
    nur = citizen(city, "努尔兰", "139 0000 0002")
    number = nur.files(LAMPS, street="宁边路街道", address="五号楼东侧")
    dispatched(city, number)
    asked_and_answered(city, nur, number)
    pressed(city, number)
    replied_and_sent_back(city, number)
    called_and_reopened(city, number)
    rated_and_ended(city, nur, number)
    nur.goes("/answers/").picture("1-answers")
    assert "三盏路灯" in nur.reads()
    assert city.person("王磊", Role.REVIEWER).opens(number).trail() == WAY
    assert "没有发现问题" in verified()

    city.clock("2025-05-06 10:00")
    city.person("陈晨", Role.ANALYST).counts("2025年4月")
    leader = city.person("周书记", Role.LEADER)
    leader.at("总览").page.get_by_text("统计于").wait_for()
    begin, end = at("2025-04-01 00:00"), at("2025-05-01 00:00")
    sent = Order.objects.filter(dispatched_at__gte=begin, dispatched_at__lt=end).exclude(state="merged")
    assert leader.tiles()["转派工单"] == str(sent.count())
    leader.picture("1-leader")


def dispatched(city: Town, number: str) -> None:
    """What it is, says the operator; whose it is, the dispatcher."""
    operator = city.person("林芳", Role.OPERATOR)
    operator.at("查询").page.get_by_label("查什么").fill(number)
    operator.follow(operator.page.get_by_role("button", name="查询", exact=True))
    operator.takes(number)
    operator.does("分类", {"分类": "公用设施", "摘要": "三盏路灯不亮"})
    operator.picture("1-classified")
    city.later(minutes=20)
    dispatcher = city.person("马强", Role.DISPATCHER)
    dispatcher.at("派单", "待派单").takes(number)
    dispatcher.opens_form("派单").picture("1-dispatching")
    dispatcher.completes("派单", {"主办单位": "城管局", "派单意见": "请到现场查看"})


def asked_and_answered(city: Town, nur: Citizen, number: str) -> None:
    """The unit asks the citizen something; the citizen answers, and presses."""
    city.later(minutes=30)
    clerk = city.person("古丽", Role.LIAISON, UNIT)
    clerk.at("承办", "待签收").takes(number).does("签收")
    clerk.does("暂停计时", {"原因": "是五号楼东侧的路灯,还是西侧的?"})
    assert clerk.clocks()["城管局 办结"] == "calm"
    city.later(hours=3)
    nur.follows(number)
    assert "是五号楼东侧的路灯,还是西侧的?" in nur.reads()
    nur.page.get_by_label("您的答复").fill("东侧,从大门数第二到第四盏。")
    nur.picture("1-asked")
    nur.presses("答复")
    assert nur.page.get_by_role("heading", level=1).inner_text() == "正在办理"
    nur.page.locator("summary", has_text="催一催").click()
    nur.presses("催办")


def pressed(city: Town, number: str) -> None:
    """The supervisor presses as well."""
    city.clock("2025-04-22 09:40")
    supervisor = city.person("赵敏", Role.SUPERVISOR)
    supervisor.at("督办", "催办中").takes(number)
    supervisor.does("催办", {"备注": "老人摔过,请今天到现场"}).does("督办", {"原因": "有安全隐患"})
    supervisor.picture("1-supervised")
    assert number in supervisor.at("督办", "督办中").queued()


def replied_and_sent_back(city: Town, number: str) -> None:
    """Photos from the telephone, a reply that lacks something, and one that doesn't."""
    city.clock("2025-04-22 15:00")
    handler = city.person("阿里木", Role.HANDLER, UNIT, phone=True)
    handler.goes("/desk/unit/?queue=handling").takes(number).picture("1-handler-phone")
    handler.follow(handler.pane.get_by_role("link", name="现场拍照"))
    for side, shade in ((0, 10), (1, 200)):
        handler.page.locator("input[capture]").nth(side).set_input_files(photo(shade))
        handler.page.locator("section.side").nth(side).locator(".taken").get_by_text("已上传").wait_for()
    handler.picture("1-scene")
    clerk = city.person("古丽", Role.LIAISON, UNIT)
    clerk.at("承办", "办理中").takes(number).opens_form("答复")
    clerk.fills(clerk.page.locator(FORM), reply(到过现场=True)).picture("1-replying")
    clerk.completes("答复")

    city.later(minutes=50)
    reviewer = city.person("王磊", Role.REVIEWER)
    reviewer.at("审核", "待审核").takes(number).picture("1-reviewing")
    reviewer.does("审核退回", {"原因": "没有写明为什么十天不亮"})
    city.clock("2025-04-23 10:00")
    clerk.at("承办", "退回").takes(number).does("答复", reply(到过现场=True))
    city.later(minutes=30)
    reviewer.at("审核", "待审核").takes(number).does("审核通过", {"备注": "已补充"})


def called_and_reopened(city: Town, number: str) -> None:
    """Nobody answers the telephone, then somebody who is not content."""
    city.clock("2025-04-24 09:30")
    caller = city.person("何静", Role.CALLBACK_AGENT)
    caller.at("回访", "待回访").takes(number).does("登记回访", {"是否接通": "未接通"})
    assert number in caller.at("回访", "没接通").queued()
    city.clock("2025-04-25 10:10")
    caller.at("回访", "待回访").takes(number)
    caller.opens_form("登记回访").picture("1-calling")
    said = {"是否接通": "已接通", "承办单位是否联系过": "是", "问题是否解决": "否", "满意度": "不满意"}
    again = {"重新办理": True, "重新办理的原因": "第四盏昨晚又不亮了"}
    caller.completes("登记回访", {**said, "诉求人意见": "第四盏昨晚又不亮了", **again})
    assert standing(number) == "handling"


def rated_and_ended(city: Town, nur: Citizen, number: str) -> None:
    """Done again, and now the citizen is content; the answer is published."""
    city.clock("2025-04-27 11:00")
    clerk, reviewer = city.person("古丽", Role.LIAISON, UNIT), city.person("王磊", Role.REVIEWER)
    clerk.at("承办", "办理中").takes(number)
    clerk.does("报告进展", {"进展": "第四盏的控制器已订货"})
    city.clock("2025-04-28 11:00")
    clerk.at("承办", "办理中").takes(number).does("答复", reply("4 月 28 日"))
    city.later(hours=1)
    reviewer.at("审核", "待审核").takes(number).does("审核通过")

    city.clock("2025-04-29 19:00")
    nur.follows(number)
    assert "更换了灯具" in nur.reads()
    for question, answer in (("联系过", "联系过"), ("解决了", "解决了"), ("满意吗", "满意")):
        nur.page.get_by_role("group", name=question).get_by_text(answer, exact=True).click()
    nur.picture("1-rating")
    nur.presses("提交评价")
    city.clock("2025-04-30 10:00")
    caller = city.person("何静", Role.CALLBACK_AGENT)
    caller.at("回访", "可结案").takes(number).does("结案")
    assert standing(number) == "closed"
    reviewer.opens(number).does("公开答复", {"答复是否公开": "公开"}).picture("1-trail")


def test_of_two_units_the_late_one_alone_is_late(city: Town) -> None:
    city.clock("2025-04-21 10:00")
    number = citizen(city, "阿依古丽", "139 0000 0003").files(
        "小区门口的井盖和路灯都坏了。", street="宁边路街道"
    )
    dispatcher = city.person("马强", Role.DISPATCHER)
    dispatcher.at("派单", "待派单").takes(number)
    dispatcher.does("派单", {"主办单位": "城管局", "协办单位": ("住建局", "宁边路街道")})
    clerk, other = city.person("古丽", Role.LIAISON, UNIT), city.person("热依扎", Role.LIAISON, "housing")

    city.later(hours=1)
    for each in (clerk, other):
        each.at("承办", "待签收").takes(number).does("签收")
    other.does("指定经办人", {"经办人": "热依扎（联络员）"})
    dispatcher.opens(number).does("撤销协办", {"原因": "不涉及街道"}, handling=3)

    city.clock("2025-04-24 11:00")
    clerk.at("承办", "办理中").takes(number).does("答复", reply("4 月 24 日"))
    reviewer = city.person("王磊", Role.REVIEWER)
    reviewer.at("审核", "待审核").takes(number).does("审核通过", handling=1)
    city.clock("2025-04-28 09:00")
    supervisor = city.person("赵敏", Role.SUPERVISOR)
    supervisor.at("督办", "已超期").takes(number)
    assert supervisor.clocks() == {
        "工单 签收": "calm",
        "工单 办结": "calm",
        "城管局 签收": "calm",
        "城管局 办结": "calm",
        "住建局 签收": "calm",
        "住建局 办结": "late",
    }
    supervisor.picture("2-late")

    supervisor.follow(supervisor.page.get_by_role("link", name="承办台账"))
    supervisor.fills(supervisor.page.locator("form.filters"), {"单位": "住建局"})
    supervisor.follow(supervisor.page.get_by_role("button", name="查看"))
    line = supervisor.page.locator("tbody tr", has_text=number)
    assert [each.inner_text() for each in line.locator("td.late").all()] == ["超期未办\n限 04-27 19:30"]
    assert "热依扎" in line.inner_text()
    supervisor.picture("2-ledger")

    other.at("承办", "超期").takes(number).does("答复", reply("4 月 28 日"))
    reviewer.at("审核", "待审核").takes(number).does("审核通过", handling=2)
    assert standing(number) == "handled"
    city.clock("2025-05-06 10:00")
    supervisor.counts("2025年4月")
    # The city counts each unit's handling: the late one, the one in time, and not the one taken away.
    begin, end = at("2025-04-01 00:00"), at("2025-05-01 00:00")
    sent = Handling.objects.filter(dispatched_at__gte=begin, dispatched_at__lt=end).exclude(state="recalled")
    assert supervisor.tiles()["承办件"] == str(sent.count())
    late = "/desk/month/orders/?period=2025-04&of=handlings.late_close&unit="
    supervisor.page.locator(f'a[href="{late}housing"]').click()
    supervisor.page.locator(".entry", has_text=number).wait_for()
    supervisor.picture("2-behind")
    for address, there in ((late, 0), (late.replace("late_close", "total"), 1)):
        entries = supervisor.goes(f"{address}{UNIT}").page.locator(".entry", has_text=number)
        assert entries.count() == there


def test_what_is_found_unreasonable_is_not_assessed(city: Town) -> None:
    city.clock("2025-04-22 10:00")
    number = citizen(city, "吐尔逊", "139 0000 0004").files("要求把全城的路灯都换成金色的。")
    dispatcher = city.person("马强", Role.DISPATCHER)
    dispatcher.at("派单", "待派单").takes(number).does("派单", {"主办单位": "城管局"})
    city.later(hours=1)
    clerk, head = city.person("古丽", Role.LIAISON, UNIT), city.person("买买提", Role.HEAD, UNIT)
    reviewer = city.person("王磊", Role.REVIEWER)
    clerk.at("承办", "待签收").takes(number).does("签收").attaches("文件", document())
    clerk.opens_form("申请认定不合理诉求")
    file = {"认定的情形": "明显超出合理范围", "调查情况": "全城路灯一万二千盏,完好率 98%。"}
    clerk.completes("申请认定不合理诉求", {**file, "政策依据": "城市照明管理规定第九条"})
    assert "认定不合理诉求" not in clerk.offered()
    city.later(hours=1)
    head.at("承办", "待签字").takes(number).does("负责人签字", {"备注": "情况属实"})
    city.later(hours=1)
    reviewer.at("审核", "不合理诉求认定").takes(number)
    reviewer.picture("3-deciding")
    reviewer.does("认定不合理诉求", {"是否认定": "认定", "理由": "符合第六种情形"})
    reviewer.picture("3-decided")
    assert "负责人签字：买买提" in reviewer.pane.inner_text()
    assert "不纳入考核" in reviewer.pane.locator("header").inner_text()

    order = Order.objects.get(number=number)
    assert (order.state, order.excluded, order.excluded_ground) == ("handled", True, "beyond_reason")
    caller = city.person("何静", Role.CALLBACK_AGENT)
    assert number not in caller.at("回访", "待回访").queued()
    caller.at("回访", "可结案").takes(number).does("结案")

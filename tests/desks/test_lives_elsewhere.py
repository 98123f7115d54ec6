"""The life of an order in a city of other rules: the lead alone is counted, and nothing ends before the callback."""

from collections.abc import Iterator

import pytest
from lives import citizen, standing
from persons import Town, town, visited

from jieban.people.roles import Role
from live_database import OpenDatabase

pytestmark = [pytest.mark.slow(25), pytest.mark.once, pytest.mark.live, pytest.mark.timeout(900)]

SAID = {
    "查明的事实": "沙洲镇三号楼电梯年检已过期,物业公司承认没有续检,现场已经停用。",
    "处理措施": "责令物业公司三日内送检,送检期间安排人员帮助老人上下楼,合格后再启用。",
    "诉求人意见": "满意",
}


@pytest.fixture(scope="module")
def opened(open_database: OpenDatabase) -> Iterator[Town]:
    with town(open_database, "yunting") as made:
        yield made


@pytest.fixture
def city(opened: Town) -> Iterator[Town]:
    """The platform with its people; in the end nobody's page complained."""
    with visited(opened):
        yield opened


def test_where_the_lead_alone_is_counted_the_other_s_lateness_is_seen_and_not_counted(city: Town) -> None:
    city.clock("2025-04-21 10:00")
    nur = citizen(city, "努尔兰", "139 0000 0002")
    number = nur.files("电梯多久要检验一次?我们楼的已经过期了。", kind="咨询", street="沙洲镇")
    dispatcher = city.person("马强", Role.DISPATCHER)
    dispatcher.at("派单", "待派单").takes(number)
    dispatcher.does("派单", {"主办单位": "秩序局", "协办单位": ("住保局",)})
    clerk = city.person("古丽", Role.LIAISON, "city-order")
    other = city.person("热依扎", Role.LIAISON, "dwellings")
    for each in (clerk, other):
        each.at("承办", "待签收").takes(number).does("签收")
    city.clock("2025-04-22 11:00")
    clerk.at("承办", "办理中").takes(number).does("答复", SAID)
    city.clock("2025-04-25 11:00")
    supervisor = city.person("赵敏", Role.SUPERVISOR)
    supervisor.at("督办", "已超期").takes(number)
    late = {name for name, tone in supervisor.clocks().items() if tone == "late"}
    assert late == {"住保局 办结"}
    other.at("承办", "超期").takes(number).does("答复", SAID)
    reviewer = city.person("王磊", Role.REVIEWER)
    for serial in (1, 2):
        reviewer.at("审核", "待审核").takes(number).does("审核通过", handling=serial)

    caller = city.person("何静", Role.CALLBACK_AGENT)
    assert number not in caller.at("回访", "可结案").queued()
    said = {"是否接通": "已接通", "承办单位是否联系过": "是", "问题是否解决": "是", "满意度": "满意"}
    caller.at("回访", "待回访").takes(number).does("登记回访", said)
    caller.at("回访", "可结案").takes(number).does("结案")
    assert standing(number) == "closed"
    nur.follows(number)
    assert "责令物业公司三日内送检" in nur.reads()

    city.clock("2025-05-06 10:00")
    tiles = supervisor.counts("2025年4月").tiles()
    assert (tiles["承办件"], tiles["承办按期办结率"]) == ("1", "100")
    supervisor.picture("8-month")

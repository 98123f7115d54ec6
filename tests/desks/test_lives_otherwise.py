"""Lives of what isn't one order of one citizen's: two that are merged, letters, and a call on a broken line."""

from collections.abc import Iterator

import pytest
from lives import citizen, reply, standing
from persons import Town, at, town, visited

from jieban.orders.models import Clock, Handling, Order
from jieban.people.roles import Role
from live_database import OpenDatabase

pytestmark = [pytest.mark.slow(30), pytest.mark.once, pytest.mark.live, pytest.mark.timeout(900)]

UNIT = "urban-management"


@pytest.fixture(scope="module")
def opened(open_database: OpenDatabase) -> Iterator[Town]:
    with town(open_database, "changji") as made:
        yield made


@pytest.fixture
def city(opened: Town) -> Iterator[Town]:
    """The platform with its people; in the end nobody's page complained."""
    with visited(opened):
        yield opened


def test_what_was_merged_stands_as_before_once_it_is_unmerged(city: Town) -> None:
    city.clock("2025-04-23 09:30")
    first = citizen(city, "古再丽", "139 0000 0005").files("学校后门的垃圾三天没有清。", street="宁边路街道")
    city.later(minutes=30)
    second = citizen(city, "王芳", "139 0000 0006").files("学校后门垃圾成堆,味道很大。", street="宁边路街道")
    dispatcher = city.person("马强", Role.DISPATCHER)
    for number, unit in ((first, "城管局"), (second, "住建局")):
        dispatcher.at("派单", "待派单").takes(number).does("派单", {"主办单位": unit})
    other = city.person("热依扎", Role.LIAISON, "housing")
    other.at("承办", "待签收").takes(second).does("签收")

    city.later(hours=2)
    dispatcher.opens(second)
    before = (dispatcher.shown(), stands(first), stands(second))
    dispatcher.follow(dispatcher.pane.get_by_role("link", name="并单", exact=True))
    form = dispatcher.page.locator("form.fields")
    dispatcher.fills(form, {"并入的工单编号": first, "原因": "同一处垃圾"}).sends(form)
    dispatcher.page.get_by_text("以下是并单以后的样子").wait_for()
    assert "已并单" in dispatcher.page.get_by_role("heading", name="并掉的工单").locator("..").inner_text()
    assert (
        "住建局"
        in dispatcher.page.get_by_text("不再承办").locator("xpath=following-sibling::dd").inner_text()
    )
    dispatcher.picture("4-preview")
    assert stands(second) == before[2]
    dispatcher.page.get_by_role("button", name=f"并入 {first}").click()
    dispatcher.page.get_by_text(f"{second} 已并入").wait_for()
    assert standing(second) == "merged"
    assert second not in other.at("承办", "办理中").queued()

    city.later(hours=1)
    dispatcher.opens(second).does("撤销并单", {"原因": "不是同一处"})
    dispatcher.picture("4-unmerged")
    assert (stands(first), stands(second)) == before[1:]
    assert dispatcher.opens(second).shown() == before[0]
    assert second in other.at("承办", "办理中").queued()


def stands(number: str) -> list[object]:
    """The order with its handlings and clocks as they stand; not what tells of its history."""
    order = Order.objects.get(number=number)
    history = {"head", "events", "last_at"}
    rows = [
        Order.objects.filter(pk=order.pk),
        Handling.objects.filter(order=order),
        Clock.objects.filter(order=order),
    ]
    return [
        {name: value for name, value in row.items() if name not in history}
        for found in rows
        for row in found.order_by("pk").values()
    ]


def test_letters_are_answered_by_a_unit_or_at_once(city: Town) -> None:
    city.clock("2025-04-24 10:00")
    writer = citizen(city, "木拉提", "139 0000 0007")
    passed_on = writer.files(
        "盼望在我们村口设一个公交站。", path="/mailbox/governor/", kind="建议", topic="社会事务类"
    )
    at_once = writer.files("请问落户要带哪些材料?", path="/mailbox/mayor/", kind="咨询", topic="社会事务类")

    city.later(hours=1)
    dispatcher = city.person("马强", Role.DISPATCHER)
    dispatcher.at("派单", "待派单").takes(passed_on)
    assert "州长信箱" in dispatcher.page.locator(f'.entry[data-number="{passed_on}"]').inner_text()
    dispatcher.does("分类", {"分类": "城乡建设类", "摘要": "村口没有公交站"})
    dispatcher.picture("5-letter")
    dispatcher.does("派单", {"主办单位": "交通"})
    dispatcher.at("派单", "待派单").takes(at_once)
    answer = "请带身份证、户口簿和房产证,到户籍所在地派出所办理。"
    dispatcher.does("直接答复", {"答复内容": answer, "以哪个单位的口径答复": "公安局"})
    assert standing(at_once) == "closed"
    unit = Handling.objects.get(order__number=passed_on).unit
    clerk = city.person("巴特尔", Role.LIAISON, unit)
    clerk.at("承办", "待签收").takes(passed_on).does("签收")
    city.clock("2025-04-25 16:00")
    clerk.does("答复", reply("4 月 25 日"))
    reviewer = city.person("王磊", Role.REVIEWER)
    reviewer.at("审核", "待审核").takes(passed_on).does("审核通过")
    for number in (passed_on, at_once):
        reviewer.opens(number).does("公开答复", {"答复是否公开": "公开"})

    writer.follows(at_once)
    assert writer.page.get_by_role("heading", level=1).inner_text() == "已答复"
    assert answer in writer.reads()
    writer.goes("/answers/")
    articles = writer.page.locator("article").all_inner_texts()
    assert [sum(name in each for each in articles) for name in ("州长信箱", "市长信箱")] == [1, 1]
    assert "村口没有公交站" in articles[0] + articles[1]
    writer.picture("5-answers")


def test_a_call_is_taken_by_keys_alone_over_a_lost_line_and_a_closed_tab(city: Town) -> None:
    city.clock("2025-04-25 10:00")
    operator = city.person("林芳", Role.OPERATOR)
    kept, operator.page = operator.page, city.window("林芳")
    operator.goes("/desk/intake/").page.locator(".call.scripted").wait_for()
    operator.keys("13900000008", "Enter", "哈丽娜", "F3", "公交站的座椅坏了,钉子露在外面。")
    operator.keys("F4", "公用设施", "Enter", "宁边路", "Enter", "2")
    operator.page.get_by_text("草稿已存").wait_for()
    operator.picture("7-call")
    operator.page.context.set_offline(offline=True)
    operator.keys("Control+Enter").page.get_by_text("与服务器的连接断了").wait_for()
    operator.picture("7-lost")
    lost = [each for each in city.faults if "ERR_INTERNET_DISCONNECTED" in each or "htmx:" in each]
    assert lost
    assert lost == city.faults
    operator.page.close()
    operator.page = kept
    operator.page.context.set_offline(offline=False)
    del city.faults[:]

    operator.goes("/desk/intake/").page.locator("#drafts", has_text="公交站的座椅坏了").wait_for()
    for _ in range(40):
        if operator.page.evaluate("document.activeElement.textContent") == "继续填写":
            break
        operator.keys("Shift+Tab")
    operator.keys("Enter", "Control+Enter").page.locator("#spoken").wait_for()
    operator.picture("7-recorded")
    found = Order.objects.get(received_at__gte=at("2025-04-25 09:59"), channel="phone")
    assert (found.topic, found.subtopic, found.street) == (
        "construction",
        "public-facilities",
        "ningbian-road",
    )
    assert operator.page.locator("#drafts").is_hidden()

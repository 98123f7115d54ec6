"""Months of no, one, two and five orders in both cities: every sentence stands here as it is printed."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from hand_figures import APRIL, MakeContext, Numbers, city, halved, told
from hand_ledger import ZONE, at, ledger
from hand_sections import made

from jieban.indicators.compute import compute
from jieban.report.build import build_report
from jieban.report.build.sections.opening import top_units
from jieban.report.document import ChartBlock, Document, Edition, Heading, Note, Paragraph, plain
from jieban.report.ordering import leading
from jieban.report.query import read_details

CUTOFF = datetime(2025, 5, 3, 16, tzinfo=ZONE)


def order(number: int, day: int, hour: int = 10, month: int = 4, **given: Any) -> dict[str, Any]:
    """An order signed an hour after it was sent and closed a day after, all in time."""
    sent = at(day, hour, month)
    return {
        "order_no": str(number),
        "received_at": sent,
        "dispatched_at": sent,
        "signed_at": at(day, hour + 1, month),
        "closed_at": at(day + 1, hour, month),
        "sign_due_at": at(day + 1, hour, month),
        "close_due_at": at(day + 5, hour, month),
        **given,
    }


def handling(number: int, day: int, hour: int = 10, month: int = 4, **given: Any) -> dict[str, Any]:
    """One that keeps its order's times."""
    same = order(number, day, hour, month)
    del same["received_at"]
    return {**same, "handling_no": f"{number}-{given.get('unit', 1)}", **given}


def document(
    name: str, orders: list[dict[str, Any]], handlings: list[dict[str, Any]], letters: Any = None
) -> Document:
    profile = city(name)
    rows = ledger(orders, handlings, letters)
    figures = compute(rows, profile, APRIL, cutoff=CUTOFF)
    return build_report(
        figures,
        profile,
        APRIL,
        edition=Edition.PUBLIC,
        cutoff=CUTOFF,
        issued=CUTOFF,
        details=read_details(rows, figures),
        demo=True,
    ).document


def lines(found: Document, until: str) -> list[str]:
    """Headings, paragraphs and notes up to the heading `until`, which explains rather than tells."""
    said = []
    for block in found.blocks:
        if isinstance(block, Heading):
            if block.id == until:
                return said
            said.append("# " + halved(block.text))
        elif isinstance(block, Paragraph | Note):
            said.append(halved(plain(block.runs)))
    raise AssertionError(until)


def story(found: Document) -> list[str]:
    return lines(found, "definitions")


def none_sent_on() -> Document:
    kept = {"disposition": "answered", "dispatched_at": None, "signed_at": None, "topic": "housing"}
    return document("changji", [order(1, 2, **kept), order(2, 2, **kept)], [])


def one() -> Document:
    where = {"street": "yanan-north-road", "channel": "app"}
    letter = {"letter_no": "L1", "mailbox": "mayor", "received_at": at(3), "closed_at": at(9)}
    return document(
        "changji",
        [order(1, 14, 12, topic="traffic", subtopic="buses", **where), order(2, 3, month=3)],
        [handling(1, 14, 12), handling(2, 3, month=3)],
        [{**letter, "disposition": "transferred", "unit": "police", "topic": "police-traffic"}],
    )


def two() -> Document:
    """One of them to two units, one of these late."""
    return document(
        "changji",
        [
            order(1, 1, 9, topic="traffic", subtopic="buses", street="sangong", channel="phone"),
            order(2, 1, 9, topic="housing", request_type="help", street="sangong", channel="phone"),
            *(order(number, 3, month=3) for number in (3, 4, 5)),
        ],
        [
            handling(1, 1, 9),
            handling(2, 1, 9, unit="housing", role="lead", closed_at=at(9)),
            handling(2, 1, 9, unit="sangong", role="assist"),
            *(handling(number, 3, month=3) for number in (3, 4, 5)),
        ],
    )


def five() -> Document:
    places = ("sands", "sands", "islet", "islet", "willow")
    topics = ("home", "home", "way", "way", "home")
    units = ("city-order", "dwellings", "roads", "safety", "market")
    rows = [
        order(
            number,
            number,
            10,
            topic=topics[number - 1],
            street=places[number - 1],
            channel="line",
            request_type="complain",
            repeat_of="1" if number == 2 else None,
        )
        for number in range(1, 6)
    ]
    lasts = [order(6, 3, month=3, topic="home", request_type="ask", channel="line")]
    return document(
        "yunting",
        rows + lasts,
        [handling(number, number, unit=units[number - 1]) for number in range(1, 6)]
        + [handling(6, 3, month=3, unit="roads")],
    )


def seven_alike() -> Document:
    """As many orders with seven units in seven places, on the same days as the month before."""
    places = ("sands", "islet", "white-islet", "willow", "lotus", "north-ferry", "tea-hill")
    units = ("city-order", "dwellings", "roads", "safety", "market", "labour", "schools")
    orders, handlings = [], []
    for at_once in range(14):
        for month in (3, 4):
            day, number = 1 + at_once // 2, at_once + 100 * month
            rest = {"street": places[at_once % 7], "topic": "way", "channel": "line", "request_type": "ask"}
            orders.append(order(number, day, 10 + at_once % 2, month, **rest))
            handlings.append(handling(number, day, 10 + at_once % 2, month, unit=units[at_once % 7]))
    return document("yunting", orders, handlings)


TEXT_NONE_SENT_ON = """\
# 12345政务服务便民热线
2025年4月1日至4月30日,昌吉州12345政务服务热线中心未向承办单位转派工单。
# 受理渠道
本月热线共受理诉求2件,全部直接答复。
# 工作建议
按设定的条件,本月没有需要专门提出的建议。
"""

TEXT_ONE = """\
# 12345政务服务便民热线
2025年4月1日至4月30日,昌吉州12345政务服务热线中心共转派工单1件。工单按期签收率100%,按期办结率100%,群众满意率100%。工单量与上月持平。承办单位为:公安局1件。
# 诉求分类情况
本月诉求为投诉类,计1件。
# 承办单位工单办理量
本月共有1个单位承办工单,办理量合计1件。承办单位属市直部门。各单位办理量详见附件1。
# 诉求热点
2025年4月1日至4月30日,群众诉求涉及一个方面:
1.交通出行类(1件,占比100%)。涉及公交车相关1件。
# 按期签收、办结和满意情况
承办环节按期签收率100%,按期办结率100%。
本月无超期签收工单。
本月无超期办结工单。
# 派单时间分布
本月的工单在4月14日12时至13时转派。
# 受理渠道
转派工单来自APP渠道。
# 区域分布
工单反映的事项发生在延北街道。
# 签收和办结用时
从派单到签收用时1.0小时;从派单到办结用时24.0小时。
# 办理质量
工单一次办结率100%,重复诉求率0%。
# 信箱诉求办理情况
州长信箱:本月未收到来信。
市长信箱:本月收到来信1件,已办结,转办1件。
各单位收到转办来信的数量和办结情况如下图所示。
来信反映的事项按信箱分述如下:
# 市长信箱
1.公安交通管理类(1件)。
# 工作建议
按设定的条件,本月没有需要专门提出的建议。
"""

TEXT_TWO = """\
# 12345政务服务便民热线
2025年4月1日至4月30日,昌吉州12345政务服务热线中心共转派工单2件。工单按期签收率100%,按期办结率100%,群众满意率100%。工单量较上月减少1件,环比下降33.33%。承办单位为:住房和城乡建设局1件、公安局1件、三工镇1件。
# 诉求分类情况
按诉求性质划分,本月诉求构成如下:投诉1件,占比50.00%;求助1件,占比50.00%。
# 承办单位工单办理量
一件工单由几个单位承办的,在各单位分别计数。本月共有3个单位承办工单,办理量合计3件,平均每件工单由1.50个单位承办。其中:市直部门2件,占比66.67%;乡镇1件,占比33.33%。各单位办理量详见附件1。
# 诉求热点
2025年4月1日至4月30日,群众诉求涉及以下方面,数量相同:
1.住房保障类(1件,占比50.00%)。
2.交通出行类(1件,占比50.00%)。涉及公交车相关1件。
# 按期签收、办结和满意情况
承办环节按期签收率100%,按期办结率66.67%。
本月无超期签收工单。
本月超期办结工单1件,承办单位为住建局。
超期工单明细见附件2。
说明:本报告首段的按期率按工单计,以热线中心对诉求人承诺的时限衡量;此处按承办单位计,以派单时给各单位的时限衡量,后者更严,因此工单全部按期时,仍可能有个别单位超期。
# 派单时间分布
从日期看,转派工单均在4月1日;从时段看,均在9时至10时。
# 受理渠道
转派工单均来自电话渠道。
# 区域分布
工单反映的事项均发生在三工镇。
# 签收和办结用时
从派单到签收,用时的中位数为1.0小时;从派单到办结,用时的中位数为24.0小时。
# 办理质量
工单一次办结率100%,重复诉求率0%。
# 工作建议
# 压实办理时效责任
工单按期办结率虽为100%,承办环节仍有超期办结1件。建议考核时把各单位自身的时限一并纳入,不以工单整体按期代替单位按期。
"""

TEXT_FIVE = """\
# 总体情况
2025年4月1日至4月30日,云汀区热线受理中心共转派工单5件。工单按期签收率100%,按期办结率100%。工单量较上月增加4件,环比上升400.00%。主办单位为:区城市秩序局1件、区住房保障局1件、区道路运输局1件、区公共安全局1件、区市场秩序局1件。
# 大家关心的事
2025年4月1日至4月30日,群众诉求按数量由多到少,集中在以下方面:
1.安居(3件,占比60.0%)。
2.出行(2件,占比40.0%)。
# 各镇情况
按事发地划分,工单分布为白沙镇2件、沙洲镇2件、柳湾镇1件。同一地点、同一类别最集中的是白沙镇的安居工单、沙洲镇的出行工单,各2件。
# 承办情况
一件工单由几个单位承办的,只计主办单位,协办的不计。本月共有5个单位主办工单,办理量合计5件。主办单位均属区级部门。各单位办理量详见附件1。
# 时限与评价
主办环节按期签收率100%,按期办结率100%。
本月无超期签收工单。
本月无超期办结工单。
# 办得快不快
从派单到签收,用时的中位数为1.0小时;从派单到办结,用时的中位数为24.0小时。
# 办得好不好
工单一次办结率100%,重复诉求率20.00%。
# 怎么来的
转派工单均来自热线渠道。
# 诉求类型
本月诉求均为反映问题类,计5件。
# 什么时候来的
从日期看,转派工单分布在5天,每天1件;从时段看,均在10时至11时。
# 几点建议
按设定的条件,本月没有需要专门提出的建议。
"""

TEXT_SEVEN_ALIKE = """\
# 总体情况
2025年4月1日至4月30日,云汀区热线受理中心共转派工单14件。工单按期签收率100%,按期办结率100%。工单量与上月持平。主办单位共7个,各2件。
# 大家关心的事
2025年4月1日至4月30日,群众诉求涉及一个方面:
1.出行(14件,占比100%)。
# 各镇情况
按事发地划分,工单分布在7处,各2件。
# 承办情况
一件工单由几个单位承办的,只计主办单位,协办的不计。本月共有7个单位主办工单,办理量合计14件。主办单位均属区级部门。各单位办理量详见附件1。
# 时限与评价
主办环节按期签收率100%,按期办结率100%。
本月无超期签收工单。
本月无超期办结工单。
# 办得快不快
从派单到签收,用时的中位数为1.0小时;从派单到办结,用时的中位数为24.0小时。
# 办得好不好
工单一次办结率100%,重复诉求率0%。
# 怎么来的
转派工单均来自热线渠道。
# 诉求类型
本月诉求均为咨询类,计14件。
# 什么时候来的
从日期看,转派工单最多的有7天(各2件),有23天没有转派工单;从时段看,10时至11时、11时至12时最为集中(各7件,各占50.0%)。
# 几点建议
按设定的条件,本月没有需要专门提出的建议。
"""


@pytest.mark.parametrize(
    ("made_of", "text"),
    [
        (none_sent_on, TEXT_NONE_SENT_ON),
        (one, TEXT_ONE),
        (two, TEXT_TWO),
        (five, TEXT_FIVE),
        (seven_alike, TEXT_SEVEN_ALIKE),
    ],
)
def test_a_month_of_few_orders_reads_well(made_of: Callable[[], Document], text: str) -> None:
    assert lines(made_of(), "definitions") == text.splitlines()


def test_a_picture_s_words_call_nothing_highest_that_is_not() -> None:
    said = {block.id: halved(block.alt) for block in two().blocks if isinstance(block, ChartBlock)}
    assert said["types"] == "诉求类型构成示意图,其中“投诉”“求助”并列最高。"
    assert said["groups"] == "各类承办单位办理量示意图,其中“市直部门”最高。"
    said = {block.id: halved(block.alt) for block in five().blocks if isinstance(block, ChartBlock)}
    assert said["heat"] == "诉求热点与事发地分布示意图,其中“白沙镇·安居”“沙洲镇·出行”并列最高。"
    assert said["groups"] == "各类承办单位办理量示意图。"
    assert said["days"] == "每日转派工单量示意图。"


@pytest.mark.parametrize(
    ("counts", "top", "named", "equal"),
    [
        ([], 3, 0, 0),
        ([5, 4, 3], 3, 3, 0),
        ([5, 4, 3, 2], 3, 3, 0),
        ([5, 4, 3, 3], 3, 4, 0),
        ([5, 4, 3, 3, 3, 3], 3, 6, 0),
        ([5, 4, 3, 3, 3, 3, 3], 3, 2, 5),
        ([1] * 7, 3, 0, 7),
    ],
)
def test_of_equals_all_are_named_or_none(counts: list[int], top: int, named: int, equal: int) -> None:
    rows = [(str(at), count) for at, count in enumerate(counts)]
    assert leading(rows, top) == (rows[:named], equal)


def test_units_that_are_too_many_to_name_are_counted(numbers: Numbers, make_context: MakeContext) -> None:
    ones = ("police", "finance", "health", "transport", "sangong")
    numbers.parts("handlings.total", "unit", housing=4, **dict.fromkeys(ones, 1))
    ctx = make_context(numbers)
    assert halved(plain(top_units(ctx, 2))) == (
        "承办工单较多的单位依次为:住房和城乡建设局4件,其后有5个单位各1件。"
    )
    numbers.count("handlings.total", 1, unit="housing").count("handlings.total", 0, unit="police")
    assert plain(top_units(make_context(numbers), 2)).endswith("承办单位共5个,各1件。")


def test_places_that_are_too_many_to_name_are_counted(numbers: Numbers, make_context: MakeContext) -> None:
    many = ("sangong", "yushugou", "daxiqu", "jianguo_road", "zhongshan_road")
    numbers.parts("orders.total", "street", liuhuanggou=1, **dict.fromkeys(many, 2))
    said = halved(told(made("places", make_context(numbers), top=2)))
    assert said == "按事发地划分,工单最多的有5处,各2件。"


def test_units_that_changed_alike_are_counted(numbers: Numbers, make_context: MakeContext) -> None:
    for unit in ("police", "finance", "health", "transport", "sangong", "housing"):
        numbers.count("handlings.total", 30, unit=unit)
        numbers.change("handlings.change_year_before", 30, 30, unit=unit)
    said = halved(told(made("unit_changes", make_context(numbers), named=2)))
    assert said == "以办理量不少于20件的单位计,与上年同期相比,持平的有6个单位。"


def test_days_by_name_while_few_and_by_number_when_many(numbers: Numbers, make_context: MakeContext) -> None:
    counts = [5, 5, 3, 1, 2, 2, 2, 2, 1]
    numbers.count("orders.total", sum(counts))
    for day, count in enumerate(counts, start=1):
        numbers.count("orders.total", count, day=f"2025-04-{day:02}")
    assert halved(told(made("rhythm", make_context(numbers)))) == (
        "从日期看,4月1日、4月2日转派工单最多(各5件),4月4日、4月9日最少(各1件)。"
    )
    numbers.count("orders.total", 0, day="2025-04-04")
    assert "4月4日没有转派工单" in told(made("rhythm", make_context(numbers)))


def test_a_ninth_decile_is_told_of_orders_enough(numbers: Numbers, make_context: MakeContext) -> None:
    def said(orders: int) -> str:
        numbers.level("orders.sign_hours_median", "2", orders).level("orders.sign_hours_p90", "9", orders)
        return halved(told(made("durations", make_context(numbers))))

    assert said(1) == "从派单到签收用时2.0小时。"
    assert said(29) == "从派单到签收,用时的中位数为2.0小时。"
    assert said(30) == "从派单到签收,半数工单在2.0小时以内,九成在9.0小时以内。"

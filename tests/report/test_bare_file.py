"""A file with few columns: the report says nothing of what the others would have told."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hand_figures import APRIL, city

from jieban.indicators.compute import Computation, compute
from jieban.indicators.registry import REGISTRY
from jieban.ledger.read import read_ledger
from jieban.ledger.schema import table
from jieban.profile.city import Profile
from jieban.report.build.assemble import Report, build_report
from jieban.report.checks.model import Result
from jieban.report.document import Edition, Figure
from jieban.report.query import read_details

BARE = ("工单编号", "受理时间", "派单时间", "诉求类型", "一级分类", "承办单位")
FULL: dict[str, str] = {
    "签收时间": "signed_at",
    "办结时间": "closed_at",
    "受理方式": "disposition",
    "紧急程度": "urgency",
    "是否有效回访": "called_back",
    "满意度": "satisfaction",
    "是否联系诉求人": "contacted",
    "是否解决": "resolved",
    "重复诉求原单": "repeat_of",
    "重办次数": "reopen_count",
    "不纳入考核": "excluded",
    "是否退单": "returned",
    "延期天数": "extension_days",
    "返工次数": "rework_count",
    "按期办结": "stated_close_on_time",
    "来源渠道": "channel",
    "所属街道乡镇": "street",
}
CLAIMS = (
    *(
        "一次办结",
        "重复诉求",
        "退单",
        "延期",
        "返工",
        "重办工单",
        "满意率",
        "不满意",
        "响应率",
        "解决率",
        "有效回访",
    ),
    *("按期签收", "按期办结", "超期", "在办", "不纳入考核工单", "直接答复", "不予受理", "期限不一致", "用时"),
    *("信箱", "来信", "事发地"),
)
"""Words that the text of a report holds only where it says something of the matter."""


def _cells(profile: Profile, number: int, headings: Sequence[str]) -> list[str]:
    """One order under some headings: dissatisfied, returned, repeated, late … every fifth time."""
    start = datetime(2025, 4, 1 + number % 28, 10, number % 60)  # noqa: DTZ001 - local, as files have it
    units = [unit.name for unit in profile.units.values() if unit.validity.covers(APRIL.last)]
    bad = number % 5 == 0
    said = {
        "工单编号": f"G{number:04}",
        "受理时间": f"{start}",
        "派单时间": f"{start + timedelta(minutes=30)}",
        "诉求类型": next(iter(profile.request_types.values())).name,
        "一级分类": next(iter(profile.order_topics.values())).name,
        "承办单位": units[number % 3],
        "签收时间": f"{start + timedelta(hours=100 if bad else 2)}",
        "办结时间": f"{start + timedelta(days=40 if bad else 2)}",
        "受理方式": "转派",
        "紧急程度": "一般",
        "是否有效回访": "是",
        "满意度": "不满意" if bad else "满意",
        "是否联系诉求人": "是",
        "是否解决": "否" if bad else "是",
        "重复诉求原单": f"G{number - 1:04}" if bad and number else "",
        "重办次数": "1" if bad else "",
        "不纳入考核": "是" if number % 7 == 0 else "",
        "是否退单": "是" if number % 11 == 0 else "",
        "延期天数": "3" if bad else "",
        "返工次数": "1" if bad else "",
        "按期办结": "否" if bad else "是",
        "来源渠道": next(iter(profile.channels.values())).name,
        "所属街道乡镇": next(s for s in profile.streets.values() if s.validity.covers(APRIL.first)).name,
    }
    return [said[heading] for heading in headings]


def made(
    folder: Path, profile: Profile, headings: Sequence[str], *, letters: Sequence[str] = (), orders: int = 60
) -> tuple[Report, Computation]:
    """The internal report of a sheet with these headings."""
    folder.mkdir(exist_ok=True)
    files = {"台账": [headings, *(_cells(profile, number, headings) for number in range(orders))]}
    if letters:
        box = next(iter(profile.mailboxes.values()))
        topic = next(iter(profile.schemes[box.scheme].values())).name
        said = {"来信编号": "X1", "信箱": box.name, "来信时间": "2025-04-02 08:00", "一级分类": topic}
        said |= {"办理方式": "转办", "办结时间": ""}
        files["信箱来信"] = [letters, [said[heading] for heading in letters]]
    paths = []
    for name, rows in files.items():
        paths.append(folder / f"{name}.csv")
        paths[-1].write_text("\n".join(",".join(row) for row in rows), encoding="utf-8-sig")
    cutoff = datetime(2025, 6, 20, tzinfo=profile.clock.tz)
    reading = read_ledger(paths, profile, cutoff=cutoff)
    assert reading.accounting.rejected == 0, reading.faults.counts()
    figures = compute(reading.ledger, profile, APRIL, cutoff=cutoff)
    report = build_report(
        figures,
        profile,
        APRIL,
        edition=Edition.INTERNAL,
        cutoff=cutoff,
        issued=cutoff,
        details=read_details(reading.ledger, figures),
        demo=False,
    )
    return report, figures


def words_of(thing: Any) -> Iterator[str]:
    """Every text in the report, but for the file's own account of rows and the counting rules in general."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, tuple | list):
        for part in thing:
            yield from words_of(part)
    elif hasattr(thing, "__dataclass_fields__"):
        if getattr(thing, "id", "") in {"definitions", "rules"}:
            return
        for name in thing.__dataclass_fields__:
            if name not in {"indicator", "id", "text_of", "cut"}:
                yield from words_of(getattr(thing, name))


def figures_of(thing: Any) -> Iterator[Figure]:
    """Every figure in the report."""
    if isinstance(thing, Figure):
        yield thing
    elif isinstance(thing, tuple | list):
        for part in thing:
            yield from figures_of(part)
    elif hasattr(thing, "__dataclass_fields__"):
        for name in thing.__dataclass_fields__:
            yield from figures_of(getattr(thing, name))


@pytest.mark.parametrize("name", ["changji", "yunting"])
def test_the_barest_file_makes_a_report_of_volumes_alone(tmp_path: Path, name: str) -> None:
    report, figures = made(tmp_path, city(name), BARE)
    assert figures.get("orders.total").value == figures.get("handlings.total").value == 60
    text = "".join(words_of(report.document.blocks))
    assert [claim for claim in CLAIMS if claim in text] == []
    printed = {figure.indicator for figure in figures_of(report.document)}
    cuts = {dimension for figure in figures_of(report.document) for dimension, _ in figure.cut}
    assert cuts <= {"unit", "unit_group", "request_type", "topic", "day", "hour", "weekday", "role"}
    assert printed & REGISTRY.keys() <= {
        *(f"orders.{what}" for what in ("total", "change_previous", "change_year_before")),
        *(f"handlings.{what}" for what in ("total", "per_order", "change_previous", "change_year_before")),
    }
    assert not [check for check in report.checks if check.result is Result.FAILED]
    # Nor is there a rule of counting for what isn't printed.
    whole = repr(report.document)
    for indicator in (
        "orders.first_time_close",
        "handlings.returns",
        "orders.satisfaction",
        "letters.received",
    ):
        assert REGISTRY[indicator].definition.split(";")[0] not in whole
    assert not re.search(r"一次办结率|退单率|延期率", report.draft)


@pytest.mark.parametrize("name", ["changji", "yunting"])
def test_the_fullest_file_tells_of_all_of_it(tmp_path: Path, name: str) -> None:
    report, figures = made(tmp_path, city(name), (*BARE, *FULL))
    text = "".join(words_of(report.document))
    silent = {"信箱", "来信", "直接答复", "不予受理", "在办"}
    assert [claim for claim in CLAIMS if claim not in text and claim not in silent] == []
    # The file's own word on being in time is the order's; where leads alone count, how many units is no question.
    counting = city(name).workflow.co_handling.counting
    assert {name for name in REGISTRY if not figures.has(name)} == {
        "handlings.deadline_disagreements",
        *(declared.id for declared in REGISTRY.values() if declared.table == "letters"),
        *(declared.id for declared in REGISTRY.values() if declared.counting not in {None, counting}),
    }
    assert not [check for check in report.checks if check.result is Result.FAILED]


@pytest.mark.parametrize("lacking", FULL)
@pytest.mark.parametrize("name", ["changji", "yunting"])
def test_one_column_less_takes_away_what_it_told_and_breaks_nothing(
    tmp_path: Path, name: str, lacking: str
) -> None:
    headings = [heading for heading in (*BARE, *FULL) if heading != lacking]
    report, figures = made(tmp_path, city(name), headings)
    for figure in figures_of(report.document):
        assert figure.indicator not in REGISTRY or figures.has(figure.indicator), figure
    assert not [check for check in report.checks if check.result is Result.FAILED]
    column = FULL[lacking]
    if column in {*table("orders").recorded, *table("handlings").recorded} - {"urgency"}:
        gone = {declared.id for declared in REGISTRY.values() if (column,) in declared.needs}
        assert gone.isdisjoint(indicator for indicator, *_ in figures.items())


@pytest.mark.parametrize("name", ["changji", "yunting"])
def test_orders_without_units_say_nothing_of_handlings(tmp_path: Path, name: str) -> None:
    headings = [heading for heading in (*BARE, "满意度", "办结时间") if heading != "承办单位"]
    report, figures = made(tmp_path, city(name), headings)
    assert not [indicator for indicator, *_ in figures.items() if indicator.startswith("handlings.")]
    text = "".join(words_of(report.document.blocks))
    assert "承办单位" not in re.sub("转派的工单没有任何承办单位|全部承办单位", "", text)
    assert "不满意" in text
    assert not [check for check in report.checks if check.result is Result.FAILED]


@pytest.mark.parametrize("closing", [(), ("办结时间",)])
def test_letters_are_said_to_be_closed_or_open_only_where_the_file_says_when(
    tmp_path: Path, closing: tuple[str, ...]
) -> None:
    headings = ("来信编号", "信箱", "来信时间", "一级分类", "办理方式", *closing)
    report, figures = made(tmp_path, city("changji"), BARE, letters=headings)
    assert figures.get("letters.received").value == 1
    assert figures.has("letters.closed") == bool(closing)
    text = "".join(words_of(report.document.blocks))
    assert "收到来信1件" in text
    assert bool(re.search("已办结|在办理|正在办理", text.partition("统计口径")[0])) == bool(closing)

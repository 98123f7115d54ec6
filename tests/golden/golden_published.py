"""The published figures as what a report must say: label, number and unit together, in their place."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from golden_readers import SheetRow

Figures = Mapping[str, Any]

# Two printed figures can't be had from whole numbers of orders (ruling 4); what can be is printed instead.
REPRODUCIBLE = {("公安局", 8.06): "7.99"}


@dataclass(frozen=True)
class Said:
    """A phrase that stands in the running text between two marks (regular expressions; "" for the whole)."""

    begin: str
    end: str
    phrase: str

    def stands_in(self, text: str) -> bool:
        """Whether the text says so."""
        begin = re.search(self.begin, text)
        if begin is None:
            return False
        end = re.compile(self.end).search(text, begin.end()) if self.end else None
        return re.search(self.phrase, text[begin.end() : end.start() if end else len(text)]) is not None


def percent(value: float) -> str:
    """A percentage as it is printed: two decimals, a whole hundred bare."""
    return "100" if value == 100 else f"{abs(value):.2f}"


def _exactly(label: str, number: object, unit: str) -> str:
    return rf"{re.escape(label)}{re.escape(str(number))}{re.escape(unit)}"


def sentences(figures: Figures) -> Iterator[Said]:
    """Every published figure as the running text says it."""
    yield from _opening(figures)
    for entry in figures["request_types"]:
        phrase = _exactly(entry["name"], entry["count"], "件") + f",占比{percent(entry['share_pct'])}%"
        yield Said("诉求分类情况", "承办单位工单办理量", phrase)
    for entry in figures["unit_groups"]:
        yield Said("承办单位工单办理量", "诉求热点", _exactly(entry["name"], entry["handlings"], "件"))
    yield from _topics(figures)
    yield from _late(figures)
    yield from _mailboxes(figures)


def _opening(figures: Figures) -> Iterator[Said]:
    totals, rates = figures["totals"], figures["rates_pct"]
    here = ("", r"诉求分类情况")
    yield Said(*here, _exactly("转派工单", totals["orders"], "件"))
    yield Said(*here, _exactly("按期签收率", percent(rates["on_time_sign"]), "%"))
    yield Said(*here, _exactly("按期办结率", percent(rates["on_time_close"]), "%"))
    yield Said(*here, _exactly("满意率", percent(rates["satisfaction"]), "%"))
    yield Said(*here, _exactly("增加", totals["increase_on_previous_month"], "件"))
    yield Said(*here, _exactly("环比上升", percent(totals["printed_change_pct"]), "%"))
    for unit in figures["top_units"]:
        word = "上升" if unit["yoy_pct"] > 0 else "下降"
        change = REPRODUCIBLE.get((unit["name"], unit["yoy_pct"]), percent(unit["yoy_pct"]))
        phrase = _exactly(unit["name"], unit["count"], "件") + rf"\(同比{word}{change}%\)"
        yield Said(*here, phrase)


def _topics(figures: Figures) -> Iterator[Said]:
    for place, topic in enumerate(figures["topics"], start=1):
        share = percent(topic["share_pct"])
        title = rf"{place}\.{re.escape(topic['name'])}\({topic['count']}件,占比{share}%\)"
        yield Said("诉求热点", "按期签收、办结", title)
        for subtopic in topic["subtopics"]:
            end = rf"{place + 1}\." if place < len(figures["topics"]) else "按期签收、办结"
            yield Said(title, end, rf"(?:涉及|为|、){_exactly(subtopic['name'], subtopic['count'], '件')}")


def _late(figures: Figures) -> Iterator[Said]:
    for key, label, end in (
        ("overdue_sign", "超期签收工单", "超期办结工单"),
        ("overdue_close", "超期办结工单", "不满意工单"),
        ("dissatisfied", "不满意工单", "信箱"),
    ):
        total = _exactly(label, figures[key]["total"], "件")
        yield Said("按期签收、办结", "信箱诉求", total)
        for unit, count in figures[key]["by_unit"].items():
            yield Said(total, end, rf"[:、]{_exactly(unit, count, '件')}")


def _mailboxes(figures: Figures) -> Iterator[Said]:
    boxes = figures["mailboxes"]
    for place, box in enumerate(boxes):
        name = re.escape(box["name"])
        here = (rf"{name}:", "。")
        yield Said(*here, _exactly("来信", box["received"], "件"))
        yield Said(
            *here, "均已办结" if box["closed"] == box["received"] else _exactly("办结", box["closed"], "件")
        )
        if box["transferred"]:
            yield Said(*here, _exactly("转办", box["transferred"], "件"))
        if box["answered_directly"]:
            yield Said(*here, rf"直接答复{box['answered_directly']}件")
        heading = rf"\([一二三四五]\){name}"
        after = (
            rf"\([一二三四五]\){re.escape(boxes[place + 1]['name'])}"
            if place + 1 < len(boxes)
            else "工作建议"
        )
        for topic in box["topics"]:
            title = rf"\d\.{re.escape(topic['name'])}\({topic['count']}件"
            yield Said(heading, after, title)
            for name_of, count in topic["subtopics"].items():
                # One paragraph a topic: it ends where the next number begins.
                yield Said(heading, after, title + rf"[^。]*?\)。[^。]*?{_exactly(name_of, count, '件')}")


@dataclass(frozen=True)
class Tabled:
    """A number that stands in a workbook row with all these labels, under a heading that names its unit."""

    labels: tuple[str, ...]
    heading: str
    number: Decimal
    sheet: str = ""

    def stands_in(self, rows: Sequence[SheetRow]) -> bool:
        """Whether some table says so."""
        return any(
            self.sheet in row.sheet
            and all(label in row.labels() for label in self.labels)
            and row.number(self.heading) == self.number
            for row in rows
        )


def table_cells(figures: Figures, in_full: Callable[[str], str]) -> Iterator[Tabled]:
    """Every published figure as the workbook holds it. `in_full` gives a unit's name as tables print it."""
    yield from _key_cells(figures)
    for entry in figures["request_types"]:
        yield Tabled((entry["name"],), "工单(件)", Decimal(entry["count"]), "诉求类型")
        yield Tabled((entry["name"],), "占比(%)", Decimal(str(entry["share_pct"])), "诉求类型")
    for entry in figures["unit_groups"]:
        yield Tabled((entry["name"],), "办理量(件)", Decimal(entry["handlings"]), "单位类别")
    for topic in figures["topics"]:
        yield Tabled((topic["name"],), "工单(件)", Decimal(topic["count"]), "诉求热点")
        yield Tabled((topic["name"],), "占比(%)", Decimal(str(topic["share_pct"])), "诉求热点")
        for subtopic in topic["subtopics"]:
            yield Tabled((topic["name"], subtopic["name"]), "工单(件)", Decimal(subtopic["count"]))
    yield from _late_cells(figures, in_full)
    yield from _mailbox_cells(figures)


def _key_cells(figures: Figures) -> Iterator[Tabled]:
    totals, rates = figures["totals"], figures["rates_pct"]
    labels = {"工单按期签收率": "on_time_sign", "工单按期办结率": "on_time_close", "满意率": "satisfaction"}
    yield Tabled(("转派工单", "件"), "本月", Decimal(totals["orders"]))
    for label, key in labels.items():
        yield Tabled((label, "%"), "本月", Decimal(str(rates[key])))
    yield Tabled(("转派工单", "件"), "较上月", Decimal(totals["increase_on_previous_month"]))
    yield Tabled(("转派工单", "件"), "环比(%)", Decimal(str(totals["printed_change_pct"])))
    for unit in figures["top_units"]:
        change = REPRODUCIBLE.get((unit["name"], unit["yoy_pct"]), str(unit["yoy_pct"]))
        yield Tabled((unit["name"],), "办理量(件)", Decimal(unit["count"]))
        yield Tabled((unit["name"],), "同比(%)", Decimal(change))


def _late_cells(figures: Figures, in_full: Callable[[str], str]) -> Iterator[Tabled]:
    headings = {"overdue_sign": "超期签收(件)", "overdue_close": "超期办结(件)", "dissatisfied": "不满意(件)"}
    for key, heading in headings.items():
        yield Tabled(("合计",), heading, Decimal(figures[key]["total"]))
        for unit, count in figures[key]["by_unit"].items():
            yield Tabled((in_full(unit),), heading, Decimal(count))


def _mailbox_cells(figures: Figures) -> Iterator[Tabled]:
    headings = {
        "received": "收到来信(件)",
        "closed": "办结(件)",
        "transferred": "转办(件)",
        "answered_directly": "直接答复(件)",
    }
    for box in figures["mailboxes"]:
        for key, heading in headings.items():
            yield Tabled((box["name"],), heading, Decimal(box[key]))
        for topic in box["topics"]:
            for name, count in topic["subtopics"].items():
                yield Tabled((box["name"], topic["name"], name), "来信(件)", Decimal(count))

"""The command line makes the month's report of a real city's real export; its figures are read back out of it."""

import json
import os
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator, Mapping
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pandas as pd
import pypdfium2
import pytest
from boston_recount import A_WEEK_LATER, HERE, MONTH, NOTHING, Cut, Recount, Result
from docx import Document

from jieban.profile.city import Profile

pytestmark = pytest.mark.needs_shared

_NO_FIGURES_OF_THE_LEDGER = {"个", "项", "行"}
"""What counts units, checks and rows instead of what an indicator counts."""


@pytest.fixture(scope="module")
def made(export: Path, mapping: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """The internal report's files by form."""
    out = tmp_path_factory.mktemp("out")
    options = ["--profile", str(HERE / "boston"), "--mapping", str(mapping), "--period", MONTH, "--json"]
    when = ["--as-of", f"{A_WEEK_LATER:%Y-%m-%dT%H:%M:%S}", "--edition", "internal", "--out", str(out)]
    done = subprocess.run(
        [sys.executable, "-m", "jieban", "report", str(export), *options, *when],
        capture_output=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONUTF8": "1"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["rejects"] is None
    assert told["accounting"]["read"] == 31_828
    assert not [check for check in told["checks"] if check["result"] == "failed"]
    return {path.suffix[1:]: path for path in map(Path, told["files"])}


@pytest.fixture(scope="module")
def recounted(requests: pd.DataFrame) -> Recount:
    return Recount(requests, cutoff=A_WEEK_LATER)


def _plain(text: str) -> str:
    """A text without white space (lines break where they like) and without full-width forms."""
    return "".join(unicodedata.normalize("NFKC", text).split())


class _Page(HTMLParser):
    """The page's words, and each figure with what it says of itself."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.figures: list[tuple[dict[str, str], str]] = []
        self._unseen = 0
        self._figure: dict[str, str] | None = None
        self.feed(page)

    @property
    def text(self) -> str:
        return _plain("".join(self.words))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in {"script", "style"}
        if tag == "data":
            self._figure = {name: value or "" for name, value in attrs}

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        self.words.append(data)
        if self._figure is not None:
            self.figures.append((self._figure, data))
            self._figure = None


@pytest.fixture(scope="module")
def page(made: Mapping[str, Path]) -> _Page:
    return _Page(made["html"].read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def sheets(made: Mapping[str, Path]) -> dict[str, list[tuple[object, ...]]]:
    """The workbook's rows by sheet."""
    book = openpyxl.load_workbook(made["xlsx"])
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


@pytest.fixture(scope="module")
def texts(
    made: Mapping[str, Path], page: _Page, sheets: dict[str, list[tuple[object, ...]]]
) -> Mapping[str, str]:
    """Every form's words."""
    document = Document(str(made["docx"]))
    paragraphs = [node.text or "" for node in document.element.body.iter() if node.tag.endswith("}t")]
    pdf = pypdfium2.PdfDocument(made["pdf"])
    pages = [sheet.get_textpage().get_text_bounded() for sheet in pdf]
    pdf.close()
    cells = [str(cell) for rows in sheets.values() for row in rows for cell in row if cell is not None]
    return {
        "docx": _plain("".join(paragraphs)),
        "pdf": _plain("".join(pages)),
        "html": page.text,
        "xlsx": "\n".join(cells),
    }


@pytest.mark.parametrize("form", ["docx", "pdf", "html"])
def test_the_opening_says_what_was_counted(texts: Mapping[str, str], recounted: Recount, form: str) -> None:
    whole = {name: results[()] for (name, when), results in recounted.results.items() if when == "current"}
    total, (more, _, change) = whole["orders.total"][0], whole["orders.change_previous"]
    for words in (
        f"2011年8月1日至8月31日,Mayor's24HourHotline共转派工单{total}件。",
        f"按期办结率{whole['orders.on_time_close'][2]}%。",
        f"另有在办工单{whole['orders.not_due_close'][0]}件,截至统计时尚未到期",
        f"较上月增加{more}件,环比上升{change}%。",
        f"本月超期办结工单{whole['handlings.late_close'][0]}件",
    ):
        assert words in texts[form]


@pytest.mark.parametrize("form", ["docx", "pdf", "html"])
def test_what_the_file_knows_nothing_of_is_not_told(texts: Mapping[str, str], form: str) -> None:
    for words in ("同比上升", "同比下降", "群众满意率", "本月无超期签收工单", "本月无不满意工单"):
        assert words not in texts[form]
    for words in (
        "一次办结",
        "重复诉求",
        "退单率",
        "延期率",
        "重办工单",
        "签收用时",
        "不纳入考核工单",
    ):
        assert words not in texts[form]
    assert re.findall(r"按期签收率\d", texts[form]) == []


@pytest.mark.parametrize("form", ["docx", "pdf", "html", "xlsx"])
def test_the_year_2059_never_shows(texts: Mapping[str, str], form: str) -> None:
    assert re.findall(r"(?<!\d)2059(?!\d)", texts[form]) == []
    assert re.findall(r"2059[-年/.]", texts[form]) == []


def _allowed(recounted: Recount, key: tuple[str, str], cut: Cut) -> set[Decimal]:
    """What may be printed of a result: the value, a difference, its size without the sign, its share of a whole."""
    results = recounted.results[key]
    if cut not in results:
        return {Decimal(0)}
    numbers = [number for number in results[cut][::2] if number is not None]
    found = {Decimal(number) for number in numbers} | {abs(Decimal(number)) for number in numbers}
    if key[0].endswith(".total"):
        wholes = [results[()], *(results[part] for part in (cut[:1], cut[1:]) if part in results)]
        found |= {_share(results[cut], whole) for whole in wholes}
    if key[0].endswith(("late_close", "in_hand")):
        found.add(_share(results[cut], results[()]))
        found.add(_share(results[cut], recounted.results["orders.total", key[1]][()]))
    return found


def _share(part: Result, whole: Result) -> Decimal:
    return (Decimal(100 * part[0]) / whole[0]).quantize(Decimal("0.01"), "ROUND_HALF_UP")


def test_every_figure_on_the_page_is_what_pandas_counts(page: _Page, recounted: Recount) -> None:
    checked: set[tuple[tuple[str, str], Cut]] = set()
    wrong = []
    for told, text in page.figures:
        key = (told["data-indicator"], told["data-window"])
        named = [tuple(part.split("=")) for part in told["data-cut"].split(";") if part]
        cut = tuple((name, value) for name, value in named)
        if key not in recounted.results or not told["value"] or text[-1] in _NO_FIGURES_OF_THE_LEDGER:
            continue
        if cut and cut[0][0] == "handling":
            continue
        checked.add((key, cut))
        if Decimal(told["value"]) not in _allowed(recounted, key, cut):
            wrong.append((key, cut, text))
    assert wrong == []
    assert len(checked) > 300
    assert {key[0] for key, _ in checked} >= {
        "orders.total",
        "orders.on_time_close",
        "orders.not_due_close",
        "orders.change_previous",
        "orders.close_hours_median",
        "orders.close_hours_p90",
        "orders.in_hand",
        "handlings.total",
        "handlings.late_close",
        "handlings.on_time_close",
        "handlings.change_previous",
    }


def _table(sheets: dict[str, list[tuple[object, ...]]], title: str) -> Iterator[dict[object, object]]:
    """The rows of the sheet whose first cell is `title`, below its headings, by heading; without its total."""
    rows = next(rows for name, rows in sheets.items() if rows[0][0] == title and not name.startswith("图"))
    headings = [_plain(str(heading)) for heading in rows[3]]
    for row in rows[4:]:
        if row[0] != "合计" and any(cell is not None for cell in row[1:]):
            yield dict(zip(headings, row, strict=True))


def _number(cell: object) -> Decimal:
    assert isinstance(cell, int | float)
    return Decimal(str(cell))


def test_the_workbook_lists_every_reason(
    sheets: dict[str, list[tuple[object, ...]]], recounted: Recount, profile: Profile
) -> None:
    totals = recounted.results["orders.total", "current"]
    changes = recounted.results["orders.change_previous", "current"]
    codes = {topic.name: code for code, topic in profile.order_topics.items()}
    rows = list(_table(sheets, "诉求热点构成与变化"))
    assert {codes[row["一级分类"]] for row in rows} == {
        cut[0][1] for cut in totals if [name for name, _ in cut] == ["topic"]
    }
    for row in rows:
        cut = (("topic", codes[row["一级分类"]]),)
        assert row["工单(件)"] == totals[cut][0]
        assert _number(row["占比(%)"]) == _share(totals[cut], totals[()])
        if (change := changes[cut][2]) is None:
            assert row["环比(%)"] == "—"
        else:
            assert _number(row["环比(%)"]) == change
        assert row["同比(%)"] == "—"


def test_the_workbook_lists_every_department(
    sheets: dict[str, list[tuple[object, ...]]], recounted: Recount, profile: Profile
) -> None:
    totals = recounted.results["handlings.total", "current"]
    on_time = recounted.results["handlings.on_time_close", "current"]
    names = {unit.name: code for code, unit in profile.units.items()}
    rows = [row for row in _table(sheets, "各单位办理量、按期率和变化") if row["承办单位"] in names]
    assert {names[row["承办单位"]] for row in rows} == set(profile.units)
    for row in rows:
        cut = (("unit", names[row["承办单位"]]),)
        assert row["办理量(件)"] == totals.get(cut, NOTHING)[0]
        rate = on_time.get(cut, NOTHING)[2]
        assert row["按期办结率(%)"] == "—" if rate is None else _number(row["按期办结率(%)"]) == rate
        assert "按期签收率(%)" not in row


def test_the_workbook_lists_every_late_request_once(
    sheets: dict[str, list[tuple[object, ...]]], recounted: Recount
) -> None:
    listed = [row["工单编号"] for row in _table(sheets, "超期办结工单")]
    assert sorted(map(str, listed)) == sorted(recounted.late["order_no"])


def test_days_and_hours_are_bostons(sheets: dict[str, list[tuple[object, ...]]], recounted: Recount) -> None:
    for title, heading, column in (("每日工单量", "日期", "day"), ("各时段工单量", "时段", "hour")):
        counts = recounted.now[column].value_counts().sort_index()
        rows = list(_table(sheets, title))
        assert [row["工单(件)"] for row in rows] == counts.to_list()
        assert [int(re.sub(r"\D", "", str(row[heading]))) for row in rows] == [
            int(key[-2:]) for key in counts.index
        ]

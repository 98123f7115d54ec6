import base64
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jieban.report.document import (
    ChartBlock,
    Document,
    Figure,
    Heading,
    Note,
    Paragraph,
    TableBlock,
    Text,
    plain,
)
from jieban.report.render import render

EMPTY = {"meta", "link", "br", "col", "img", "path", "rect", "circle"}


class Page(HTMLParser):
    """What the page holds: elements with attributes, words by element, scripts."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.data: list[tuple[dict[str, str], str]] = []
        self.paragraphs: list[str] = []
        self.headings: list[tuple[int, str, str]] = []
        self.tables: dict[str, list[list[str]]] = {}
        self.captions: list[str] = []
        self.scripts: list[tuple[dict[str, str], str]] = []
        self.text = ""
        self._open: list[tuple[str, dict[str, str], list[str]]] = []
        self._table = ""
        self.feed(source)
        self.close()
        assert not self._open, [tag for tag, _, _ in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.elements.append((tag, attributes))
        if attributes.get("id", "").startswith("table-"):
            self._table = attributes["id"].removeprefix("table-")
            self.tables[self._table] = []
        if tag == "tr" and self._table:
            self.tables[self._table].append([])
        if tag not in EMPTY:
            self._open.append((tag, attributes, []))

    def handle_endtag(self, tag: str) -> None:
        if tag in EMPTY:
            return
        opened, attributes, parts = self._open.pop()
        assert opened == tag
        words = "".join(parts)
        if self._open and tag != "script":
            self._open[-1][2].append(words)
        match tag:
            case "data":
                self.data.append((attributes, words))
            case "p":
                self.paragraphs.append(words)
            case "h2" | "h3" | "h4":
                self.headings.append((int(tag[1]) - 1, attributes["id"], " ".join(words.split())))
            case "td" | "th" if self._table:
                self.tables[self._table][-1].append(words)
            case "figcaption" | "caption":
                self.captions.append(words)
            case "table":
                self._table = ""
            case "script":
                self.scripts.append((attributes, words))
            case _:
                pass

    def handle_data(self, data: str) -> None:
        if self._open:
            self._open[-1][2].append(data)


@pytest.fixture(scope="module")
def source(rendered: dict[str, Path]) -> str:
    return rendered["html"].read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(source: str) -> Page:
    return Page(source)


def test_every_figure_can_be_traced_to_its_indicator(page: Page, document: Document) -> None:
    wanted = [
        (
            "" if run.value is None else str(run.value),
            run.indicator,
            ";".join(f"{key}={value}" for key, value in run.cut),
            run.window,
            str(run.measure),
            run.text + run.unit,
        )
        for block in document.all_blocks()
        for runs in (
            (block.runs,)
            if isinstance(block, Paragraph | Note)
            else (*block.rows, *block.total_rows)
            if isinstance(block, TableBlock)
            else ()
        )
        for run in runs
        if isinstance(run, Figure)
    ]
    found = [
        (*(a[name] for name in ("value", "data-indicator", "data-cut", "data-window", "data-measure")), words)
        for a, words in page.data
    ]
    assert found == wanted
    assert len(found) > 250


def test_every_paragraph_table_and_caption_is_there(page: Page, document: Document) -> None:
    for block in document.all_blocks():
        match block:
            case Paragraph() | Note():
                assert plain(block.runs) in page.paragraphs
            case TableBlock():
                wanted = [[column.heading for column in block.columns]]
                wanted += [[plain([cell]) for cell in row] for row in (*block.rows, *block.total_rows)]
                assert page.tables[block.id] == wanted
                assert any(block.caption in caption for caption in page.captions)
            case ChartBlock():
                assert any(caption.endswith(f"\u3000{block.caption}") for caption in page.captions)
            case Heading():
                assert (block.level, f"s-{block.id}", block.number + block.text) in page.headings
    for annex in document.annexes:
        assert (1, f"annex-{annex.number}", f"附件{annex.number} {annex.title}") in page.headings


def test_the_counting_rules_of_the_pages_figures_travel_with_it(page: Page) -> None:
    [words] = [words for attributes, words in page.scripts if attributes.get("id") == "definitions"]
    # One that no figure of the report has is left out.
    assert json.loads(words) == {"orders.total": '转派工单：按转派时间计入本期 <口径> "一"'}


def test_the_page_asks_nothing_of_any_server(page: Page, source: str) -> None:
    for tag, attributes in page.elements:
        assert tag not in {"link", "iframe", "img", "object", "embed", "base"}
        for name in ("src", "href", "xlink:href", "action", "srcset", "data"):
            assert attributes.get(name, "#").startswith("#"), (tag, attributes)
    styles = "".join(re.findall(r"<style>(.*?)</style>", source, re.DOTALL))
    assert "url(" not in styles
    assert "@import" not in styles


def test_the_policy_allows_exactly_the_scripts_of_the_page(page: Page) -> None:
    [policy] = [a["content"] for tag, a in page.elements if a.get("http-equiv") == "Content-Security-Policy"]
    assert "default-src 'none'" in policy
    allowed = re.findall(r"'sha256-([^']+)'", policy)
    run = [words for attributes, words in page.scripts if "type" not in attributes]
    digests = [base64.b64encode(hashlib.sha256(words.encode()).digest()).decode() for words in run]
    assert digests == allowed
    assert len(run) == 2
    assert "unsafe-inline" not in policy.split("style-src")[0]


def test_chart_options_travel_as_json(page: Page, document: Document) -> None:
    [words] = [words for attributes, words in page.scripts if attributes.get("id") == "charts"]
    options = json.loads(words)
    charts = [block for block in document.all_blocks() if isinstance(block, ChartBlock)]
    assert list(options) == [chart.id for chart in charts]
    for chart in charts:
        assert options[chart.id]["kind"] == chart.kind
        assert set(options[chart.id]) == {"kind", "light", "dark"}


def test_charts_can_be_seen_without_scripts_and_read_without_seeing(page: Page, document: Document) -> None:
    charts = [block for block in document.all_blocks() if isinstance(block, ChartBlock)]
    stills = [a for tag, a in page.elements if tag == "div" and a.get("class") == "still"]
    assert [a["aria-label"] for a in stills] == [chart.alt for chart in charts]
    assert all(a["role"] == "img" for a in stills)
    assert sum(tag == "svg" for tag, _ in page.elements) == len(charts)
    lives = [a for _, a in page.elements if "data-chart" in a]
    assert all("hidden" in a for a in lives)


def test_ids_are_unique_and_the_contents_lead_to_them(page: Page) -> None:
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = [a["href"].removeprefix("#") for tag, a in page.elements if tag == "a"]
    assert len(links) >= 7
    assert set(links) <= set(ids)


def test_headings_follow_one_another_without_a_gap(page: Page) -> None:
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_tables_are_marked_up_for_those_who_hear_them(page: Page) -> None:
    headings = [a for tag, a in page.elements if tag == "th"]
    assert headings
    assert all(a["scope"] in {"col", "row"} for a in headings)
    tables = sum(tag == "table" for tag, _ in page.elements)
    assert tables == sum(tag == "caption" for tag, _ in page.elements)
    assert tables == sum(a.get("role") == "region" and bool(a.get("aria-label")) for _, a in page.elements)


def test_the_page_names_its_language_title_and_banner(page: Page, document: Document) -> None:
    assert next(a for tag, a in page.elements if tag == "html")["lang"] == "zh-CN"
    assert document.banner in page.paragraphs
    names = {a.get("name"): a.get("content") for tag, a in page.elements if tag == "meta"}
    assert names["author"] == document.author
    assert names["date"] == "2025-05-03T16:09:12+08:00"
    assert "width=device-width" in str(names["viewport"])


def test_nothing_of_the_texts_becomes_markup(page: Page, nasty: tuple[str, ...]) -> None:
    for text in nasty:
        assert text + text in page.paragraphs
    assert {tag for tag, _ in page.elements}.isdisjoint({"b", "label"})
    assert len(page.scripts) == 4


@settings(max_examples=40)
@given(text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30))
def test_any_text_comes_out_as_it_went_in(
    text: str, make: Callable[..., Document], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("any") / "any.html"
    odd = replace(
        make(banner=text, annexes=False),
        title=text,
        author=text,
        blocks=(Heading(1, "一、", text, "one"), Paragraph((Text(text), Text(text, strong=True)))),
    )
    render(odd, "html", path)
    page = Page(path.read_bytes().decode())
    seen = re.sub("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)
    assert any(words == seen + seen for words in page.paragraphs), page.paragraphs
    assert len([tag for tag, _ in page.elements if tag == "script"]) == 3


def test_a_hostile_banner_stays_within_its_style_and_a_hostile_name_within_its_script(
    make: Callable[..., Document], document: Document, tmp_path: Path
) -> None:
    chart = next(block for block in document.all_blocks() if isinstance(block, ChartBlock))
    hostile = '"; } </style><script>alert(1)</script><!--'
    odd = replace(
        make(banner=hostile, annexes=False),
        blocks=(replace(chart, categories=(hostile, *chart.categories[1:])),),
    )
    render(odd, "html", tmp_path / "odd.html")
    page = Page((tmp_path / "odd.html").read_text(encoding="utf-8"))
    assert hostile in page.paragraphs
    assert len(page.scripts) == 4
    [words] = [words for attributes, words in page.scripts if attributes.get("id") == "charts"]
    assert json.loads(words)[chart.id]["light"]["series"][0]["data"][0]["name"] == hostile


def test_the_pages_own_script_is_sound(page: Page) -> None:
    from py_mini_racer import MiniRacer  # noqa: PLC0415 - as the drawing does

    own = page.scripts[-1][1]
    with MiniRacer() as context:
        context.eval(f"new Function({json.dumps(own)})")

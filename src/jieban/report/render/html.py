"""The web page: one file that asks nothing of any server, readable without scripts, live with them.

Every text passes through Jinja's escaping; chart options travel as JSON that can't end its script; a content
security policy allows exactly the scripts that stand in the page, by their hashes.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from math import ceil
from pathlib import Path
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from jieban.kernel.typography import fullwidth
from jieban.report.assets import echarts_js
from jieban.report.charts import measure
from jieban.report.charts.draw import Drawings
from jieban.report.charts.options import chart_option
from jieban.report.charts.palette import DARK, LIGHT, Palette
from jieban.report.document import (
    Align,
    Block,
    ChartBlock,
    Document,
    Figure,
    Heading,
    Note,
    Paragraph,
    Run,
    TableBlock,
    plain,
)
from jieban.report.render import words as said
from jieban.report.render.common import (
    Captions,
    annex_label,
    column_widths,
    printable,
    strengths,
    template,
    write_whole,
)

_TABLE_EMS, _TABLE_PADDING = 50.0, 1.6  # the text's width on a desk, and a cell's blank, as in report.css
_NARROWEST_COLUMN = 9  # ems
_SHORT_HEADING = 4  # ems; a longer one stands on two lines where its column is narrow


def render(document: Document, path: Path, *, charts: Drawings, definitions: Mapping[str, str]) -> None:
    """Write `document` as one HTML file to `path`; a figure whose indicator is in `definitions` shows that."""
    environment = Environment(
        loader=FunctionLoader(template),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        finalize=_printable,
    )
    environment.globals.update(said=said)
    environment.filters.update(
        cut=_cut,
        kind=_kind,
        row_heading=_row_heading,
        printed=measure.printed,
        shares=_shares,
        least_ems=_least_ems,
        strengths=strengths,
    )
    drawn = [block for block in document.all_blocks() if isinstance(block, ChartBlock)]
    scripts = _scripts(bool(drawn))
    page = environment.get_template("report.html").render(
        document=document,
        captions=Captions(document),
        annex_label=annex_label,
        definitions=_json(_told(document, definitions)),
        stills={block_id: Markup(drawing.svg) for block_id, drawing in charts.items()},  # noqa: S704 - ECharts escapes texts in its SVG
        heights={block_id: drawing.height for block_id, drawing in charts.items()},
        contents=_contents(document),
        style=Markup(_style(document)),  # noqa: S704 - our own style sheet; the banner in it is escaped for CSS
        options=_json(_options(drawn)),
        scripts=[Markup(script) for script in scripts],  # noqa: S704 - our own script and ECharts'
        policy=_policy(scripts),
        has_charts=bool(drawn),
    )
    write_whole(path, page.encode())


def _printable(value: object) -> object:
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _kind(block: Block) -> str:
    match block:
        case Heading():
            return "heading"
        case Paragraph():
            return "paragraph"
        case TableBlock():
            return "table"
        case ChartBlock():
            return "chart"
        case Note():
            return "note"


def _cut(figure: Figure) -> str:
    """The figure's cut as `key=value`, several joined by `;`."""
    return ";".join(f"{key}={value}" for key, value in figure.cut)


def _row_heading(table: TableBlock, at: int) -> bool:
    """Whether column `at` names its row: the first one of words."""
    return at == next((i for i, column in enumerate(table.columns) if column.align is Align.LEFT), -1)


def _shares(table: TableBlock) -> list[str]:
    """The columns' widths in percent."""
    widths = column_widths(table, _TABLE_EMS, _TABLE_PADDING)
    return [f"{100 * width / sum(widths):.2f}" for width in widths]


def _least_ems(table: TableBlock, at: int) -> int:
    """How narrow the words of column `at` may become, in ems: their width, but no more than nine; a heading breaks."""
    cells = [plain([row[at]]) for row in (*table.rows, *table.total_rows)]
    heading = measure.ems(table.columns[at].heading)
    longest = max((measure.ems(words) for words in cells), default=0.0)
    if heading > _SHORT_HEADING:
        heading = heading / 2 + 1
    return min(_NARROWEST_COLUMN, ceil(max(heading, longest)))


def _contents(document: Document) -> list[dict[str, Any]]:
    """The table of contents: chapters with their sections, then the annexes."""
    chapters: list[dict[str, Any]] = []
    for block in document.blocks:
        if isinstance(block, Heading):
            entry = {"id": f"s-{block.id}", "text": block.number + block.text, "sections": []}
            if block.level == 1 or not chapters:
                chapters.append(entry)
            elif block.level == 2:  # noqa: PLR2004 - the second level; the third is too fine to list
                chapters[-1]["sections"].append(entry)
    for annex in document.annexes:
        text = f"{annex_label(annex)} {annex.title}"
        chapters.append({"id": f"annex-{annex.number}", "text": text, "sections": []})
    return chapters


def _style(document: Document) -> str:
    tokens = {"light": _tokens(LIGHT), "dark": _tokens(DARK)}
    sheet = template("report.css").replace("/*light*/", tokens["light"]).replace("/*dark*/", tokens["dark"])
    return sheet.replace("/*banner*/", _css_string(document.banner))


def _tokens(palette: Palette) -> str:
    return "".join(
        f"--{name.replace('_', '-')}:{value};"
        for name, value in asdict(palette).items()
        if isinstance(value, str)
    )


def _css_string(text: str) -> str:
    """`text` as a CSS string, every character but letters and digits written by its number."""
    return '"' + "".join(char if char.isalnum() else f"\\{ord(char):06x}" for char in printable(text)) + '"'


def _options(blocks: list[ChartBlock]) -> dict[str, Any]:
    return {
        block.id: {
            "kind": str(block.kind),
            "light": chart_option(block, LIGHT),
            "dark": chart_option(block, DARK),
        }
        for block in blocks
    }


def _told(document: Document, definitions: Mapping[str, str]) -> dict[str, str]:
    """The definitions of the indicators that the document has figures of."""
    used = {
        run.indicator
        for block in document.all_blocks()
        for runs in _runs(block)
        for run in runs
        if isinstance(run, Figure)
    }
    return {name: fullwidth(printable(words)) for name, words in definitions.items() if name in used}


def _runs(block: Block) -> tuple[tuple[Run, ...], ...]:
    match block:
        case Paragraph() | Note():
            return (block.runs,)
        case TableBlock():
            return (*block.rows, *block.total_rows)
        case _:
            return ()


def _json(value: object) -> Markup:
    """JSON for a script element: nothing in it can close the element or open a comment."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return Markup(text)  # noqa: S704 - the replacement above is what makes it safe here


def _scripts(wanted: bool) -> list[str]:
    own = template("report.js")
    if not wanted:
        return [own]
    library = echarts_js().read_text(encoding="utf-8")
    if "</script" in library.lower() or "<!--" in library:
        raise ValueError("this build of ECharts can't stand inside a page")
    return [library, own]


def _policy(scripts: list[str]) -> str:
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in scripts
    )
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )

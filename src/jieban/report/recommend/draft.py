"""The draft of the recommendations: a text that an analyst edits before publication, its figures still bound.

The draft is Markdown: `## ` opens a theme, a paragraph is one recommendation, and a figure stands as a link to its
indicator, `[36件](handlings.late_sign?unit=finance)`. Read back, every link is computed again and must still print
the same; figures typed without a link are the analyst's own, and 校核 counts them.
"""

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, quote, urlencode

from jieban.indicators.model import Window
from jieban.kernel.errors import Exit, JiebanError, Where
from jieban.kernel.i18n import tr
from jieban.report.context import Context
from jieban.report.document import Figure, Measure, Run, Text
from jieban.report.recommend.model import Advice, by_theme
from jieban.report.sentences import tidy

THEME = "## "
_REMARK = "<!--"
LINK = re.compile(r"\[([^\[\]]+)\]\(([^()\s]+)\)")


class BadDraft(JiebanError):
    """An edited draft that can't be taken, with the line at fault."""

    code = "report.bad_draft"
    exit_code = Exit.BAD_FILE


def _target(figure: Figure) -> str:
    query = list(figure.cut)
    if figure.window != Window.CURRENT.value:
        query.append(("@window", figure.window))
    if figure.measure is not Measure.VALUE:
        query.append(("@measure", figure.measure.value))
    tail = f"?{urlencode(query, quote_via=quote, safe='@')}" if query else ""
    return f"{figure.indicator}{tail}"


def _written(run: Run) -> str:
    if isinstance(run, Text):
        return run.text
    return f"[{run.text}{run.unit}]({_target(run)})"


def write_draft(ctx: Context, advice: tuple[Advice, ...]) -> str:
    """The recommendations as an editable text."""
    lines = [
        _REMARK + " " + tr("{period} 工作建议草稿。", period=ctx.period.label),
        tr("“## ”一行为一个方面,空行隔开的每段为一条建议。可以修改、增删、调整次序。"),
        tr("形如 [36件](指标) 的数字由系统核对,请连同括号保留;自己写的数字不作核对。"),
        tr("改好后用 jieban report … --recommendations 本文件 重新生成报告。 -->"),
        "",
    ]
    for theme, entries in by_theme(advice):
        lines += [f"{THEME}{theme}", ""]
        for one in entries:
            lines += ["".join(_written(run) for run in one.runs), ""]
    return "\n".join(lines)


def read_draft(text: str, printable: Iterable[Figure], *, file: str = "") -> tuple[Advice, ...]:
    """The edited recommendations, which may quote the `printable` figures: the rules' own and the document's.

    Raises BadDraft for a figure that is unknown or no longer the same, and for text before the first theme.
    """
    known: dict[str, Figure] = {}
    for figure in printable:
        known.setdefault(_target(figure), figure)
    advice: list[Advice] = []
    theme = ""
    paragraph: list[str] = []
    begun = 0

    def close() -> None:
        if paragraph:
            runs = _runs("".join(paragraph), known, Where(file=file or None, line=begun))
            advice.append(Advice(rule="", theme=theme, runs=runs))
            paragraph.clear()

    for number, line in enumerate(without_remarks(text).split("\n"), start=1):
        stripped = line.strip()
        if stripped.startswith(THEME.strip()):
            close()
            theme = stripped.lstrip("#").strip()
        elif not stripped:
            close()
        elif not theme:
            raise BadDraft(
                tr("建议草稿在第一个方面之前就有文字。"),
                where=Where(file=file or None, line=number),
                fix=tr("请先写一行“## 方面名称”。"),
            )
        else:
            begun = begun if paragraph else number
            paragraph.append(stripped)
    close()
    return tuple(advice)


def without_remarks(text: str) -> str:
    """The draft's text with remarks blanked out, its lines still counted."""
    return re.sub(
        r"<!--.*?-->",
        lambda found: "\n" * found.group().count("\n"),
        text.replace("\r\n", "\n").removeprefix("\ufeff"),
        flags=re.DOTALL,
    )


def _runs(text: str, known: dict[str, Figure], where: Where) -> tuple[Run, ...]:
    runs: list[Run] = []
    at = 0
    for link in LINK.finditer(text):
        runs.append(Text(text[at : link.start()]))
        runs.append(_quoted(link.group(1), link.group(2), known, where))
        at = link.end()
    runs.append(Text(text[at:]))
    return tidy(runs)


def _quoted(shown: str, target: str, known: dict[str, Figure], where: Where) -> Figure:
    figure = known.get(_normal(target))
    if figure is None:
        raise BadDraft(
            tr("建议草稿引用的数字“{shown}”({target})不在本期报告中。", shown=shown, target=target),
            where=where,
            fix=tr("请改用报告中已有的数字,或去掉方括号和圆括号。"),
        )
    now = f"{figure.text}{figure.unit}"
    if now != shown:
        raise BadDraft(
            tr("建议草稿引用的数字“{shown}”现在应为“{now}”。", shown=shown, now=now),
            where=where,
            fix=tr("数据已变:请重新生成草稿,或改正这个数字。"),
        )
    return figure


def _normal(target: str) -> str:
    indicator, mark, query = target.partition("?")
    return f"{indicator}?{urlencode(parse_qsl(query), quote_via=quote, safe='@')}" if mark else indicator

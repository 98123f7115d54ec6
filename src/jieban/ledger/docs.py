"""The page on the ledger, generated: it can't say otherwise than the schema and the faults do."""

from collections.abc import Iterator
from importlib.resources import files

from jieban.kernel.typography import fullwidth
from jieban.ledger.faults import FAULT_KINDS
from jieban.ledger.schema import SCHEMA_VERSION, TABLES, Column, Kind, TableSchema
from jieban.profile.model import Policy

_KINDS = {
    Kind.TEXT: "文字",
    Kind.CODE: "代码",
    Kind.INSTANT: "时刻",
    Kind.FLAG: "是/否",
    Kind.COUNT: "整数",
}
_POLICIES = {Policy.REJECT: "拒收", Policy.FLAG: "接收并标记存疑", Policy.LEAVE_OUT: "按规则不计"}


def ledger_page() -> str:
    """The whole page as Markdown, in Chinese."""
    text = files("jieban.ledger").joinpath("docs.md").read_text(encoding="utf-8")
    filled = (
        text.replace("{{version}}", SCHEMA_VERSION)
        .replace("{{tables}}", "\n".join(line for schema in TABLES for line in _table(schema)))
        .replace("{{faults}}", "\n".join(_faults()))
    )
    # Punctuation in examples is what one must type.
    parts = filled.split("```")
    return "```".join(part if number % 2 else fullwidth(part) for number, part in enumerate(parts))


def _table(schema: TableSchema) -> Iterator[str]:
    yield f"### {schema.heading} `{schema.name}`"
    yield ""
    yield f"{schema.meaning}。主键 `{schema.key}`。"
    yield ""
    yield "| 列 | 标题 | 类型 | 必填 | 缺列须记 | 含义 | 也认得的标题 |"
    yield "|---|---|---|---|---|---|---|"
    for column in schema.columns:
        yield f"| {' | '.join(_cells(column))} |"
    yield ""


def _cells(column: Column) -> Iterator[str]:
    yield f"`{column.name}`"
    yield column.heading
    kind = _KINDS[column.kind]
    if column.domain:
        kind += f"(`{column.domain}`)"
    elif column.verbatim:
        kind += "(原文)"
    yield kind
    yield "是" if column.required else ""
    yield "是" if column.recorded else ""
    meaning = column.meaning + (f",单位:{column.unit}" if column.unit else "")
    yield meaning + ("" if column.default is None else f";缺省 `{_default(column)}`")
    yield "、".join(column.synonyms)


def _default(column: Column) -> str:
    if isinstance(column.default, bool):
        return "是" if column.default else "否"
    return str(column.default)


def _faults() -> Iterator[str]:
    yield "| 代码 | 含义 | 默认处理 |"
    yield "|---|---|---|"
    for kind in FAULT_KINDS:
        yield f"| `{kind.code}` | {kind.meaning} | {_POLICIES[kind.policy]} |"

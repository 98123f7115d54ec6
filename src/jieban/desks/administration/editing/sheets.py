"""Which parts of the templates and rules can be edited on pages: tables of values, and lists of things with a code."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from jieban.desks.administration.editing.fields import Choices, Field, Kind
from jieban.desks.administration.editing.names import WORDS
from jieban.kernel.i18n import tr, tr_later
from jieban.people.city import city
from jieban.people.roles import POST_ROLES, ROLE_NAMES


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """A part of a document: the values of a table, or with `key` a list of tables known by that key.

    A field's key may go deeper ("ask_within.amount"). What is `fixed` has codes of its own that none is added to.
    """

    id: str
    title: str
    document: str
    path: tuple[str, ...]
    fields: tuple[Field, ...]
    key: str = ""
    fixed: bool = False
    lead: str = ""


def sheets() -> Mapping[str, Sheet]:
    """Every sheet by its id, in the order in which the page shows them."""
    return {each.id: each for make in _SHEETS for each in make()}


def _of_replies() -> tuple[Sheet, ...]:
    ground = (
        Field(key="name", label=tr("情形"), required=True),
        Field(key="source", label=tr("规定"), required=True),
        Field(key="needs_attachment", label=tr("须附证明材料"), kind=Kind.FLAG),
    )
    return (
        Sheet(
            id="reply",
            title=tr("答复模板"),
            lead=tr("承办单位答复时逐栏填写。"),
            document="workflow.toml",
            path=("reply",),
            key="code",
            fields=(
                Field(key="name", label=tr("栏目"), required=True),
                Field(key="hint", label=tr("提示"), kind=Kind.LONG, always=True),
                Field(key="required", label=tr("必填"), kind=Kind.FLAG),
                Field(key="min_chars", label=tr("至少字数"), kind=Kind.NUMBER, hint=tr("选择题不填。")),
                Field(
                    key="choices",
                    label=tr("选项"),
                    kind=Kind.PAIRS,
                    hint=tr("每行一个:代码、空格、名称。不填就是填空。"),
                ),
                Field(key="not_for", label=tr("不问"), kind=Kind.MANY, choices=_requesters),
            ),
        ),
        Sheet(
            id="refusals",
            title=tr("不予受理的情形"),
            document="workflow.toml",
            path=("refusal_grounds",),
            key="code",
            fields=ground,
        ),
        Sheet(
            id="unreasonable",
            title=tr("不合理诉求的情形"),
            document="workflow.toml",
            path=("unreasonable_grounds",),
            key="code",
            fields=ground,
        ),
    )


def _of_evidence() -> tuple[Sheet, ...]:
    return (
        Sheet(
            id="demands",
            title=tr("必需的佐证"),
            document="workflow.toml",
            path=("evidence", "demands"),
            key="id",
            fields=(
                Field(key="kinds", label=tr("材料"), kind=Kind.MANY, required=True, choices=_kinds),
                Field(key="when", label=tr("何时要"), kind=Kind.ONE, required=True, choices=_of("when")),
                Field(
                    key="request_types",
                    label=tr("诉求类型"),
                    kind=Kind.MANY,
                    choices=_types,
                    hint=tr("不选则不限。"),
                ),
            ),
        ),
        Sheet(
            id="kinds",
            title=tr("佐证种类"),
            document="workflow.toml",
            path=("evidence", "kinds"),
            key="code",
            fields=(
                Field(key="name", label=tr("名称"), required=True),
                Field(
                    key="media_types",
                    label=tr("格式"),
                    kind=Kind.LINES,
                    required=True,
                    hint=tr("每行一个,如 image/jpeg;按文件内容认定。"),
                ),
                Field(key="max_mib", label=tr("每份不超过(MB)"), kind=Kind.NUMBER, required=True, least=1),
            ),
        ),
        Sheet(
            id="evidence",
            title=tr("佐证的份数"),
            document="workflow.toml",
            path=("evidence",),
            fields=(
                Field(key="per_handling_max", label=tr("每件承办最多份数"), kind=Kind.NUMBER, required=True),
                Field(
                    key="after_close", label=tr("结案后仍可补传"), kind=Kind.MANY, choices=_kinds, always=True
                ),
            ),
        ),
    )


def _of_warnings() -> tuple[Sheet, ...]:
    warning = (
        Field(
            key="hours",
            label=tr("到期前几小时"),
            kind=Kind.NUMBER,
            required=True,
            least=-9999,
            hint=tr("0 为到期时,负数为到期以后。"),
        ),
        Field(key="severity", label=tr("颜色"), kind=Kind.ONE, required=True, choices=_of("severity")),
        Field(key="tells", label=tr("通知"), kind=Kind.MANY, required=True, choices=_roles),
    )
    name = Field(key="name", label=tr("名称"), required=True)
    return (
        Sheet(
            id="warnings",
            title=tr("预警"),
            document="workflow.toml",
            path=("ladder",),
            key="id",
            fields=(
                name,
                Field(key="level", label=tr("对象"), kind=Kind.ONE, required=True, choices=_of("level")),
                Field(key="stage", label=tr("环节"), kind=Kind.ONE, required=True, choices=_of("stage")),
                *warning,
            ),
        ),
        Sheet(
            id="return-warnings",
            title=tr("退单审定的预警"),
            document="workflow.toml",
            path=("returns", "ladder"),
            key="id",
            fields=(name, *warning),
        ),
        Sheet(
            id="escalation",
            title=tr("升级为疑难工单"),
            document="workflow.toml",
            path=("escalation",),
            fields=(
                Field(key="reworks", label=tr("返工几次"), kind=Kind.NUMBER, required=True),
                Field(key="declining_units", label=tr("几个单位退单"), kind=Kind.NUMBER, required=True),
            ),
        ),
    )


def _of_procedure() -> tuple[Sheet, ...]:
    return (
        Sheet(
            id="returns",
            title=tr("退单"),
            document="workflow.toml",
            path=("returns",),
            fields=(
                *_span("ask_within", tr("几时以内提出")),
                *_span("decide_within", tr("几时以内审定")),
                Field(key="max_asks", label=tr("最多提出几次"), kind=Kind.NUMBER, required=True),
            ),
        ),
        Sheet(
            id="callbacks",
            title=tr("回访"),
            document="workflow.toml",
            path=("callbacks",),
            fields=(
                Field(key="needed", label=tr("要回访"), kind=Kind.FLAG),
                Field(key="tries", label=tr("最多拨打几次"), kind=Kind.NUMBER, required=True),
                *_span("again_after", tr("隔多久再拨")),
                Field(key="exempt", label=tr("不回访"), kind=Kind.MANY, choices=_requesters, always=True),
                Field(key="before_close", label=tr("先回访,后结案"), kind=Kind.FLAG),
            ),
        ),
        Sheet(
            id="reopening",
            title=tr("重新办理"),
            document="workflow.toml",
            path=("reopening",),
            fields=(
                Field(key="within_days", label=tr("结案后几天以内"), kind=Kind.NUMBER, required=True),
                Field(key="times", label=tr("最多几次"), kind=Kind.NUMBER, required=True),
            ),
        ),
        Sheet(
            id="repeats",
            title=tr("重复诉求"),
            document="workflow.toml",
            path=("repeats",),
            fields=(
                Field(key="days", label=tr("几天以内"), kind=Kind.NUMBER, required=True),
                Field(key="same_person", label=tr("认同一人"), kind=Kind.FLAG),
                Field(key="same_matter", label=tr("认同一事"), kind=Kind.FLAG),
            ),
        ),
        Sheet(
            id="retention",
            title=tr("保存期限"),
            document="workflow.toml",
            path=("retention",),
            lead=tr("期满即销毁,不可恢复。"),
            fields=(
                Field(key="person_days", label=tr("个人信息保存几天"), kind=Kind.NUMBER, required=True),
                Field(key="evidence_days", label=tr("佐证保存几天"), kind=Kind.NUMBER, required=True),
            ),
        ),
        Sheet(
            id="reviewing",
            title=tr("负责人签字"),
            document="workflow.toml",
            path=("reviewing",),
            fields=(
                Field(
                    key="head_signs",
                    label=tr("须负责人先签字"),
                    kind=Kind.MANY,
                    choices=_of("head_signs"),
                    always=True,
                ),
            ),
        ),
    )


def _of_reports() -> tuple[Sheet, ...]:
    words = (
        Field(key="name", label=tr("用词"), required=True),
        Field(key="aliases", label=tr("台账里的其他写法"), kind=Kind.LINES, hint=tr("每行一个。")),
    )
    named = {
        "satisfaction": tr("满意度的用词"),
        "urgency": tr("紧急程度的用词"),
        "disposition": tr("处理方式的用词"),
    }
    return (
        Sheet(
            id="publication",
            title=tr("报告发布信息"),
            document="publication.toml",
            path=(),
            fields=(
                Field(key="city", label=tr("城市"), required=True, hint=tr("标题里的写法。")),
                Field(key="hotline", label=tr("热线"), required=True),
                Field(key="dispatching_centre", label=tr("派单中心"), required=True),
                Field(key="issuing_unit", label=tr("发文单位"), required=True),
                Field(key="publisher", label=tr("发布机构"), required=True),
                Field(
                    key="index_pattern",
                    label=tr("索引号格式"),
                    required=True,
                    hint=tr("{year} 为年份,{serial} 为流水号。", year="{year}", serial="{serial}"),
                ),
                Field(
                    key="keywords",
                    label=tr("主题词"),
                    kind=Kind.LINES,
                    required=True,
                    hint=tr(
                        "每行一个;{year} 年份,{month} 月份,{days} 统计期天数。",
                        year="{year}",
                        month="{month}",
                        days="{days}",
                    ),
                ),
            ),
        ),
        *(
            Sheet(
                id=f"words-{domain}",
                title=title,
                document="labels.toml",
                path=(domain,),
                key="code",
                fixed=True,
                fields=words,
            )
            for domain, title in named.items()
        ),
    )


_SHEETS: Final[tuple[Callable[[], tuple[Sheet, ...]], ...]] = (
    _of_replies,
    _of_evidence,
    _of_warnings,
    _of_procedure,
    _of_reports,
)


def _span(key: str, label: str) -> tuple[Field, ...]:
    basis = tr("{label}的单位", label=label)
    return (
        Field(key=f"{key}.amount", label=label, kind=Kind.NUMBER, required=True, least=1),
        Field(key=f"{key}.basis", label=basis, kind=Kind.ONE, required=True, choices=_of("basis")),
    )


def _of(name: str) -> Callable[[], Choices]:
    return lambda: [(code, tr_later(word)) for code, word in WORDS[name].items()]


def _requesters() -> Choices:
    return [(code, tr_later(word)) for code, word in WORDS["requester"].items() if code != "named"]


def _kinds() -> Choices:
    return [(each.code, each.name) for each in city().workflow.evidence.kinds]


def _types() -> Choices:
    return [(each.code, each.name) for each in city().request_types.values()]


def _roles() -> Choices:
    return [(role.value, tr_later(ROLE_NAMES[role])) for role in POST_ROLES]

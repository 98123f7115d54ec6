"""Of workflow.toml: what units write, and with what they prove it."""

from jieban.desks.administration.declared.fields import Field, Kind
from jieban.desks.administration.declared.sheet import (
    Sheet,
    evidence_kinds,
    media_types,
    request_types,
    requesters,
    words_of,
)
from jieban.kernel.i18n import tr


def of_replies() -> tuple[Sheet, ...]:
    """The reply's template, and the grounds on which a request is refused or held to be unreasonable."""
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
                Field(key="not_for", label=tr("不问"), kind=Kind.MANY, choices=requesters),
            ),
        ),
        Sheet(
            id="review_points",
            title=tr("审核要点"),
            lead=tr("审核员看答复时逐条对照;查到的用语和号码在页面上指出来,由审核员判断。"),
            document="workflow.toml",
            path=("review_points",),
            key="code",
            fields=(
                Field(key="name", label=tr("要点"), required=True),
                Field(
                    key="words",
                    label=tr("指出的用语"),
                    kind=Kind.LINES,
                    hint=tr("每行一个;不填就由审核员自己看。"),
                ),
                Field(key="finds", label=tr("另外指出"), kind=Kind.ONE, choices=words_of("finds")),
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


def of_evidence() -> tuple[Sheet, ...]:
    """What has to be proved, by what, and how much of it."""
    return (
        Sheet(
            id="demands",
            title=tr("必需的证据"),
            document="workflow.toml",
            path=("evidence", "demands"),
            key="id",
            fields=(
                Field(key="kinds", label=tr("材料"), kind=Kind.MANY, required=True, choices=evidence_kinds),
                Field(key="when", label=tr("何时要"), kind=Kind.ONE, required=True, choices=words_of("when")),
                Field(
                    key="request_types",
                    label=tr("诉求类型"),
                    kind=Kind.MANY,
                    choices=request_types,
                    hint=tr("不选则不限。"),
                ),
            ),
        ),
        Sheet(
            id="kinds",
            title=tr("证据种类"),
            document="workflow.toml",
            path=("evidence", "kinds"),
            key="code",
            fields=(
                Field(key="name", label=tr("名称"), required=True),
                Field(
                    key="media_types",
                    label=tr("格式"),
                    kind=Kind.MANY,
                    required=True,
                    choices=media_types,
                    hint=tr("按文件内容认定,与文件名无关。"),
                ),
                Field(key="max_mib", label=tr("每份不超过(MB)"), kind=Kind.NUMBER, required=True, least=1),
            ),
        ),
        Sheet(
            id="evidence",
            title=tr("证据的份数"),
            document="workflow.toml",
            path=("evidence",),
            fields=(
                Field(key="per_handling_max", label=tr("每件承办最多份数"), kind=Kind.NUMBER, required=True),
                Field(
                    key="after_close",
                    label=tr("结案后仍可补传"),
                    kind=Kind.MANY,
                    choices=evidence_kinds,
                    always=True,
                ),
            ),
        ),
    )

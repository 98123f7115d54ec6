"""Of workflow.toml: the ladder of warnings, and the terms of the procedure."""

from jieban.desks.administration.declared.fields import Field, Kind
from jieban.desks.administration.declared.sheet import (
    Sheet,
    channels,
    order_topics,
    requesters,
    roles,
    span,
    words_of,
)
from jieban.kernel.i18n import tr


def of_warnings() -> tuple[Sheet, ...]:
    """Whom what is told of, and when."""
    warning = (
        Field(
            key="hours",
            label=tr("何时"),
            kind=Kind.NUMBER,
            required=True,
            least=-9999,
            hint=tr("到期前几小时。到期时填 0,到期后 24 小时填 -24。"),
            said_as="before_due",
        ),
        Field(key="severity", label=tr("颜色"), kind=Kind.ONE, required=True, choices=words_of("severity")),
        Field(key="tells", label=tr("通知"), kind=Kind.MANY, required=True, choices=roles),
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
                Field(key="level", label=tr("对象"), kind=Kind.ONE, required=True, choices=words_of("level")),
                Field(key="stage", label=tr("环节"), kind=Kind.ONE, required=True, choices=words_of("stage")),
                *warning,
            ),
        ),
        Sheet(
            id="return-warnings",
            title=tr("退单审批的预警"),
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


def of_procedure() -> tuple[Sheet, ...]:
    """Terms and times of returns, callbacks, reopening, repeats and keeping."""
    return (
        Sheet(
            id="returns",
            title=tr("退单"),
            document="workflow.toml",
            path=("returns",),
            fields=(
                *span("ask_within", tr("多久以内提出")),
                *span("decide_within", tr("多久以内审批")),
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
                *span("again_after", tr("隔多久再拨")),
                Field(key="exempt", label=tr("不回访"), kind=Kind.MANY, choices=requesters, always=True),
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
                Field(key="evidence_days", label=tr("证据保存几天"), kind=Kind.NUMBER, required=True),
                Field(
                    key="withdrawn_days",
                    label=tr("撤下的证据保存几天"),
                    kind=Kind.NUMBER,
                    required=True,
                    hint=tr("自撤下起算。这期间谁也看不到,只供查证;期满删除文件。"),
                ),
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
                    choices=words_of("head_signs"),
                    always=True,
                ),
            ),
        ),
    )


def of_platform() -> tuple[Sheet, ...]:
    """What the platform itself goes by: knowledge, orders of several units, the web, numbers, names."""
    return (
        Sheet(
            id="knowledge",
            title=tr("知识库的期限"),
            document="workflow.toml",
            path=("knowledge",),
            fields=(
                Field(
                    key="confirm_days",
                    label=tr("隔几天核实一次"),
                    kind=Kind.NUMBER,
                    required=True,
                    hint=tr("写的人没有另定日期时。"),
                ),
                Field(key="longest_days", label=tr("最长可定几天"), kind=Kind.NUMBER, required=True),
                Field(key="remind_days", label=tr("提前几天提醒"), kind=Kind.NUMBER, required=True),
            ),
        ),
        Sheet(
            id="co-handling",
            title=tr("几个单位承办的工单"),
            document="workflow.toml",
            path=("co_handling",),
            lead=tr("怎样计,关系到承办件的每一个数字。"),
            fields=(
                Field(
                    key="counting",
                    label=tr("怎样计"),
                    kind=Kind.ONE,
                    required=True,
                    choices=words_of("counting"),
                ),
                Field(
                    key="close_when",
                    label=tr("何时办结"),
                    kind=Kind.ONE,
                    required=True,
                    choices=words_of("close_when"),
                ),
            ),
        ),
        Sheet(
            id="numbering",
            title=tr("工单编号"),
            document="workflow.toml",
            path=(),
            fields=(
                Field(
                    key="numbering",
                    label=tr("编号的样子"),
                    required=True,
                    hint=tr(
                        "{yy} 或 {yyyy} 年,{mm} 月,{dd} 日,{serial} 流水号(3 到 9 位),{check} 校验位,须在末尾。",
                        yy="{yy}",
                        yyyy="{yyyy}",
                        mm="{mm}",
                        dd="{dd}",
                        serial="{serial:4}",
                        check="{check}",
                    ),
                ),
            ),
        ),
        Sheet(
            id="online",
            part="doors/",
            title=tr("网上受理"),
            document="workflow.toml",
            path=("online",),
            lead=tr("三项都不选,就不在网上受理。"),
            fields=(
                Field(
                    key="channel",
                    label=tr("网上提交的算哪个渠道"),
                    kind=Kind.ONE,
                    choices=channels,
                ),
                Field(
                    key="topic",
                    label=tr("看不出归哪类时"),
                    kind=Kind.ONE,
                    choices=order_topics,
                    hint=tr("话务员派单以前会改正。"),
                ),
                Field(
                    key="unoffered",
                    label=tr("不列给市民选的分类"),
                    kind=Kind.MANY,
                    choices=order_topics,
                    hint=tr("由热线认定的,如无效诉求。"),
                ),
            ),
        ),
        Sheet(
            id="titles",
            title=tr("热线和城市的名称"),
            document="profile.toml",
            path=(),
            fields=(
                Field(key="title", label=tr("热线全称"), required=True),
                Field(key="short_title", label=tr("城市简称"), required=True),
            ),
        ),
        Sheet(
            id="committees",
            part="streets/",
            title=tr("社区(村)的叫法"),
            document="profile.toml",
            path=(),
            fields=(
                Field(
                    key="committees",
                    label=tr("平常不说的结尾"),
                    kind=Kind.LINES,
                    always=True,
                    hint=tr("每行一个。写“居委会”,查找和登记时“某社区居委会”也叫“某社区”。"),
                ),
            ),
        ),
        *(
            Sheet(
                id=id_,
                part="units/",
                title=title,
                document="profile.toml",
                path=(key,),
                key="code",
                lead=lead,
                fields=(
                    Field(key="name", label=tr("名称"), required=True),
                    Field(key="aliases", label=tr("其他写法"), kind=Kind.LINES, hint=tr("每行一个。")),
                ),
            )
            for id_, key, title, lead in (
                ("unit-kinds", "unit_kinds", tr("单位种类"), tr("单位和街道乡镇用到的,不能删去。")),
                (
                    "unit-groups",
                    "unit_groups",
                    tr("报告分组"),
                    tr("报告按这里的次序印。单位用到的,不能删去。"),
                ),
            )
        ),
    )

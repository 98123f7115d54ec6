"""What reports say and count: publication.toml, labels.toml, counting.toml, outline.toml and others."""

from jieban.desks.administration.declared.fields import Choices, Field, Kind
from jieban.desks.administration.declared.sheet import Item, Sheet, words_of
from jieban.desks.administration.words.reports import OPTIONS, THRESHOLDS, common_places
from jieban.indicators.registry import REGISTRY
from jieban.kernel.i18n import tr, tr_later
from jieban.ledger.faults import FAULT_KINDS
from jieban.report.build.registry import BUILDERS
from jieban.report.recommend.rules import STRATEGIES

PART = "reports/"
_MOST_PLACES, _DEEPEST = 4, 3


def of_reports() -> tuple[Sheet, ...]:
    """The header of the published report, and what codes are called."""
    words = (
        Field(key="name", label=tr("用词"), required=True),
        Field(key="aliases", label=tr("台账里的其他写法"), kind=Kind.LINES, hint=tr("每行一个。")),
    )
    named = {
        "satisfaction": tr("满意度的用词"),
        "urgency": tr("紧急程度的用词"),
        "disposition": tr("处理方式的用词"),
        "letter_disposition": tr("来信办理方式的用词"),
        "role": tr("主办协办的用词"),
        "flag": tr("是非的用词"),
    }
    return (
        Sheet(
            id="publication",
            part=PART,
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
                part=PART,
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


def of_counting() -> tuple[Sheet, ...]:
    """What figures are of, and what becomes of faulty rows of a ledger."""
    return (
        Sheet(
            id="counting",
            part=PART,
            title=tr("统计口径"),
            document="counting.toml",
            path=(),
            fields=(
                Field(
                    key="satisfaction",
                    label=tr("报告所称满意率"),
                    kind=Kind.ONE,
                    required=True,
                    choices=_satisfactions,
                ),
                Field(
                    key="deadline_precedence",
                    label=tr("台账自带期限时"),
                    kind=Kind.ONE,
                    required=True,
                    choices=words_of("deadline_precedence"),
                    hint=tr("两者不一致的件数见“校核”。"),
                ),
                Field(
                    key="share_places",
                    label=tr("占比的小数位数"),
                    kind=Kind.NUMBER,
                    required=True,
                    most=_MOST_PLACES,
                ),
                Field(
                    key="latest_plausible_days",
                    label=tr("晚于统计截止几天为不可能"),
                    kind=Kind.NUMBER,
                    required=True,
                    hint=tr("如 2059 年。"),
                ),
            ),
        ),
        Sheet(
            id="policies",
            part=PART,
            title=tr("台账的问题行怎样处理"),
            document="policies.toml",
            path=(),
            lead=tr("必填列的问题一律退回,不论这里怎样写。"),
            fields=tuple(
                Field(
                    key=kind.code,
                    label=tr_later(kind.meaning),
                    kind=Kind.ONE,
                    required=True,
                    choices=words_of("policy"),
                )
                for kind in FAULT_KINDS
            ),
        ),
    )


def of_contents() -> tuple[Sheet, ...]:
    """Sections in their order, and rules of the recommendations."""
    return (
        Sheet(
            id="sections",
            part=PART,
            title=tr("报告章节"),
            document="outline.toml",
            path=("sections",),
            key="id",
            more=_options,
            more_called=tr("选项"),
            fields=(
                Field(
                    key="builder", label=tr("内容"), kind=Kind.ONE, required=True, choices=words_of("builder")
                ),
                Field(key="title", label=tr("标题"), always=True),
                Field(
                    key="level",
                    label=tr("标题级别"),
                    kind=Kind.NUMBER,
                    most=_DEEPEST,
                    absent=1,
                    hint=tr("1 为“一、”,2 为“(一)”,0 为没有标题。"),
                ),
                Field(
                    key="editions",
                    label=tr("用于"),
                    kind=Kind.MANY,
                    choices=words_of("editions"),
                    hint=tr("不选则两种都用。"),
                ),
            ),
        ),
        Sheet(
            id="recommendations",
            part=PART,
            title=tr("工作建议的规则"),
            document="recommendations.toml",
            path=("rules",),
            key="id",
            keyed=True,
            more=_thresholds,
            more_called=tr("门槛"),
            lead=tr("符合判断的才写进报告草稿,由人取舍。"),
            fields=(
                Field(
                    key="strategy",
                    label=tr("判断"),
                    kind=Kind.ONE,
                    required=True,
                    choices=words_of("strategy"),
                ),
                Field(key="theme", label=tr("方面"), required=True),
                Field(
                    key="text",
                    label=tr("文字"),
                    kind=Kind.LONG,
                    required=True,
                    hint=tr("花括号是占位,由程序填写;不要自己写数字。")
                    + tr("每一条都可以用:{places}。", places=common_places()),
                ),
                Field(key="enabled", label=tr("启用"), kind=Kind.FLAG, absent=True),
            ),
            first=tuple(
                Field(
                    key=f"thresholds.{name}",
                    label=tr_later(word),
                    kind=Kind.DECIMAL,
                    hint=tr("所选的判断用不着的,不填。"),
                )
                for name, word in THRESHOLDS.items()
            ),
        ),
    )


def _options(section: Item) -> tuple[Field, ...]:
    """A section's options, as its builder has them."""
    builder = BUILDERS.get(str(section.get("builder", "")))
    return tuple(
        _option(name, default) for name, default in ({} if builder is None else builder.options).items()
    )


def _option(name: str, default: object) -> Field:
    kind = {bool: Kind.SWITCH, int: Kind.NUMBER}.get(type(default), Kind.TEXT)
    said = {True: tr("是"), False: tr("否")}[default] if isinstance(default, bool) else str(default)
    hint = tr("不填则为{default}。", default=said)
    return Field(key=f"options.{name}", label=tr_later(OPTIONS[name]), kind=kind, hint=hint)


def _thresholds(rule: Item) -> tuple[Field, ...]:
    """A rule's numbers, as its judgement has them."""
    strategy = STRATEGIES.get(str(rule.get("strategy", "")))
    names = frozenset[str]() if strategy is None else strategy.thresholds
    return tuple(
        Field(key=f"thresholds.{name}", label=tr_later(word), kind=Kind.DECIMAL, required=True)
        for name, word in THRESHOLDS.items()
        if name in names
    )


def _satisfactions() -> Choices:
    return [(word, REGISTRY[name].label) for word, name in REGISTRY["orders.satisfaction"].choices]

"""An indicator's counting rule in words: for the command line, for programs, and as the generated page."""

from collections.abc import Iterator, Mapping

from jieban.indicators.model import Indicator, Kind, Window
from jieban.indicators.registry import REGISTRY, indicator, words
from jieban.kernel.errors import introduced
from jieban.kernel.i18n import later, listed, tr, tr_later
from jieban.kernel.typography import fullwidth
from jieban.ledger.schema import table
from jieban.profile.city import Profile

_THEMES = (
    ("orders", "工单", "一件工单计一次。转派、直接答复、不予受理是不同的量;“转派工单”是月报所称的工单总量。"),
    (
        "handlings",
        "承办",
        "一件工单在一个承办单位手中计一次;由几个单位承办的怎样计,由配置规定。期限也另有一套。",
    ),
    ("letters", "领导信箱来信", "来信在工单和承办之外单独统计。"),
)
_CUTS = {
    "request_type": later("诉求类型"),
    "topic": later("一级分类"),
    "subtopic": later("二级分类"),
    "channel": later("渠道"),
    "street": later("街道乡镇"),
    "urgency": later("紧急程度"),
    "day": later("日"),
    "hour": later("时"),
    "weekday": later("星期"),
    "unit": later("单位"),
    "unit_group": later("单位分组"),
    "role": later("主办协办"),
    "mailbox": later("信箱"),
}
_KINDS = {
    Kind.COUNT: later("计数"),
    Kind.RATE: later("比率"),
    Kind.WEIGHTED_RATE: later("加权比率"),
    Kind.QUANTILE: later("分位数"),
    Kind.CHANGE: later("变化率"),
    Kind.RATIO: later("比值"),
    Kind.CHOSEN: later("由配置选定"),
}
_CHANGES = {Window.PREVIOUS: later("变化率(环比)"), Window.YEAR_BEFORE: later("变化率(同比)")}


def as_dict(declared: Indicator) -> dict[str, object]:
    """A declaration as plain JSON values, without its conditions."""
    return {
        "id": declared.id,
        "label": declared.label,
        "unit": declared.unit,
        "kind": declared.kind.value,
        "table": declared.table,
        "cohort": str(declared.cohort),
        "definition": declared.definition,
        "numerator": declared.numerator,
        "denominator": declared.denominator,
        "cuts": [list(cut) for cut in declared.cuts],
        "places": declared.places,
        "when_empty": declared.when_empty,
        "open_rows": declared.open_rows,
        "needs": [list(group) for group in declared.needs],
        "choices": dict(declared.choices),
        "source": declared.source,
        "version": declared.version,
    }


def explain(indicator_id: str, profile: Profile | None = None) -> str:
    """The counting rule of an indicator in full, a line each; with a profile, of the variant it chooses.

    Raises UnknownIndicator.
    """
    declared = indicator(indicator_id, profile)
    head = tr("{label}(单位:{unit})  {id}", label=declared.label, unit=declared.unit, id=declared.id)
    return "\n".join((head, *(introduced(name, fullwidth(text)) for name, text in _facts(declared).items())))


def _facts(declared: Indicator) -> Mapping[str, str]:
    facts = {
        tr("口径"): declared.definition,
        tr("分子"): declared.numerator if declared.kind is not Kind.COUNT else "",
        tr("分母"): declared.denominator,
        tr("在办未到期"): declared.open_rows,
        tr("缺此列不计算"): _needs(declared),
        tr("可选"): listed(f"{word} = {REGISTRY[of].label}" for word, of in declared.choices),
        tr("种类"): _kind(declared),
        tr("分组"): listed(_cut(cut) for cut in declared.cuts),
        tr("小数位"): str(declared.places),
        tr("无可计算时"): _when_empty(declared),
        tr("来源"): declared.source,
        tr("版本"): str(declared.version),
    }
    return {name: text for name, text in facts.items() if text}


def _kind(declared: Indicator) -> str:
    against = declared.against
    return tr_later(_KINDS[declared.kind] if against is None else _CHANGES[against])


def _cut(cut: tuple[str, ...]) -> str:
    return "×".join(tr_later(_CUTS[dimension]) for dimension in cut) if cut else tr("总数")


def _needs(declared: Indicator) -> str:
    schema = table(declared.table)
    groups = (tr("或").join(schema.column(name).heading for name in group) for group in declared.needs)
    return listed(groups)


def _when_empty(declared: Indicator) -> str:
    if declared.kind is Kind.COUNT:
        return tr("为 0")
    return tr("印作“{text}”", text=declared.when_empty) if declared.when_empty else tr("不写")


def docs_markdown(profile: Profile | None = None) -> str:
    """The page docs/indicators.md: every indicator with its counting rule, and what holds for all.

    With a profile the page says how that one counts.
    """
    return "\n".join(_page(profile)) + "\n"


def _page(profile: Profile | None) -> Iterator[str]:
    yield "# 指标口径"
    yield ""
    yield "本页由 `make docs`(`jieban indicators docs`)从指标登记生成,请勿手改。"
    yield "单个指标见 `jieban indicators explain 编号`。"
    yield ""
    yield from _GENERAL
    yield _co_handled(profile)
    yield ""
    for name, title, said in _THEMES:
        members = [indicator(known, profile) for known, of in REGISTRY.items() if of.table == name]
        yield f"## {title}"
        yield ""
        yield f"{said}台账表:{table(name).heading}(`{name}`)。"
        yield ""
        yield "| 编号 | 指标 | 单位 | 种类 | 分组 |"
        yield "|---|---|---|---|---|"
        for declared in members:
            cuts = "、".join(_cut(cut) for cut in declared.cuts)
            yield f"| `{declared.id}` | {declared.label} | {declared.unit} | {_kind(declared)} | {cuts} |"
        yield ""
        for declared in members:
            yield f"### {declared.label} `{declared.id}`"
            yield ""
            for fact, text in _facts(declared).items():
                if fact not in {tr("种类"), tr("分组")}:
                    yield f"- {fact}:{text}"
            yield ""


def _co_handled(profile: Profile | None) -> str:
    rule = words.CO_HANDLED if profile is None else words.CO_HANDLED_AS[profile.workflow.co_handling.counting]
    return (
        f"- {rule}。\n"
        "  不计的承办不进任何承办指标(办理量、按期、超期、用时、退单、延期、返工、在办及其变化),台账中的行不变。\n"
        "  工单各指标不受影响:主办单位签收即为签收,全部承办(含协办)办结即为办结。"
    )


_GENERAL = (
    "## 通则",
    "",
    "- 统计时段是配置所定时区的整日,起日零时(含)至止日次日零时(不含)。月、周(ISO 8601)、季、年和任意起止日均可。",
    "- 数据截止时刻:快照所记的,或另行指定的,否则为台账中最晚的受理、派单、签收、办结、来信、回访时刻,",
    "  晚于统计期末 `latest_plausible_days` 天(配置)以上的(如误录的 2059 年)不取。截止之后的签收、办结视为尚未发生。",
    "- 环比与上一时段比,同比与上年同一时段比;称谓由所比的时段决定,不由人写。对比时段没有数据时不计算,文中不写。",
    "- 比率的分子必在分母之中:计算时取“分母条件且分子条件”。",
    "- 百分数和用时只在最后四舍五入一次(逢五进一),之前一律用整数或精确小数。",
    "- 用时按自然时长,从派单到签收或办结;分位数在相邻两个整秒值之间线性内插。",
    "- 期限:按规则算出的与来源文件自带的并存,以何者为准由配置 `deadline_precedence` 规定;两者结论不同的件数另列。",
    "- 不纳入考核的工单计入数量,不计入各种考核比率和用时。",
    "- 更名、合并的单位、街道、分类,按统计时段末日承接的计,对比时段亦然。",
    "- 编码列为空的归入空项,各分组之和等于总数。",
    "- 来源没有的列什么也没说,不当作“否”或 0。本期有任何一行的来源缺少某指标所需的列(见各指标“缺此列不计算”),",
    "  该指标就不计算,报告不写;只就有此列的一部分计算,会被读作全部。有转派工单而没有任何承办的,承办各指标不计算;",
    "  本期和两个对比期都没有来信的,来信各指标不计算。",
    "- 没有“不纳入考核”一列的,工单都按纳入考核计;没有“是否退单”一列的,承办都计入办理量。",
)

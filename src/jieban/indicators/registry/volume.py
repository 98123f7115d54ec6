"""Volume of orders: what came in, what was dispatched, how that changed, what is still in hand."""

from jieban.indicators.model import Cohort, Condition, Indicator, Kind, Window
from jieban.indicators.registry import needs, words
from jieban.indicators.registry.conditions import assessed, dispatched, disputed, taken

_TAKEN = "受理时间在统计时段内的诉求"
_CHANGES = (
    ("previous", Window.PREVIOUS, "环比", "上一时段(上月、上周、上季、上年;起止日时段为之前等长的时段)"),
    ("year_before", Window.YEAR_BEFORE, "同比", "上年同一时段(周为上年同序号的周;2月29日对应2月28日)"),
)


def changes(of: str, label: str, table: str, cuts: tuple[tuple[str, ...], ...]) -> tuple[Indicator, ...]:
    """The two changes of a count: on the period before (环比) and on the same period a year earlier (同比)."""
    return tuple(
        Indicator(
            id=f"{table}.change_{suffix}",
            label=f"{label}{word}",
            unit="%",
            kind=Kind.CHANGE,
            table=table,
            cohort="",
            definition=words.sentence(
                f"(本期{label}-对比期{label})÷对比期{label}",
                f"对比期为{window_words}",
                "两期按同一口径计数",
                words.CARRIED_ON if any("unit" in cut for cut in cuts) else "",
                "对比期没有数据或对比期为 0 时不计算,文中不写变化",
            ),
            numerator=f"本期{label}减对比期{label}",
            denominator=f"对比期{label}",
            of=of,
            against=window,
            cuts=cuts,
            places=2,
            when_empty="",
            source=words.SEED,
        )
        for suffix, window, word, window_words in _CHANGES
    )


def _received(suffix: str, label: str, counted: str, condition: Condition) -> Indicator:
    return Indicator(
        id=f"orders.{suffix}",
        label=label,
        unit="件",
        kind=Kind.COUNT,
        table="orders",
        cohort=Cohort.RECEIVED,
        definition=words.sentence(
            f"{_TAKEN}中{counted}", words.EXCLUDED_IN, words.ANY_STATE, words.LETTERS_APART
        ),
        counts=condition,
        numerator=f"{_TAKEN}中{counted}",
        needs=needs.column("disposition"),
        version=2,
        source=words.PUBLISHED,
    )


RECEIVED = (
    _received("received", "受理诉求", "转派、直接答复、不予受理的件数,并单、拆单的原单不计", taken),
    _received("answered", "直接答复", "直接答复的件数", lambda row: row.answered),
    _received("refused", "不予受理", "不予受理的件数", lambda row: row.refused),
    _received("merged", "并单", "并入其他工单的原单件数(各以并入的工单计)", lambda row: row.merged),
    _received("split", "拆单", "拆为多件的原单件数(各以拆出的工单计)", lambda row: row.split),
)

TOTAL = Indicator(
    id="orders.total",
    label="转派工单",
    unit="件",
    kind=Kind.COUNT,
    table="orders",
    cohort=Cohort.DISPATCHED,
    definition=words.sentence(
        f"{words.ORDERS_OF_PERIOD}件数,直接答复和不予受理的不计",
        words.ORDERS_ONCE,
        words.EXCLUDED_IN,
        words.ANY_STATE,
        words.LETTERS_APART,
        "日、时、星期按派单时间的当地时间;缺少分类、渠道、街道的归入空项,各项之和等于总数",
    ),
    counts=dispatched,
    numerator=f"{words.ORDERS_OF_PERIOD}件数",
    cuts=(
        (),
        ("request_type",),
        ("topic",),
        ("topic", "subtopic"),
        ("channel",),
        ("street",),
        ("topic", "street"),
        ("day",),
        ("hour",),
        ("weekday",),
        ("urgency",),
    ),
    source=words.SEED,
)

EXCLUDED = Indicator(
    id="orders.excluded",
    label="不纳入考核工单",
    unit="件",
    kind=Kind.COUNT,
    table="orders",
    cohort=Cohort.DISPATCHED,
    definition=words.sentence(
        f"{words.ORDERS_OF_PERIOD}中经认定不纳入考核的件数", words.ORDERS_ONCE, words.ANY_STATE
    ),
    counts=lambda row: row.dispatched & row.excluded,
    numerator=f"{words.ORDERS_OF_PERIOD}中不纳入考核的件数",
    needs=needs.column("excluded"),
    version=2,
    source=words.ASSESSMENT_SHEET,
)

IN_HAND = Indicator(
    id="orders.in_hand",
    label="期末在办工单",
    unit="件",
    kind=Kind.COUNT,
    table="orders",
    cohort=Cohort.OPEN_AT_END,
    definition=words.sentence(
        "统计时段结束时已转派而尚未办结的工单件数,不论何时派单",
        words.ORDERS_ONCE,
        words.EXCLUDED_IN,
        words.AS_KNOWN,
    ),
    counts=dispatched,
    numerator="期末已转派尚未办结的工单件数",
    needs=needs.done("close"),
    version=2,
    source=words.PUBLISHED,
)

REOPENED = Indicator(
    id="orders.reopened",
    label="重办工单",
    unit="件",
    kind=Kind.COUNT,
    table="orders",
    cohort=Cohort.DISPATCHED,
    definition=words.sentence(
        f"{words.ORDERS_OF_PERIOD}中办结后重新办理过的件数,重办几次都计一件",
        words.EXCLUDED_IN,
        "重办次数以台账导出时所记为准",
    ),
    counts=lambda row: row.dispatched & row.reopened,
    numerator=f"{words.ORDERS_OF_PERIOD}中重办过的件数",
    needs=needs.column("reopen_count"),
    version=2,
    source=words.PUBLISHED,
)

REPEAT = Indicator(
    id="orders.repeat",
    label="重复诉求",
    unit="件",
    kind=Kind.COUNT,
    table="orders",
    cohort=Cohort.DISPATCHED,
    definition=words.sentence(
        f"{words.ORDERS_OF_PERIOD}中登记为重复诉求(注明前一工单)的件数,首次诉求不计",
        words.ORDERS_ONCE,
        words.EXCLUDED_IN,
        words.ANY_STATE,
    ),
    counts=lambda row: row.dispatched & row.repeated,
    numerator=f"{words.ORDERS_OF_PERIOD}中的重复诉求件数",
    needs=needs.column("repeat_of"),
    version=2,
    source=words.PUBLISHED,
)

REPEAT_RATE = Indicator(
    id="orders.repeat_rate",
    label="重复诉求率",
    unit="%",
    kind=Kind.RATE,
    table="orders",
    cohort=Cohort.DISPATCHED,
    definition=words.sentence(
        f"{words.ORDERS_OF_PERIOD}中重复诉求所占比例",
        words.ORDERS_ONCE,
        words.EXCLUDED_IN,
        words.ANY_STATE,
    ),
    counts=lambda row: row.repeated,
    among=dispatched,
    numerator="重复诉求件数",
    denominator="转派工单件数",
    needs=needs.column("repeat_of"),
    version=2,
    places=2,
    source=words.PUBLISHED,
)

DISAGREEMENTS = Indicator(
    id="orders.deadline_disagreements",
    label="工单期限不一致",
    unit="件",
    kind=Kind.COUNT,
    table="orders",
    cohort=Cohort.DISPATCHED,
    definition=words.sentence(
        f"{words.ORDERS_OF_PERIOD}中,按算出的期限与按来源文件自带的期限或按期标记,签收或办结是否按期的结论不同的件数",
        "任一方尚无结论(未到期且未完成)的不计",
        words.EXCLUDED_OUT,
        words.AS_KNOWN,
    ),
    counts=disputed(assessed),
    numerator="两种期限结论不同的工单件数",
    needs=needs.STATED,
    version=2,
    source="校核用:自带期限与算出期限并存,采用哪一种由配置规定",
)

VOLUME = (
    *RECEIVED,
    TOTAL,
    *changes("orders.total", "转派工单", "orders", ((), ("topic",))),
    EXCLUDED,
    IN_HAND,
    REOPENED,
    REPEAT,
    REPEAT_RATE,
    DISAGREEMENTS,
)

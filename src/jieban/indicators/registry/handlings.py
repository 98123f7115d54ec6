"""Handlings: each order once for every unit that had it in hand."""

from jieban.indicators.model import Cohort, Condition, Indicator, Kind, Needs
from jieban.indicators.registry import needs, words
from jieban.indicators.registry.conditions import disputed, handled, handled_assessed, sent
from jieban.indicators.registry.volume import TOTAL as ORDERS_TOTAL
from jieban.indicators.registry.volume import changes
from jieban.profile.workflow import Counting

_BY_UNIT = ((), ("unit",))
_RETURNED_IN = "获准退单的计入,并单、拆单原单的承办不计"


def _count(suffix: str, label: str, counts: Condition, needed: Needs, *clauses: str) -> Indicator:
    return Indicator(
        id=f"handlings.{suffix}",
        label=label,
        unit="件",
        kind=Kind.COUNT,
        table="handlings",
        cohort=Cohort.DISPATCHED,
        definition=words.sentence(
            *clauses, words.CO_HANDLED, words.HANDLING_EXCLUDED_IN, words.ANY_STATE, words.CARRIED_ON
        ),
        counts=counts,
        numerator=clauses[0],
        needs=needed,
        version=3,
        cuts=_BY_UNIT,
        source=words.PUBLISHED,
    )


def _rate(
    suffix: str,
    label: str,
    counts: Condition,
    among: Condition,
    needed: Needs,
    *,
    of: str,
    to: str,
    once: str,
) -> Indicator:
    return Indicator(
        id=f"handlings.{suffix}",
        label=label,
        unit="%",
        kind=Kind.RATE,
        table="handlings",
        cohort=Cohort.DISPATCHED,
        definition=words.sentence(
            f"{of}÷{to}",
            words.CO_HANDLED,
            once,
            words.HANDLING_EXCLUDED_IN,
            words.ANY_STATE,
            words.CARRIED_ON,
        ),
        counts=counts,
        among=among,
        numerator=of,
        denominator=to,
        needs=needed,
        version=3,
        cuts=_BY_UNIT,
        places=2,
        source=words.PUBLISHED,
    )


TOTAL = Indicator(
    id="handlings.total",
    label="承办量",
    unit="件",
    kind=Kind.COUNT,
    table="handlings",
    cohort=Cohort.DISPATCHED,
    definition=words.sentence(
        f"{words.HANDLINGS_OF_PERIOD}件数",
        words.CO_HANDLED,
        words.HANDLINGS_ONCE,
        words.HANDLING_EXCLUDED_IN,
        words.ANY_STATE,
        "单位分组按配置的统计分组",
        words.CARRIED_ON,
        words.LETTERS_APART,
    ),
    counts=handled,
    numerator=f"{words.HANDLINGS_OF_PERIOD}件数",
    version=3,
    cuts=((), ("unit",), ("unit_group",), ("role",)),
    source=words.SEED,
)

PER_ORDER = Indicator(
    id="handlings.per_order",
    label="每件工单的承办单位数",
    unit="个",
    kind=Kind.RATIO,
    table="handlings",
    cohort="",
    definition=words.sentence(
        "承办量÷转派工单件数,即平均一件工单由几个单位承办",
        "两数各按自己的派单时间计入统计时段",
        words.HANDLINGS_ONCE,
        "配置为只计主办单位的,看不出由几个单位承办,不计算",
    ),
    numerator=TOTAL.label,
    denominator=ORDERS_TOTAL.label,
    of=TOTAL.id,
    per=ORDERS_TOTAL.id,
    counting=Counting.EACH_UNIT,
    version=3,
    places=2,
    source=words.SEED,
)

IN_HAND = Indicator(
    id="handlings.in_hand",
    label="期末在办承办",
    unit="件",
    kind=Kind.COUNT,
    table="handlings",
    cohort=Cohort.OPEN_AT_END,
    definition=words.sentence(
        "统计时段结束时已派给单位而该单位尚未办结的承办件数,不论何时派单",
        words.CO_HANDLED,
        words.HANDLINGS_ONCE,
        words.HANDLING_EXCLUDED_IN,
        words.AS_KNOWN,
        words.CARRIED_ON,
    ),
    counts=handled,
    numerator="期末尚未办结的承办件数",
    needs=needs.done("close"),
    version=3,
    cuts=_BY_UNIT,
    source=words.PUBLISHED,
)

DISAGREEMENTS = Indicator(
    id="handlings.deadline_disagreements",
    label="承办期限不一致",
    unit="件",
    kind=Kind.COUNT,
    table="handlings",
    cohort=Cohort.DISPATCHED,
    definition=words.sentence(
        f"{words.HANDLINGS_OF_PERIOD}中,按算出的期限与按来源文件自带的期限或按期标记,签收或办结是否按期的结论不同的件数",
        "任一方尚无结论(未到期且未完成)的不计",
        words.CO_HANDLED,
        words.HANDLINGS_ONCE,
        words.HANDLING_EXCLUDED_OUT,
        words.AS_KNOWN,
    ),
    counts=disputed(handled_assessed),
    numerator="两种期限结论不同的承办件数",
    needs=needs.STATED,
    version=3,
    source="校核用:自带期限与算出期限并存,采用哪一种由配置规定",
)

HANDLINGS = (
    TOTAL,
    *changes(TOTAL.id, TOTAL.label, "handlings", ((), ("unit",), ("unit_group",))),
    PER_ORDER,
    _count(
        "returns",
        "退单",
        lambda row: sent(row) & row.returned,
        needs.column("returned"),
        f"{words.HANDLINGS_OF_PERIOD}中由该单位退回并获准的件数",
        "只申请而未获准的不计,并单、拆单原单的承办不计",
    ),
    _rate(
        "return_rate",
        "退单率",
        lambda row: row.returned,
        sent,
        needs.column("returned"),
        of="获准退单的件数",
        to=f"{words.HANDLINGS_OF_PERIOD}件数(含获准退单的)",
        once=_RETURNED_IN,
    ),
    _count(
        "extensions",
        "延期",
        lambda row: handled(row) & row.extended,
        needs.column("extension_days"),
        f"{words.HANDLINGS_OF_PERIOD}中获准延期的件数,延期几次都计一件",
        words.HANDLINGS_ONCE,
    ),
    _rate(
        "extension_rate",
        "延期率",
        lambda row: row.extended,
        handled,
        needs.column("extension_days"),
        of="获准延期的件数",
        to=f"{words.HANDLINGS_OF_PERIOD}件数",
        once=words.HANDLINGS_ONCE,
    ),
    _count(
        "rework",
        "返工",
        lambda row: handled(row) & row.reworked,
        needs.column("rework_count"),
        f"{words.HANDLINGS_OF_PERIOD}中审核或回访后退回重办过的件数,返工几次都计一件",
        words.HANDLINGS_ONCE,
    ),
    IN_HAND,
    DISAGREEMENTS,
)

"""What citizens say: satisfaction in its published variants, response, resolution, first-time close."""

from decimal import Decimal
from typing import Any

from jieban.indicators.model import Cohort, Condition, Indicator, Kind
from jieban.indicators.registry import needs, words
from jieban.indicators.registry.conditions import assessed, called_back, done

_COMMON = (words.ORDERS_ONCE, words.EXCLUDED_OUT)
_RATED = "评价取计入考核的那次回访,以台账导出时所记为准"
_RATING = needs.column("called_back", "satisfaction")
_CALLED_BACK = f"{words.ORDERS_OF_PERIOD}中有效回访(接通并取得评价)的件数"


def _rate(
    suffix: str, label: str, *, counts: Condition, among: Condition, text: tuple[str, ...], **more: Any
) -> Indicator:
    return Indicator(
        id=f"orders.{suffix}",
        label=label,
        unit="%",
        kind=more.pop("kind", Kind.RATE),
        table="orders",
        cohort=Cohort.DISPATCHED,
        definition=words.sentence(*text, *_COMMON),
        counts=counts,
        among=among,
        places=2,
        version=more.pop("version", 2),
        **more,
    )


def _weighted(suffix: str, weight: str, source: str) -> Indicator:
    return _rate(
        f"satisfaction_weighted_{suffix}",
        f"满意率(基本满意按{weight}计)",
        kind=Kind.WEIGHTED_RATE,
        counts=lambda row: row.satisfied,
        part=lambda row: row.basically_satisfied,
        weight=Decimal(weight),
        among=called_back,
        needs=_RATING,
        text=(
            f"(非常满意、满意件数+{weight}×基本满意件数)÷{_CALLED_BACK}",
            "回访后未作评价的计入分母",
            _RATED,
            "未回访的不计,不论是否办结",
        ),
        numerator=f"非常满意、满意件数加{weight}×基本满意件数",
        denominator="有效回访件数",
        open_rows="未回访的不计,不论是否办结",
        source=source,
    )


ALL = _rate(
    "satisfaction_all",
    "满意率(未表示不满意)",
    counts=lambda row: ~row.dissatisfied,
    among=assessed,
    needs=needs.column("satisfaction"),
    text=(
        f"({words.ORDERS_OF_PERIOD}件数-不满意件数)÷{words.ORDERS_OF_PERIOD}件数",
        "未回访、未评价和尚未办结的按未表示不满意计入",
        _RATED,
    ),
    numerator="未评为不满意的工单件数",
    denominator="纳入考核的转派工单件数",
    open_rows="尚未办结的按未表示不满意计入",
    source=f"{words.SEED},(4567-2)/4567=99.96%",
)

BY_CALLBACK = _rate(
    "satisfaction_called_back",
    "满意率(回访)",
    counts=lambda row: row.satisfied,
    among=called_back,
    needs=_RATING,
    text=(
        f"评价为非常满意、满意的件数÷{_CALLED_BACK}",
        "基本满意不算满意,回访后未作评价的计入分母",
        _RATED,
        "未回访的不计,不论是否办结",
    ),
    numerator="非常满意、满意的件数",
    denominator="有效回访件数",
    open_rows="未回访的不计,不论是否办结",
    source=words.PUBLISHED,
)

WEIGHTED_06 = _weighted("06", "0.6", words.CALLBACK_NOTICE)
WEIGHTED_09 = _weighted("09", "0.9", words.THREE_RATES)

CHOSEN = Indicator(
    id="orders.satisfaction",
    label="满意率",
    unit="%",
    kind=Kind.CHOSEN,
    table="orders",
    cohort=Cohort.DISPATCHED,
    definition="采用配置 counting.satisfaction 所选的一种满意率口径。",
    places=2,
    choices=(
        ("all", ALL.id),
        ("called_back", BY_CALLBACK.id),
        ("weighted_06", WEIGHTED_06.id),
        ("weighted_09", WEIGHTED_09.id),
    ),
    source="满意率的权重、分母各地不同,由配置声明",
)

DISSATISFIED = Indicator(
    id="orders.dissatisfied",
    label="不满意工单",
    unit="件",
    kind=Kind.COUNT,
    table="orders",
    cohort=Cohort.DISPATCHED,
    definition=words.sentence(
        f"{words.ORDERS_OF_PERIOD}中评价为不满意的件数",
        _RATED,
        "分单位时计入主办单位(获准退单的除外),没有主办单位的归入空项",
        *_COMMON,
        words.CARRIED_ON,
    ),
    counts=lambda row: assessed(row) & row.dissatisfied,
    by_lead=lambda row: row.leads_dissatisfied,
    numerator="评价为不满意的件数",
    needs=needs.column("satisfaction"),
    version=2,
    cuts=((), ("unit",)),
    open_rows="尚未办结而已有不满意评价的计入",
    source=words.SEED,
)

CALLED_BACK = Indicator(
    id="orders.called_back",
    label="有效回访",
    unit="件",
    kind=Kind.COUNT,
    table="orders",
    cohort=Cohort.DISPATCHED,
    definition=words.sentence(_CALLED_BACK, "一件工单回访几次都计一件", _RATED, *_COMMON),
    counts=called_back,
    numerator=_CALLED_BACK,
    needs=needs.column("called_back"),
    version=2,
    source=words.PUBLISHED,
)

RESPONSE = _rate(
    "response",
    "响应率",
    counts=lambda row: row.contacted,
    among=lambda row: called_back(row) & row.contacted_known,
    text=(f"其中承办单位办理中联系了诉求人的件数÷{_CALLED_BACK}", "未记是否联系的不计"),
    numerator="联系了诉求人的件数",
    denominator="有效回访并记有是否联系的件数",
    needs=needs.column("called_back"),
    version=3,
    open_rows="未回访的不计,不论是否办结",
    source=words.THREE_RATES,
)

RESOLUTION = _rate(
    "resolution",
    "解决率",
    counts=lambda row: row.resolved,
    among=lambda row: called_back(row) & row.resolved_known,
    text=(f"其中诉求人认为已解决的件数÷{_CALLED_BACK}", "未记是否解决的不计"),
    numerator="诉求人认为已解决的件数",
    denominator="有效回访并记有是否解决的件数",
    needs=needs.column("called_back"),
    version=3,
    open_rows="未回访的不计,不论是否办结",
    source=words.THREE_RATES,
)

FIRST_TIME_CLOSE = _rate(
    "first_time_close",
    "一次办结率",
    counts=lambda row: ~row.reopened,
    among=done(assessed, "close"),
    text=(
        f"其中办结后未曾重办的件数÷{words.ORDERS_OF_PERIOD}中已办结的件数",
        "尚未办结的不计",
        words.AS_KNOWN,
    ),
    numerator="办结后未曾重办的件数",
    denominator="已办结件数",
    needs=needs.column("closed_at", "reopen_count"),
    open_rows="尚未办结的不计",
    source=words.ASSESSMENT_SHEET,
)

SATISFACTION = (
    CHOSEN,
    ALL,
    BY_CALLBACK,
    WEIGHTED_06,
    WEIGHTED_09,
    DISSATISFIED,
    CALLED_BACK,
    RESPONSE,
    RESOLUTION,
    FIRST_TIME_CLOSE,
)

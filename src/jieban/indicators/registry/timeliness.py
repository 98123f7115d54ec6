"""On time and late, at both levels: the order's deadlines and each handling's own (they run side by side)."""

from dataclasses import dataclass

from jieban.indicators.model import Cohort, Condition, Indicator, Kind
from jieban.indicators.registry import needs, words
from jieban.indicators.registry.conditions import (
    assessed,
    done,
    handled_assessed,
    judged,
    kept,
    late,
    pending,
    seconds,
    without_due,
)
from jieban.indicators.registry.quantiles import QUANTILES

_WHOLE: tuple[tuple[str, ...], ...] = ((),)
_BY_UNIT: tuple[tuple[str, ...], ...] = ((), ("unit",))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Level:
    table: str
    prefix: str
    noun: str
    rows: str
    base: Condition
    cuts: tuple[tuple[str, ...], ...]
    left_out: tuple[str, ...]
    done_words: tuple[str, str]
    version: int


_LEVELS = (
    _Level(
        table="orders",
        prefix="工单",
        noun="工单",
        rows=words.ORDERS_OF_PERIOD,
        base=assessed,
        cuts=_WHOLE,
        left_out=(words.ORDERS_ONCE, words.EXCLUDED_OUT),
        done_words=("主办单位签收即为签收", "全部承办办结即为办结"),
        version=2,
    ),
    _Level(
        table="handlings",
        prefix="承办",
        noun="承办",
        rows=words.HANDLINGS_OF_PERIOD,
        base=handled_assessed,
        cuts=_BY_UNIT,
        left_out=(words.CO_HANDLED, words.HANDLINGS_ONCE, words.HANDLING_EXCLUDED_OUT, words.CARRIED_ON),
        done_words=("", ""),
        version=3,
    ),
)


def _of_stage(level: _Level, stage: str) -> tuple[Indicator, ...]:
    word = words.STAGES[stage]
    done_word = level.done_words[0 if stage == "sign" else 1]
    among = f"{level.rows}中已{word},或截止时已到{word}期限的件数"
    common = (done_word, *level.left_out, words.DUE, words.AS_KNOWN)
    count = {
        "kind": Kind.COUNT,
        "unit": "件",
        "table": level.table,
        "cohort": Cohort.DISPATCHED,
        "needs": needs.found(stage),
        "version": level.version,
    }
    return (
        Indicator(
            id=f"{level.table}.on_time_{stage}",
            label=f"{level.prefix}按期{word}率",
            unit="%",
            kind=Kind.RATE,
            table=level.table,
            cohort=Cohort.DISPATCHED,
            definition=words.sentence(
                f"按期{word}件数÷{among}", f"{word}时刻不晚于期限为按期", words.open_rows(stage), *common
            ),
            counts=kept(stage),
            among=judged(level.base, stage),
            numerator=f"其中按期{word}的件数",
            denominator=among,
            needs=needs.found(stage),
            version=level.version,
            cuts=level.cuts,
            places=2,
            open_rows=words.open_rows(stage),
            source=words.SEED,
        ),
        Indicator(
            id=f"{level.table}.late_{stage}",
            label=f"超期{word}{level.noun}",
            definition=words.sentence(
                f"{level.rows}中晚于期限{word},或截止时已到期仍未{word}的件数", *common
            ),
            counts=late(level.base, stage),
            numerator=f"超期{word}的件数",
            cuts=level.cuts,
            open_rows=words.open_rows(stage),
            source=words.SEED,
            **count,  # type: ignore[arg-type]  # the same for every count here
        ),
        Indicator(
            id=f"{level.table}.not_due_{stage}",
            label=f"未到期未{word}{level.noun}",
            definition=words.sentence(
                f"{level.rows}中截止时未{word}且未到{word}期限的件数,即按期{word}率分母之外的在办部分",
                *common,
            ),
            counts=pending(level.base, stage),
            numerator=f"未到期且未{word}的件数",
            cuts=level.cuts,
            open_rows=words.open_rows(stage),
            source="按期率的补充:说明未计入分母的件数",
            **count,  # type: ignore[arg-type]  # as above
        ),
        Indicator(
            id=f"{level.table}.without_due_{stage}",
            label=f"无{word}期限{level.noun}",
            definition=words.sentence(
                f"{level.rows}中既无算出的{word}期限、也无来源文件自带期限或按期标记的件数,不计入按期{word}率",
                *level.left_out,
            ),
            counts=without_due(level.base, stage),
            numerator=f"无{word}期限的件数",
            cuts=level.cuts,
            source="按期率的补充:说明无从判断的件数",
            **count,  # type: ignore[arg-type]  # as above
        ),
        *(
            Indicator(
                id=f"{level.table}.{stage}_hours_{suffix}",
                label=f"{level.noun}{word}用时{name}",
                unit="小时",
                kind=Kind.QUANTILE,
                table=level.table,
                cohort=Cohort.DISPATCHED,
                definition=words.sentence(
                    f"{level.rows}中已{word}的,从派单到{word}的自然时长(不扣节假日)的{name}",
                    "按整秒取值,相邻两数之间线性内插,折合小时后取一位小数",
                    f"尚未{word}的不计",
                    *level.left_out,
                    words.AS_KNOWN,
                ),
                counts=seconds(stage),
                among=done(level.base, stage),
                numerator=f"从派单到{word}的时长{name}",
                denominator=f"已{word}的件数",
                quantile=quantile,
                needs=needs.done(stage),
                version=level.version,
                cuts=level.cuts,
                places=1,
                open_rows=f"尚未{word}的不计",
                source=words.PUBLISHED,
            )
            for suffix, name, quantile in QUANTILES
        ),
    )


TIMELINESS = tuple(
    indicator for level in _LEVELS for stage in words.STAGES for indicator in _of_stage(level, stage)
)

"""Letters to leaders' mailboxes, which lie outside orders and handlings (ruling 2)."""

from typing import Any

from jieban.indicators.model import Cohort, Condition, Indicator, Kind, Needs
from jieban.indicators.registry import needs, words

_BY_MAILBOX = ((), ("mailbox",))


_ONCE = "并单、拆单的原信不计,各以并入、拆出的来信计"


def _every(row: Any) -> Any:
    return row.received & row.counted


def _letters(
    suffix: str,
    label: str,
    counts: Condition,
    cuts: tuple[tuple[str, ...], ...],
    *clauses: str,
    needed: Needs = (),
    version: int = 2,
    source: str = words.SEED,
) -> Indicator:
    return Indicator(
        id=f"letters.{suffix}",
        label=label,
        unit="件",
        kind=Kind.COUNT,
        table="letters",
        cohort=Cohort.RECEIVED,
        definition=words.sentence(*clauses, words.LETTERS_APART),
        counts=counts,
        numerator=clauses[0],
        needs=needed,
        version=version,
        cuts=cuts,
        source=source,
    )


LETTERS = (
    _letters(
        "received",
        "收到来信",
        _every,
        (*_BY_MAILBOX, ("mailbox", "topic"), ("mailbox", "topic", "subtopic"), ("unit",)),
        f"{words.LETTERS_OF_PERIOD}件数",
        "等于转办、直接办结答复、不予受理、尚待转办的合计",
        _ONCE,
        "类别按各信箱自己的分类",
        "是否办结不影响计数",
        words.CARRIED_ON,
        version=3,
    ),
    _letters(
        "closed",
        "已办结来信",
        lambda row: row.closed,
        (*_BY_MAILBOX, ("unit",)),
        f"{words.LETTERS_OF_PERIOD}中已办结的件数",
        "数据截至数据截止时刻,其后的办结视为尚未发生",
        "直接办结答复的即为办结,转办而尚未办结的、不予受理的、尚待转办的不计",
        _ONCE,
        words.CARRIED_ON,
        needed=needs.done("close"),
        version=3,
    ),
    _letters(
        "transferred",
        "转办来信",
        lambda row: row.transferred,
        _BY_MAILBOX,
        f"{words.LETTERS_OF_PERIOD}中转办的件数",
        "是否办结不影响计数",
    ),
    _letters(
        "answered",
        "直接办结答复来信",
        lambda row: row.answered,
        _BY_MAILBOX,
        f"{words.LETTERS_OF_PERIOD}中直接办结答复的件数",
        "是否办结不影响计数",
    ),
    _letters(
        "refused",
        "不予受理来信",
        lambda row: row.refused,
        _BY_MAILBOX,
        f"{words.LETTERS_OF_PERIOD}中不予受理的件数",
        version=1,
        source=words.PUBLISHED,
    ),
    _letters(
        "pending",
        "尚待转办来信",
        lambda row: row.pending,
        _BY_MAILBOX,
        f"{words.LETTERS_OF_PERIOD}中尚未转办、直接答复,也没有决定不予受理的件数",
        "以台账导出时所记为准",
        version=1,
        source=words.PUBLISHED,
    ),
)

"""Letters to leaders' mailboxes, which lie outside orders and handlings (ruling 2)."""

from typing import Any

from jieban.indicators.model import Cohort, Condition, Indicator, Kind, Needs
from jieban.indicators.registry import needs, words

_BY_MAILBOX = ((), ("mailbox",))


def _every(row: Any) -> Any:
    return row.received


def _letters(
    suffix: str,
    label: str,
    counts: Condition,
    cuts: tuple[tuple[str, ...], ...],
    *clauses: str,
    needed: Needs = (),
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
        version=2,
        cuts=cuts,
        source=words.SEED,
    )


LETTERS = (
    _letters(
        "received",
        "收到来信",
        _every,
        (*_BY_MAILBOX, ("mailbox", "topic"), ("mailbox", "topic", "subtopic"), ("unit",)),
        f"{words.LETTERS_OF_PERIOD}件数",
        "类别按各信箱自己的分类",
        "是否办结不影响计数",
        words.CARRIED_ON,
    ),
    _letters(
        "closed",
        "已办结来信",
        lambda row: row.closed,
        (*_BY_MAILBOX, ("unit",)),
        f"{words.LETTERS_OF_PERIOD}中已办结的件数",
        "数据截至数据截止时刻,其后的办结视为尚未发生",
        "直接办结答复的即为办结,转办而尚未办结的不计",
        words.CARRIED_ON,
        needed=needs.done("close"),
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
)

"""The account of an import: every row of the ledger was imported, was there already, or was refused with a reason."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from jieban.kernel.errors import introduced
from jieban.kernel.i18n import Later, later, tr, tr_later

MOST_NAMED = 1000
"""Refused rows that are kept by name; all are counted."""


class Why(StrEnum):
    """Why a row can't be put into the live database."""

    NUMBER_TOO_LONG = "number_too_long"
    NUMBER_TWICE = "number_twice"
    NUMBER_TAKEN = "number_taken"
    UNKNOWN_CODE = "unknown_code"
    UNKNOWN_RULE = "unknown_rule"
    UNIT_TWICE = "unit_twice"
    TWO_LEADS = "two_leads"
    NOT_YET = "not_yet"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    NO_ORDER = "no_order"
    WITH_ORDER = "with_order"


WHY_NAMES: Mapping[Why, Later] = {
    Why.NUMBER_TOO_LONG: later("编号为空或超过 64 个字符"),
    Why.NUMBER_TWICE: later("编号在台账中出现两次"),
    Why.NUMBER_TAKEN: later("编号已被平台上另一件工单使用"),
    Why.UNKNOWN_CODE: later("代码不在本市配置中"),
    Why.UNKNOWN_RULE: later("时限规则不在本市配置中"),
    Why.UNIT_TWICE: later("同一单位承办两次"),
    Why.TWO_LEADS: later("有两个主办单位"),
    Why.NOT_YET: later("受理时间晚于现在"),
    Why.TOO_LONG: later("社区名称超过 100 个字符"),
    Why.TOO_MANY: later("次数或天数为负或过大"),
    Why.NO_ORDER: later("所属工单不在台账中"),
    Why.WITH_ORDER: later("所属工单未能导入"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """A row that was left out: its table, what names it, why, and the value that can't be."""

    table: str
    key: str
    why: Why
    value: str | None = None

    def __str__(self) -> str:
        said = introduced(self.key, tr_later(WHY_NAMES[self.why]))
        return tr("{said}(写的是“{value}”)", said=said, value=self.value) if self.value else said

    def as_dict(self) -> dict[str, object]:
        """For `--json`."""
        return {"table": self.table, "key": self.key, "why": self.why.value, "value": self.value}


@dataclass(kw_only=True, slots=True)
class Counts:
    """What became of a table's rows: `read` is the sum of the others."""

    read: int = 0
    imported: int = 0
    there: int = 0
    refused: int = 0

    @property
    def settled(self) -> bool:
        """Whether every row is accounted for."""
        return self.read == self.imported + self.there + self.refused


@dataclass(kw_only=True, slots=True)
class Imported:
    """The account of an import. `refused` names the first rows; `reasons` counts all."""

    source: str
    tables: dict[str, Counts]
    refused: list[Refused] = field(default_factory=list)
    reasons: Counter[Why] = field(default_factory=Counter)

    def refuse(self, table: str, rows: Iterable[Refused]) -> None:
        """Count rows as refused, and name them while they are few enough."""
        for row in rows:
            self.tables[table].refused += 1
            self.reasons[row.why] += 1
            if len(self.refused) < MOST_NAMED:
                self.refused.append(row)

    @property
    def whole(self) -> bool:
        """Whether nothing was refused."""
        return not self.reasons

    def as_dict(self) -> dict[str, object]:
        """For `--json`."""
        return {
            "source": self.source,
            "tables": {
                name: {
                    "read": each.read,
                    "imported": each.imported,
                    "there": each.there,
                    "refused": each.refused,
                }
                for name, each in self.tables.items()
            },
            "reasons": {why.value: n for why, n in sorted(self.reasons.items())},
            "refused": [each.as_dict() for each in self.refused],
        }

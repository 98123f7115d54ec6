"""What an audit finds, each with a name."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from jieban.kernel.errors import introduced
from jieban.kernel.i18n import Later, later, tr, tr_later

MOST_NAMED = 1000
"""Findings that are kept with their names; those beyond are counted, so that memory stays what it is."""


class Kind(StrEnum):
    """What can be wrong."""

    EVENT_CHANGED = "event_changed"
    EVENT_MISSING = "event_missing"
    EVENT_INSERTED = "event_inserted"
    EVENT_STRAY = "event_stray"
    TAIL_CUT = "tail_cut"
    HEAD_WRONG = "head_wrong"
    ORDER_DELETED = "order_deleted"
    ORDERS_FEWER = "orders_fewer"
    RECOMPUTED = "recomputed"
    ROW_CHANGED = "row_changed"
    ROW_MISSING = "row_missing"
    ROW_INSERTED = "row_inserted"
    SEALED_CHANGED = "sealed_changed"
    WORDS_CHANGED = "words_changed"
    KEY_MISSING = "key_missing"
    TRIGGER_MISSING = "trigger_missing"
    ANCHOR_CHANGED = "anchor_changed"
    ANCHOR_MISSING = "anchor_missing"
    ANCHOR_OUT_OF_CHAIN = "anchor_out_of_chain"


KIND_NAMES: Mapping[Kind, Later] = {
    Kind.EVENT_CHANGED: later("事件内容被改动"),
    Kind.EVENT_MISSING: later("事件缺失"),
    Kind.EVENT_INSERTED: later("事件被插入或调换"),
    Kind.EVENT_STRAY: later("事件不属于任何工单"),
    Kind.TAIL_CUT: later("末尾事件被截去"),
    Kind.HEAD_WRONG: later("工单链头与末尾事件不符"),
    Kind.ORDER_DELETED: later("工单被删除"),
    Kind.ORDERS_FEWER: later("工单总数比锚定时少"),
    Kind.RECOMPUTED: later("整链被重算,与锚定不符"),
    Kind.ROW_CHANGED: later("数据与事件不符"),
    Kind.ROW_MISSING: later("事件所载的记录不见了"),
    Kind.ROW_INSERTED: later("记录没有对应的事件"),
    Kind.SEALED_CHANGED: later("加密内容被改动、调换或销毁"),
    Kind.WORDS_CHANGED: later("文字内容被改动、调换或销毁"),
    Kind.KEY_MISSING: later("缺少核验所需的密钥"),
    Kind.TRIGGER_MISSING: later("防改触发器不见了"),
    Kind.ANCHOR_CHANGED: later("锚定文件被改动"),
    Kind.ANCHOR_MISSING: later("锚定文件缺失"),
    Kind.ANCHOR_OUT_OF_CHAIN: later("锚定文件前后不相接"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing that is wrong: `order` is a number, `seq` an event's, `what` a row and column, a file, a version."""

    kind: Kind
    order: str | None = None
    seq: int | None = None
    what: str | None = None

    def __str__(self) -> str:
        place = [tr("工单 {number}", number=self.order)] if self.order else []
        if self.seq is not None:
            place.append(tr("第 {n} 个事件", n=self.seq))
        if self.what:
            place.append(self.what)
        name = tr_later(KIND_NAMES[self.kind])
        return introduced(" ".join(place), name) if place else name

    def as_dict(self) -> dict[str, object]:
        """For `--json`."""
        return {"kind": self.kind.value, "order": self.order, "seq": self.seq, "what": self.what}


@dataclass(frozen=True, kw_only=True, slots=True)
class Findings:
    """An audit's outcome: what was walked, what is wrong, and up to which day anchors vouch for it.

    `found` holds the first `MOST_NAMED`; `counts` counts all.
    """

    orders: int
    events: int
    anchors: int
    last_anchor: date | None
    found: tuple[Finding, ...]
    counts: Mapping[Kind, int]

    @property
    def clean(self) -> bool:
        """Whether nothing is wrong."""
        return not self.counts

    def as_dict(self) -> dict[str, object]:
        """For `--json`."""
        return {
            "clean": self.clean,
            "orders": self.orders,
            "events": self.events,
            "anchors": self.anchors,
            "last_anchor": self.last_anchor.isoformat() if self.last_anchor else None,
            "counts": {kind.value: n for kind, n in sorted(self.counts.items())},
            "found": [each.as_dict() for each in self.found],
        }


@dataclass(kw_only=True, slots=True)
class Collector:
    """Findings as they come, each once as long as they are few enough to be remembered."""

    found: dict[Finding, None] = field(default_factory=dict)
    counts: Counter[Kind] = field(default_factory=Counter)

    def take(self, findings: Iterable[Finding]) -> None:
        """Keep or count."""
        for each in findings:
            if each in self.found:
                continue
            self.counts[each.kind] += 1
            if len(self.found) < MOST_NAMED:
                self.found[each] = None

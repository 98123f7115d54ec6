"""Which orders run late, long, back and forth, or end badly: exactly as many, at those units, as the figures say."""

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from jieban.demo.assign import Draft
from jieban.demo.targets import BadDemo, MonthTarget
from jieban.kernel.i18n import tr


class FateKind(Enum):
    """What is out of the ordinary about an order."""

    LATE_SIGN = auto()
    LATE_CLOSE = auto()
    EXTENDED = auto()
    REWORKED = auto()
    RETURNED = auto()
    DISSATISFIED = auto()


_LONG = {FateKind.LATE_SIGN, FateKind.LATE_CLOSE, FateKind.EXTENDED}


@dataclass(frozen=True, kw_only=True, slots=True)
class Fate:
    """What happens to an order at one of its units. An order meets one fate at most."""

    kind: FateKind
    unit: str

    @property
    def runs_long(self) -> bool:
        """Whether the order must begin early in the month to be closed when the report is made."""
        return self.kind in _LONG


def choose_fates(
    drafts: Sequence[Draft],
    month: MonthTarget,
    shares: Mapping[str, float],
    rng: random.Random,
    *,
    leads_only: bool,
) -> dict[int, Fate]:
    """Fates by the identity of their draft: with `leads_only` who is late by the figures is late with its own orders.

    Raises BadDemo when a unit has too few orders for its figures.
    """
    fates: dict[int, Fate] = {}
    # The scarcest units choose first: an order that two of them share can be late at one only.
    wanted = [
        (unit, kind, count)
        for kind, counts in ((FateKind.LATE_SIGN, month.late_sign), (FateKind.LATE_CLOSE, month.late_close))
        for unit, count in counts.items()
    ]
    by_unit = defaultdict(list)
    for draft in drafts:
        for unit in (draft.lead,) if leads_only else draft.units:
            by_unit[unit].append(draft)
    for unit, kind, count in sorted(wanted, key=lambda want: (len(by_unit[want[0]]), want[0], want[1].value)):
        _take(fates, unit, kind, count, by_unit[unit])
    commonest = max(month.request_types, key=lambda code: month.request_types[code])
    for unit, count in month.dissatisfied.items():
        own = [draft for draft in by_unit[unit] if draft.lead == unit and draft.request_type == commonest]
        _take(fates, unit, FateKind.DISSATISFIED, count, own)
    quiet = [draft for draft in drafts if id(draft) not in fates]
    rng.shuffle(quiet)
    start = 0
    for kind, share in (
        (FateKind.EXTENDED, shares["extended"]),
        (FateKind.REWORKED, shares["rework"]),
        (FateKind.RETURNED, shares["returned"]),
    ):
        count = round(len(drafts) * share)
        for draft in quiet[start : start + count]:
            unit = draft.lead if kind is FateKind.RETURNED else rng.choice(draft.units)
            fates[id(draft)] = Fate(kind=kind, unit=unit)
        start += count
    return fates


def _take(fates: dict[int, Fate], unit: str, kind: FateKind, count: int, candidates: Sequence[Draft]) -> None:
    free = [draft for draft in candidates if id(draft) not in fates]
    if len(free) < count:
        raise BadDemo(
            tr("单位 {unit} 的工单不够安排 {count} 件({kind})。", unit=unit, count=count, kind=kind.name),
        )
    for draft in free[:count]:
        fates[id(draft)] = Fate(kind=kind, unit=unit)

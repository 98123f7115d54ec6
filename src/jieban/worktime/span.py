"""Spans of time as deadlines state them, and pauses of a running clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from jieban.kernel.i18n import tr


class Basis(StrEnum):
    """How a span is counted."""

    WORKING_DAYS = "working_days"
    WORKING_HOURS = "working_hours"
    WORKING_MINUTES = "working_minutes"
    CLOCK_HOURS = "clock_hours"
    CLOCK_MINUTES = "clock_minutes"

    @property
    def by_the_clock(self) -> bool:
        """Whether nights and days off count too; such spans need no calendar."""
        return self in {Basis.CLOCK_HOURS, Basis.CLOCK_MINUTES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """`amount` units of `basis`: 3 working days, 24 hours by the clock. At least 1."""

    amount: int
    basis: Basis

    def __post_init__(self) -> None:
        if self.amount < 1:
            raise ValueError(f"a span is at least 1, not {self.amount}")

    @property
    def duration(self) -> timedelta:
        """The span's length in hours or minutes. Raises ValueError for working days, which have no fixed length."""
        match self.basis:
            case Basis.WORKING_HOURS | Basis.CLOCK_HOURS:
                return timedelta(hours=self.amount)
            case Basis.WORKING_MINUTES | Basis.CLOCK_MINUTES:
                return timedelta(minutes=self.amount)
            case Basis.WORKING_DAYS:
                raise ValueError("working days have no fixed length")

    def describe(self) -> str:
        """The span in the reader's words."""
        match self.basis:
            case Basis.WORKING_DAYS:
                return tr("{n} 个工作日", n=self.amount)
            case Basis.WORKING_HOURS:
                return tr("{n} 个工作小时", n=self.amount)
            case Basis.WORKING_MINUTES:
                return tr("{n} 个工作分钟", n=self.amount)
            case Basis.CLOCK_HOURS:
                return tr("{n} 小时", n=self.amount)
            case Basis.CLOCK_MINUTES:
                return tr("{n} 分钟", n=self.amount)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """The clock stood still from `begin` (included) to `end` (excluded); `end` None while it still does."""

    begin: datetime
    end: datetime | None = None

    def __post_init__(self) -> None:
        check_aware(self.begin)
        if self.end is not None:
            check_aware(self.end)
            # Within one time zone datetimes compare by wall time, which the autumn change repeats.
            if self.end.astimezone(UTC) < self.begin.astimezone(UTC):
                raise ValueError(f"the pause ends at {self.end}, before it begins at {self.begin}")


def check_aware(moment: datetime) -> None:
    """Raises ValueError for a datetime that doesn't say which instant it is."""
    if moment.utcoffset() is None:
        raise ValueError(f"an instant needs a time zone: {moment!r}")


def merge_pauses(
    pauses: Iterable[Pause], *, since: datetime, as_of: datetime | None
) -> tuple[tuple[datetime, datetime], ...]:
    """The pauses as stretches in UTC, in order, that neither overlap nor touch, cut at `since`.

    Open pauses end at `as_of`; raises ValueError when one is open and `as_of` is missing or lies before it.
    """
    earliest = since.astimezone(UTC)
    stretches: list[tuple[datetime, datetime]] = []
    for begin, end in sorted(_closed(pause, as_of) for pause in pauses):
        if end <= max(begin, earliest):
            continue
        if stretches and begin <= stretches[-1][1]:
            stretches[-1] = (stretches[-1][0], max(stretches[-1][1], end))
        else:
            stretches.append((max(begin, earliest), end))
    return tuple(stretches)


def _closed(pause: Pause, as_of: datetime | None) -> tuple[datetime, datetime]:
    end = pause.end or as_of
    if end is None:
        raise ValueError("an open pause needs `as_of`: until when does it count?")
    check_aware(end)
    begin, end = pause.begin.astimezone(UTC), end.astimezone(UTC)
    if end < begin:
        raise ValueError(f"as_of {end} lies before the pause that begins at {begin}")
    return begin, end

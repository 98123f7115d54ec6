"""What the flags depend on besides the rows: windows, cut-off, time zone and the profile's counting choices."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from jieban.indicators.model import Window
from jieban.indicators.period import Period
from jieban.profile.city import Profile, Register
from jieban.profile.model import Named, Precedence

Carried = Mapping[tuple[str, ...], str]
"""Codes that have ended, and the code that carries their work on; subtopics are keyed by (topic, subtopic)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """The facts of one computation. Instants are UTC; `offsets` are (from epoch second on, seconds east of UTC)."""

    windows: Mapping[Window, tuple[datetime, datetime]]
    cutoff: datetime
    stated_first: bool
    offsets: tuple[tuple[int, int], ...]
    carried: Mapping[str, Carried]

    @classmethod
    def of(
        cls, profile: Profile, period: Period, windows: Mapping[Window, Period], cutoff: datetime
    ) -> "Facts":
        """The facts of computing `period` for a profile."""
        tz = profile.clock.tz
        begin, end = period.instants(tz)
        return cls(
            windows={window: span.instants(tz) for window, span in windows.items()},
            cutoff=cutoff,
            stated_first=profile.counting.deadline_precedence is Precedence.STATED,
            offsets=offset_steps(tz, begin, end),
            carried=_carried(profile, period.last),
        )


def offset_steps(tz: ZoneInfo, begin: datetime, end: datetime) -> tuple[tuple[int, int], ...]:
    """The zone's offsets from UTC between two instants: (from this epoch second on, seconds), in order.

    Local days and hours are then whole-number arithmetic, equal on every engine; no engine's own zone data,
    session zone or calendar has a part in it.
    """

    def offset(second: int) -> int:
        moved = datetime.fromtimestamp(second, tz).utcoffset() or timedelta()
        return int(moved.total_seconds())

    first, last = int(begin.timestamp()), int(end.timestamp())
    steps = [(first, offset(first))]
    day = 86400
    for lower in range(first, last, day):
        upper = min(lower + day, last)
        if offset(upper) == steps[-1][1]:
            continue
        low, high = lower, upper
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if offset(middle) == steps[-1][1] else (low, middle)
        steps.append((high, offset(high)))
    return tuple(steps)


def _moved(register: Register[Named], on: date) -> dict[str, str]:
    followed = {code: register.carried_on_by(code, on) for code in register}
    return {code: later for code, later in followed.items() if later != code}


def _carried(profile: Profile, on: date) -> dict[str, Carried]:
    simple = {
        "unit": profile.units,
        "street": profile.streets,
        "request_type": profile.request_types,
        "channel": profile.channels,
        "mailbox": profile.mailboxes,
        "topic": profile.order_topics,
    }
    carried: dict[str, Carried] = {
        dimension: {(code,): later for code, later in _moved(register, on).items()}  # type: ignore[arg-type]  # a register of any Named
        for dimension, register in simple.items()
    }
    carried["subtopic"] = {
        (topic, code): later
        for topic in profile.order_topics
        for code, later in _moved(profile.subtopics(profile.order_scheme, topic), on).items()  # type: ignore[arg-type]  # as above
    }
    carried["mailbox_topic"] = {
        (box, code): later
        for box, mailbox in profile.mailboxes.items()
        for code, later in _moved(profile.schemes[mailbox.scheme], on).items()  # type: ignore[arg-type]  # as above
    }
    carried["mailbox_subtopic"] = {
        (box, topic, code): later
        for box, mailbox in profile.mailboxes.items()
        for topic in profile.schemes[mailbox.scheme]
        for code, later in _moved(profile.subtopics(mailbox.scheme, topic), on).items()  # type: ignore[arg-type]  # as above
    }
    return carried


def epoch(instant: datetime) -> int:
    """Seconds since 1970-01-01 00:00 UTC."""
    return int(instant.astimezone(UTC).timestamp())

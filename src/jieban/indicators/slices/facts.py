"""What the flags depend on besides the rows: windows, cut-off, time zone and the profile's counting choices."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from jieban.indicators.model import MISSING, Window
from jieban.indicators.period import Period
from jieban.indicators.slices.rules import Rules
from jieban.profile.city import Profile, Register
from jieban.profile.model import Named

N = TypeVar("N", bound=Named)

Carried = Mapping[tuple[str, ...], str]
"""Codes that have ended, and the code that carries their work on.

Subtopics are keyed by (topic, subtopic), those of mailboxes' schemes by the mailbox before these.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """The facts of one computation. Instants are UTC; `offsets` are (from epoch second on, seconds east of UTC).

    `absent` holds the distinct `absent_columns` of each table that has any (`told.py`).
    """

    windows: Mapping[Window, tuple[datetime, datetime]]
    cutoff: datetime
    rules: Rules
    offsets: tuple[tuple[int, int], ...]
    carried: Mapping[str, Carried]
    absent: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        profile: Profile,
        period: Period,
        windows: Mapping[Window, Period],
        cutoff: datetime,
        named_on: date | None = None,
    ) -> "Facts":
        """The facts of computing `period` for a profile, by the codes of `named_on` or of the period's last day."""
        tz = profile.clock.tz
        begin, end = period.instants(tz)
        return cls(
            windows={window: span.instants(tz) for window, span in windows.items()},
            cutoff=cutoff,
            rules=Rules.of(profile),
            offsets=offset_steps(tz, begin, end),
            carried=carried_codes(profile, named_on or period.last),
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


def _moved(register: Register[N], on: date) -> dict[str, str]:
    followed = {code: register.carried_on_by(code, on) for code in register}
    return {code: later for code, later in followed.items() if later != code}


def carried_codes(profile: Profile, on: date) -> dict[str, Carried]:
    """By dimension the codes, with those that they lie under, for which another stands on a day."""
    order_topics, order_subtopics = _scheme(profile, profile.order_scheme, on)
    boxes = {box: _scheme(profile, mailbox.scheme, on) for box, mailbox in profile.mailboxes.items()}
    moved = {
        "unit": _moved(profile.units, on),
        "street": _moved(profile.streets, on),
        "request_type": _moved(profile.request_types, on),
        "channel": _moved(profile.channels, on),
        "mailbox": _moved(profile.mailboxes, on),
    }
    return {
        **{name: {(code,): later for code, later in codes.items()} for name, codes in moved.items()},
        "topic": order_topics,
        "subtopic": order_subtopics,
        "mailbox_topic": {
            (box, *key): later for box, (topics, _) in boxes.items() for key, later in topics.items()
        },
        "mailbox_subtopic": {
            (box, *key): later for box, (_, subtopics) in boxes.items() for key, later in subtopics.items()
        },
    }


def _scheme(profile: Profile, scheme: str, on: date) -> tuple[Carried, Carried]:
    """The ended topics and subtopics of a scheme.

    A subtopic moves on with its topic where that has one of the same code; where not, the topic alone is known.
    """
    topics = _moved(profile.schemes[scheme], on)
    subtopics: dict[tuple[str, ...], str] = {}
    for topic in profile.schemes[scheme]:
        within = profile.subtopics(scheme, topic)
        carried = profile.subtopics(scheme, topics.get(topic, topic))
        for code in within:
            later = within.carried_on_by(code, on)
            known = later if later in carried else MISSING
            if known != code:
                subtopics[topic, code] = known
    return {(topic,): later for topic, later in topics.items()}, subtopics

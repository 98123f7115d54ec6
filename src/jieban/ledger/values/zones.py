"""Wall time to UTC and back, for millions of rows: the zone is asked once a day, not once a row."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from jieban.ledger.arrow import NO_INSTANT, Ints
from jieban.ledger.mapping.model import Twice

_DAY = 86_400
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LEAST = -(719_162 * _DAY) + _DAY
_MOST = 2_932_896 * _DAY - _DAY


def to_utc(wall: Ints, zone: ZoneInfo, twice: Twice = Twice.EARLIER) -> Ints:
    """Seconds of wall time as seconds of UTC, NO_INSTANT kept.

    Wall times that come twice mean the earlier or the later, as `twice` says; those that the clock leaves out in
    spring are moved on by what is left out (02:30 becomes 03:30), as the clocks on the wall are.
    """
    fold = 1 if twice is Twice.LATER else 0

    def offset(second: int) -> int:
        naive = (_EPOCH + timedelta(seconds=second)).replace(tzinfo=None)
        there = naive.replace(tzinfo=zone, fold=fold)
        # Left-out times have two offsets; the one before the change moves them on.
        other = naive.replace(tzinfo=zone, fold=1 - fold)
        before = min(_seconds(there), _seconds(other))
        exists = there.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == naive
        return _seconds(there) if exists else before

    return _shift(wall, offset, sign=-1)


def to_wall(instants: Ints, zone: ZoneInfo) -> Ints:
    """Seconds of UTC as seconds of wall time in `zone`, NO_INSTANT kept."""

    def offset(second: int) -> int:
        return _seconds((_EPOCH + timedelta(seconds=second)).astimezone(zone))

    return _shift(instants, offset, sign=1)


def local_days(instants: Ints, zone: ZoneInfo) -> Ints:
    """The local day of each instant as days since 1970, NO_INSTANT kept."""
    wall = to_wall(instants, zone)
    return np.where(wall == NO_INSTANT, NO_INSTANT, wall // _DAY)


def _seconds(moment: datetime) -> int:
    offset = moment.utcoffset()
    if offset is None:
        raise ValueError(f"an instant needs a time zone: {moment!r}")
    return round(offset.total_seconds())


def _shift(times: Ints, offset: Callable[[int], int], *, sign: int) -> Ints:
    known = (times > _LEAST) & (times < _MOST)
    shifted = np.full(len(times), NO_INSTANT, dtype=np.int64)
    days, which = np.unique(times[known] // _DAY, return_inverse=True)
    starts = np.array([offset(int(day) * _DAY) for day in days], dtype=np.int64)
    ends = np.array([offset(int(day) * _DAY + _DAY - 1) for day in days], dtype=np.int64)
    offsets = starts[which] if len(days) else np.zeros(0, dtype=np.int64)
    changing = (starts != ends)[which] if len(days) else np.zeros(0, dtype=bool)
    if changing.any():
        inside = times[known][changing]
        moments, places = np.unique(inside, return_inverse=True)
        offsets[changing] = np.array([offset(int(moment)) for moment in moments], dtype=np.int64)[places]
    shifted[known] = times[known] + sign * offsets
    return shifted

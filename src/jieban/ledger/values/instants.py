"""Dates and times in the forms that offices write them, as seconds of UTC."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from jieban.ledger.arrow import NO_INSTANT, Array, Bools, Ints, distinct, ints, pa, pc, positions, valid
from jieban.ledger.mapping.model import DateOrder, Dates
from jieban.ledger.raw import RawColumn
from jieban.ledger.values.digits import digit_runs
from jieban.ledger.values.shapes import Field, Layout, layout_of
from jieban.ledger.values.text import clean
from jieban.ledger.values.zones import to_utc

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - wall time
_SERIAL_EPOCH = 25_569
_SERIALS = (20_000, 80_000)
"""Excel's day numbers from 1954 to 2119: what lies outside is a count, not a date."""
_DAY = 86_400
_CENTURY = 100
_PIVOT = 70
"""Years of two digits from here on are of the last century."""
_LONG, _SHORT = 4, 2
"""Digits of a year in full; the most that a month, a day or a year cut short has."""
_FEBRUARY, _DECEMBER, _LAST_YEAR = 2, 12, 9998
_PACKED = (8, 12, 14)
_MONTH_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])


@dataclass(frozen=True, kw_only=True, slots=True)
class Instants:
    """Seconds of UTC (NO_INSTANT where there is none) and where a filled cell was not understood."""

    seconds: Ints
    bad: Bools


def parse_instants(column: RawColumn, dates: Dates, zone: ZoneInfo) -> Instants:
    """The cells of a column as instants; wall times are of `zone` unless `dates` says otherwise."""
    wall = np.full(column.length, NO_INSTANT, dtype=np.int64)
    absolute = np.zeros(column.length, dtype=bool)
    bad = np.zeros(column.length, dtype=bool)
    if column.flag is not None:
        bad |= valid(column.flag)
    if column.instant is not None:
        micros = ints(column.instant.cast(pa.int64()), NO_INSTANT)
        wall = np.where(micros == NO_INSTANT, wall, (micros + 500_000) // 1_000_000)
    text = column.text
    if column.number is not None:
        number = column.number.to_numpy(zero_copy_only=False)
        serial = (number >= _SERIALS[0]) & (number < _SERIALS[1])
        wall[serial] = np.rint((number[serial] - _SERIAL_EPOCH) * _DAY).astype(np.int64)
        digits = pc.if_else(
            pa.array(~serial), RawColumn(length=column.length, number=column.number).as_text(), None
        )
        text = digits if text is None else pc.coalesce(text, digits)
    if text is not None:
        parsed = _parse_texts(text, dates)
        wall = np.where(parsed.seconds == NO_INSTANT, wall, parsed.seconds)
        absolute |= parsed.absolute
        bad |= parsed.bad
    utc = to_utc(np.where(absolute, NO_INSTANT, wall), _zone(dates, zone), dates.twice)
    return Instants(seconds=np.where(absolute, wall, utc), bad=bad)


def _zone(dates: Dates, zone: ZoneInfo) -> ZoneInfo:
    return ZoneInfo(dates.time_zone) if dates.time_zone else zone


@dataclass(frozen=True, kw_only=True, slots=True)
class _Texts:
    seconds: Ints
    absolute: Bools
    bad: Bools


def _parse_texts(text: Any, dates: Dates) -> _Texts:
    """Each distinct text once, then spread over the rows."""
    encoded = text.dictionary_encode()
    texts = clean(encoded.dictionary)
    count = len(texts)
    if count == 0:
        nothing = np.zeros(len(text), dtype=bool)
        return _Texts(seconds=np.full(len(text), NO_INSTANT, dtype=np.int64), absolute=nothing, bad=nothing)
    seconds = np.full(count, NO_INSTANT, dtype=np.int64)
    absolute = np.zeros(count, dtype=bool)
    _by_formats(texts, dates.formats, seconds)
    lower = pc.utf8_lower(texts)
    shapes, shape_of = distinct(pc.replace_substring_regex(lower, "[0-9]+", "0"))
    for index, shape in enumerate(shapes):
        layout = layout_of(shape)
        rows = positions((shape_of == index) & (seconds == NO_INSTANT))
        if not len(rows):
            continue
        if layout is not None:
            seconds[rows] = _by_layout(lower.take(pa.array(rows)), layout, dates.order)
            absolute[rows] = layout.utc or layout.sign != 0
        if shape in {"0", "0.0"}:
            rows = rows[seconds[rows] == NO_INSTANT]
            seconds[rows] = _by_serial(lower.take(pa.array(rows)))
    unread = valid(texts) & (seconds == NO_INSTANT)
    which = ints(encoded.indices, -1)
    there = which >= 0
    return _Texts(
        seconds=np.where(there, seconds[which], NO_INSTANT),
        absolute=there & absolute[which],
        bad=there & unread[which],
    )


def _by_formats(texts: Array, formats: tuple[str, ...], seconds: Ints) -> None:
    """The mapping's own formats, which go before all else."""
    if not formats:
        return
    for index, text in enumerate(texts.to_pylist()):
        for pattern in formats if text else ():
            try:
                moment = datetime.strptime(str(text), pattern)  # noqa: DTZ007 - wall time
            except ValueError:
                continue
            seconds[index] = (moment.replace(tzinfo=None) - _EPOCH) // timedelta(seconds=1)
            break


def _by_serial(texts: Any) -> Ints:
    numbers = pc.cast(texts, pa.float64()).to_numpy(zero_copy_only=False)
    serial = (numbers >= _SERIALS[0]) & (numbers < _SERIALS[1])
    return np.where(serial, np.rint((numbers - _SERIAL_EPOCH) * _DAY), NO_INSTANT).astype(np.int64)


def _by_layout(texts: Any, layout: Layout, order: DateOrder) -> Ints:
    values, lengths = digit_runs(texts, len(layout.fields))
    fields = dict(zip(layout.fields, zip(values.T, lengths.T, strict=True), strict=True))
    good = np.ones(len(texts), dtype=bool)
    zero = np.zeros(len(texts), dtype=np.int64)
    hour = minute = second = zero
    if Field.ALL in fields:
        whole, length = fields[Field.ALL]
        good &= np.isin(length, _PACKED)
        padded = whole * 10 ** np.clip(14 - length, 0, 14)
        day_number, clock = padded // 1_000_000, padded % 1_000_000
        year, month, day = day_number // 10_000, day_number // 100 % 100, day_number % 100
        hour, minute, second = clock // 10_000, clock // 100 % 100, clock % 100
    elif Field.DATE in fields:
        whole, length = fields[Field.DATE]
        good &= length == _PACKED[0]
        year, month, day = whole // 10_000, whole // 100 % 100, whole % 100
    else:
        year, month, day, dated = _date_parts(fields, DateOrder.YEAR_FIRST if layout.chinese else order)
        good &= dated
    if Field.TIME in fields:
        whole, length = fields[Field.TIME]
        good &= np.isin(length, (4, 6))
        padded = np.where(length == 4, whole * 100, whole)  # noqa: PLR2004 - hours and minutes are four digits
        hour, minute, second = padded // 10_000, padded // 100 % 100, padded % 100
    else:
        hour = fields.get(Field.HOUR, (hour, zero))[0]
        minute = fields.get(Field.MINUTE, (minute, zero))[0]
        second = fields.get(Field.SECOND, (second, zero))[0]
    clock = hour * 10_000 + minute * 100 + second
    # 24:00 is how some systems write the end of a day.
    good &= ((hour <= 23) & (minute <= 59) & (second <= 59)) | (clock == 240_000)  # noqa: PLR2004 - a day's
    good &= _exists(year, month, day)
    if layout.half == "pm":
        hour = np.where(hour < 12, hour + 12, hour)  # noqa: PLR2004 - noon
    elif layout.half == "am":
        hour = np.where(hour == 12, 0, hour)  # noqa: PLR2004 - noon
    total = _days(year, month, day) * _DAY + hour * 3600 + minute * 60 + second
    total = total - layout.sign * _offset(fields, zero)
    return np.where(good, total, NO_INSTANT)


def _date_parts(fields: dict[Field, tuple[Ints, Ints]], order: DateOrder) -> tuple[Ints, Ints, Ints, Bools]:
    (a, a_length), (b, b_length), (c, c_length) = (
        fields[field] for field in (Field.FIRST, Field.SECOND_PART, Field.THIRD)
    )
    year_first = a_length == _LONG
    if order is DateOrder.YEAR_FIRST:
        return a, b, c, year_first & (b_length <= _SHORT) & (c_length <= _SHORT)
    year = np.where(c_length == _LONG, c, c + np.where(c < _PIVOT, 2000, 1900))
    month, day = (a, b) if order is DateOrder.MONTH_FIRST else (b, a)
    good = (b_length <= _SHORT) & np.where(
        year_first, c_length <= _SHORT, (a_length <= _SHORT) & ((c_length == _LONG) | (c_length == _SHORT))
    )
    return np.where(year_first, a, year), np.where(year_first, b, month), np.where(year_first, c, day), good


def _offset(fields: dict[Field, tuple[Ints, Ints]], zero: Ints) -> Ints:
    if Field.OFFSET in fields:
        whole, length = fields[Field.OFFSET]
        return np.where(length <= _SHORT, whole * 3600, whole // _CENTURY * 3600 + whole % _CENTURY * 60)
    hours, minutes = fields.get(Field.OFFSET_HOURS), fields.get(Field.OFFSET_MINUTES)
    return zero if hours is None or minutes is None else hours[0] * 3600 + minutes[0] * 60


def _exists(year: Ints, month: Ints, day: Ints) -> Bools:
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    in_year = (month >= 1) & (month <= _DECEMBER)
    longest = _MONTH_DAYS[np.where(in_year, month, 0)] + (leap & (month == _FEBRUARY))
    found: Bools = (year >= 1) & (year <= _LAST_YEAR) & in_year & (day >= 1) & (day <= longest)
    return found


def _days(year: Ints, month: Ints, day: Ints) -> Ints:
    """Days since 1970 of dates in the Gregorian calendar."""
    months = (np.clip(year, 1, _LAST_YEAR) - 1970) * 12 + np.clip(month, 1, _DECEMBER) - 1
    firsts = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    found: Ints = firsts + day - 1
    return found

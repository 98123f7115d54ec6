"""Written dates of one shape as instants: which run of digits is what was told from the shape."""

import numpy as np

from jieban.ledger.arrow import NO_INSTANT, Array, Bools, Ints
from jieban.ledger.mapping.model import DateOrder
from jieban.ledger.values.civil import civil_seconds
from jieban.ledger.values.digits import digit_runs
from jieban.ledger.values.shapes import Field, Layout

_CENTURY = 100
_PIVOT = 70
"""Years of two digits from here on are of the last century."""
_LONG, _SHORT = 4, 2
"""Digits of a year in full; the most that a month, a day or a year cut short has."""
_PACKED = (8, 12, 14)
_CLOCKS = (4, 6)
_NOON = 12


def layout_seconds(texts: Array, layout: Layout, order: DateOrder) -> Ints:
    """Seconds since 1970 of texts that all have the same shape, NO_INSTANT where they are no date.

    Of wall time, or of UTC where the layout says the offset.
    """
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
        good &= np.isin(length, _CLOCKS)
        padded = np.where(length == _LONG, whole * 100, whole)
        hour, minute, second = padded // 10_000, padded // 100 % 100, padded % 100
    else:
        hour = fields.get(Field.HOUR, (hour, zero))[0]
        minute = fields.get(Field.MINUTE, (minute, zero))[0]
        second = fields.get(Field.SECOND, (second, zero))[0]
    total = civil_seconds((year, month, day), (_in_half(hour, layout.half), minute, second))
    total = np.where(total == NO_INSTANT, NO_INSTANT, total - layout.sign * _offset(fields, zero))
    return np.where(good, total, NO_INSTANT)


def _in_half(hour: Ints, half: str) -> Ints:
    """The hour of the day of an hour of the morning or the afternoon."""
    if half == "pm":
        return np.where(hour < _NOON, hour + _NOON, hour)
    return np.where(hour == _NOON, 0, hour) if half == "am" else hour


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

"""Dates and times in the forms that offices write them, as seconds of UTC."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from jieban.ledger.arrow import NO_INSTANT, Array, Bools, Ints, distinct, ints, pa, pc, positions, valid
from jieban.ledger.mapping.model import Dates
from jieban.ledger.raw import RawColumn
from jieban.ledger.values.civil import plain_seconds
from jieban.ledger.values.layouts import layout_seconds
from jieban.ledger.values.shapes import layout_of
from jieban.ledger.values.text import clean
from jieban.ledger.values.zones import to_utc

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - wall time
_SERIAL_EPOCH = 25_569
_SERIALS = (20_000, 80_000)
"""Excel's day numbers from 1954 to 2119: what lies outside is a count, not a date."""
_DAY = 86_400


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
    """Texts of the plain form by place, each other distinct text once."""
    count = len(text)
    plain = np.full(count, NO_INSTANT, dtype=np.int64) if dates.formats else plain_seconds(text)
    rest = positions(valid(text) & (plain == NO_INSTANT))
    absolute, bad = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
    if len(rest):
        encoded = text.take(pa.array(rest)).dictionary_encode()
        texts = clean(encoded.dictionary)
        seconds, utc = _parse_distinct(texts, dates)
        which = ints(encoded.indices, -1)
        plain[rest], absolute[rest] = seconds[which], utc[which]
        bad[rest] = (valid(texts) & (seconds == NO_INSTANT))[which]
    return _Texts(seconds=plain, absolute=absolute, bad=bad)


def _parse_distinct(texts: Any, dates: Dates) -> tuple[Ints, Bools]:
    """The seconds of cleaned texts (NO_INSTANT for what is no date), and which of them are of UTC already."""
    seconds = np.full(len(texts), NO_INSTANT, dtype=np.int64)
    absolute = np.zeros(len(texts), dtype=bool)
    _by_formats(texts, dates.formats, seconds)
    lower = pc.utf8_lower(texts)
    shapes, shape_of = distinct(pc.replace_substring_regex(lower, "[0-9]+", "0"))
    for index, shape in enumerate(shapes):
        layout = layout_of(shape)
        rows = positions((shape_of == index) & (seconds == NO_INSTANT))
        if not len(rows):
            continue
        if layout is not None:
            seconds[rows] = layout_seconds(lower.take(pa.array(rows)), layout, dates.order)
            absolute[rows] = layout.utc or layout.sign != 0
        if shape in {"0", "0.0"}:
            rows = rows[seconds[rows] == NO_INSTANT]
            seconds[rows] = _by_serial(lower.take(pa.array(rows)))
    return seconds, absolute


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

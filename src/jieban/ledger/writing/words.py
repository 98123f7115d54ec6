"""Canonical columns as an office reads them. Reading them back gives the same columns."""

from collections.abc import Mapping

import numpy as np

from jieban.ledger.arrow import (
    NO_INSTANT,
    Array,
    Bools,
    Ints,
    distinct,
    one,
    pa,
    pc,
    positions,
    seconds_of,
    spread,
)
from jieban.ledger.schema import Column, Kind, TableSchema
from jieban.ledger.values.domains import DAY_COLUMN, DEPENDS_ON, Domain, dependent_domains, domain_of
from jieban.ledger.values.zones import local_days, to_utc, to_wall
from jieban.profile.city import Profile


def in_words(schema: TableSchema, table: Mapping[str, Array], profile: Profile) -> dict[str, Array]:
    """The coded and yes/no columns as words, the instants as text with local time, all others as they are."""
    day_column = DAY_COLUMN[schema.name]
    days = local_days(seconds_of(table[day_column]), profile.clock.tz)
    found = {}
    for column in schema.columns:
        values = table[column.name]
        match column.kind:
            case Kind.CODE:
                found[column.name] = _words(column, values, table, days, profile)
            case Kind.FLAG:
                yes, no = (profile.label("flag", code).name for code in ("yes", "no"))
                found[column.name] = pc.if_else(values, yes, no)
            case Kind.INSTANT:
                found[column.name] = local_texts(seconds_of(values), profile)
            case _:
                found[column.name] = values
    return found


def _words(column: Column, codes: Array, table: Mapping[str, Array], days: Ints, profile: Profile) -> Array:
    if not column.domain:
        return one(codes.cast(pa.string()))
    if column.domain not in DEPENDS_ON:
        return _of_domain(codes, domain_of(profile, column.domain), days)
    on, domains = dependent_domains(profile, column.domain, table)
    words = np.full(len(codes), None, dtype=object)
    keys, which = distinct(on)
    for number, key in enumerate(keys):
        rows = positions(which == number)
        part = _of_domain(one(codes).take(pa.array(rows)), domains[key], days[rows])
        words[rows] = part.to_pylist()
    spoken: Array = pa.array(words.tolist(), pa.string())
    return spoken


def _of_domain(codes: Array, domain: Domain, days: Ints) -> Array:
    """For each code on its day the first of its names that means it; the code itself where none does."""
    values, which = distinct(codes.cast(pa.string()))
    day = days if domain.by_day else np.full(len(which), NO_INSTANT, dtype=np.int64)
    pairs, places = np.unique(np.stack([which, day]), axis=1, return_inverse=True)
    words: list[str | None] = []
    for number, on in pairs.T.tolist():
        if number < 0:
            words.append(None)
            continue
        code, moment = values[number], None if on == NO_INSTANT else on
        words.append(next((name for name in domain.names(code) if domain.find(name, moment) == code), code))
    return spread(words, places.ravel().astype(np.int64), pa.string())


def local_texts(seconds: Ints, profile: Profile) -> Array:
    """Instants as `2025-04-01 09:30:00` of local time; with the offset where the clock shows that time twice."""
    wall = to_wall(seconds, profile.clock.tz)
    texts = pa.array(np.where(wall == NO_INSTANT, 0, wall)).cast(pa.timestamp("s")).cast(pa.string())
    texts = pc.if_else(pa.array(wall == NO_INSTANT), pa.scalar(None, pa.string()), texts)
    rows = positions(unclear(seconds, wall, profile))
    if len(rows):
        words: list[str] = texts.to_pylist()
        for row in rows.tolist():
            words[row] += _offset(int(wall[row] - seconds[row]))
        texts = pa.array(words, pa.string())
    plain: Array = texts
    return plain


def _offset(seconds: int) -> str:
    hours, rest = divmod(abs(seconds), 3600)
    return f"{'-' if seconds < 0 else '+'}{hours:02d}:{rest // 60:02d}"


def unclear(seconds: Ints, wall: Ints, profile: Profile) -> Bools:
    """Where local time alone would be read back as another instant."""
    found: Bools = (seconds != NO_INSTANT) & (to_utc(wall, profile.clock.tz) != seconds)
    return found

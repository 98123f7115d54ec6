"""The cells of one source column as canonical values, and what is wrong with them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache

import numpy as np

from jieban.kernel.i18n import listed, tr
from jieban.ledger.arrow import NO_INSTANT, Array, Bools, Ints, bools, pa, pc, positions
from jieban.ledger.faults import UNKNOWN_BY_DOMAIN
from jieban.ledger.raw import RawColumn
from jieban.ledger.reading.log import RowLog
from jieban.ledger.reading.part import Part
from jieban.ledger.reading.source import Source
from jieban.ledger.schema import INSTANT, Column
from jieban.ledger.values.domains import Domain, domain_of, flag_finder
from jieban.ledger.values.instants import parse_instants
from jieban.ledger.values.text import clean, lost_digits
from jieban.ledger.values.words import find_codes, parse_counts, parse_flags, spoken
from jieban.ledger.values.zones import local_days
from jieban.profile.city import Profile
from jieban.profile.model import Policy

EARLIEST = int(datetime(1990, 1, 1, tzinfo=UTC).timestamp())
EXCEL_LONGEST = 32_767
_DAY = 86_400


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What the reading of every column needs. `latest` is the last plausible second."""

    profile: Profile
    log: RowLog
    latest: int
    _domains: dict[str, Domain] = field(init=False, default_factory=dict)

    def domain(self, name: str) -> Domain:
        """A domain of the profile, made once."""
        if name not in self._domains:
            self._domains[name] = domain_of(self.profile, name)
        return self._domains[name]

    def days(self, instants: Ints) -> Ints:
        """The local days of instants."""
        return local_days(instants, self.profile.clock.tz)


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """Faults of one kind in a column: which cells, and the sentence for each value."""

    code: str
    bad: Bools
    message: Callable[[str], str]


def read_text(column: Column, cells: RawColumn, source: Source, name: str) -> tuple[Array, list[Found]]:
    """A text column: cleaned, unless its words are to be kept as they came."""
    values = source.mapping.values.get(name, {})
    text = spoken(cells, values).texts() if values else clean(cells.as_text(), verbatim=column.verbatim)
    found = []
    if column.name.endswith("_no") or column.name == "repeat_of":
        lost = lost_digits(cells)
        if lost.any():
            found.append(Found(code="lost_digits", bad=lost, message=_lost_digits))
            text = pc.if_else(pa.array(lost), pa.scalar(None, pa.string()), text)
    if column.verbatim:
        cut = bools(pc.equal(pc.utf8_length(text), EXCEL_LONGEST))
        if cut.any():
            found.append(Found(code="truncated_text", bad=cut, message=lambda _: _truncated()))
    return text, found


def _lost_digits(value: str) -> str:
    return tr("编号 {value} 被当作数字保存,15 位以后的数字已丢失;请在导出时把该列设为文本。", value=value)


def _truncated() -> str:
    return tr("文字恰为 {n} 字,多半已被 Excel 截断;请改用 CSV 导出。", n=EXCEL_LONGEST)


def read_instants(cells: RawColumn, source: Source, desk: Desk, name: str) -> tuple[Array, list[Found]]:
    """A column of dates and times."""
    values = source.mapping.values.get(name, {})
    if values:
        cells = RawColumn(length=cells.length, text=spoken(cells, values).texts())
    parsed = parse_instants(cells, source.mapping.dates, desk.profile.clock.tz)
    seconds = parsed.seconds
    there = seconds != NO_INSTANT
    odd = there & ((seconds < EARLIEST) | (seconds > desk.latest))
    found = [
        Found(code="bad_date", bad=parsed.bad, message=_bad_date),
        Found(code="implausible_date", bad=odd, message=_implausible),
    ]
    return instants_array(np.where(odd, NO_INSTANT, seconds)), found


def instants_array(seconds: Ints) -> Array:
    """Seconds of UTC as an Arrow column."""
    array: Array = pa.array(seconds, mask=seconds == NO_INSTANT).cast(INSTANT)
    return array


def _bad_date(value: str) -> str:
    return tr("“{value}”不是可识别的日期;请写成 2025-04-01 09:30,或在对照的 dates 中说明格式。", value=value)


def _implausible(value: str) -> str:
    return tr("日期“{value}”早于 1990 年或远在统计期之后,多半有误。", value=value)


def read_codes(
    column: Column, cells: RawColumn, source: Source, desk: Desk, *, days: Ints, name: str
) -> tuple[Array, list[Found]]:
    """A coded column whose domain hangs on no other column; without a domain the cells are codes themselves."""
    said = spoken(cells, source.mapping.values.get(name, {}))
    if not column.domain:
        return find_codes(said, lambda word, _: word, None).values, []
    domain = desk.domain(column.domain)
    words = find_codes(said, domain.find, days if domain.by_day else None)
    message = unknown_word(column.heading, domain)
    return words.values, [Found(code=UNKNOWN_BY_DOMAIN[column.domain], bad=words.bad, message=message)]


def unknown_word(heading: str, domain: Domain) -> Callable[[str], str]:
    """The sentence for a word that a domain doesn't know."""

    @cache
    def message(value: str) -> str:
        what = tr("“{value}”不是配置中的{heading}。", value=value, heading=heading)
        if guesses := domain.suggestions(value):
            return what + tr("是否为{guesses}?", guesses=listed(f"“{guess}”" for guess in guesses))
        return what + tr("请改正,或在配置中加上这一写法。")

    return message


def read_flags(
    column: Column, cells: RawColumn, source: Source, desk: Desk, name: str
) -> tuple[Array, list[Found]]:
    """A yes/no column."""
    plain = RawColumn(length=cells.length, text=cells.text, number=cells.number)
    said = spoken(plain, source.mapping.values.get(name, {}))
    words = parse_flags(cells, said, flag_finder(desk.profile, column.name))

    def message(value: str) -> str:
        return tr("“{value}”看不出是或否;请写“是”或“否”。", value=value)

    return words.values, [Found(code="bad_flag", bad=words.bad, message=message)]


def read_counts(cells: RawColumn, source: Source, name: str) -> tuple[Array, list[Found]]:
    """A column of whole numbers."""
    words = parse_counts(spoken(cells, source.mapping.values.get(name, {})))

    def message(value: str) -> str:
        return tr("“{value}”不是整数。", value=value)

    return words.values, [Found(code="bad_number", bad=words.bad, message=message)]


def note(
    found: Found, column: Column, part: Part, cells: RawColumn, log: RowLog, *, required: bool
) -> Policy:
    """Write faults of a column into the log; the policy applied."""
    rows = positions(found.bad)
    return log.add(
        found.code,
        part.gids[rows],
        table=part.schema.name,
        column=column.name,
        values=cells.take(rows).as_text(),
        message=found.message,
        required=required,
    )

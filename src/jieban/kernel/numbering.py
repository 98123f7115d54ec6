"""Order numbers: made from a pattern, short enough for the phone, with a check digit.

A number is what stands before the serial (the scope: usually the day), the serial within that scope, what stands
after it, and a check digit. All but the serial have a fixed length, so whatever is left over is the serial: one that
outgrows its width simply has more digits, has no leading zero then, and can't be taken for another's. Numbers that
outgrew sort after their day's others only when compared by length first.

The check digit (`checkdigit`) is computed over all digits before it; letters and hyphens are the pattern's, and
compared as they are.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Final

from jieban.kernel.checkdigit import check_digit, checked
from jieban.kernel.errors import Exit, JiebanError
from jieban.kernel.i18n import tr

WIDTHS: Final = range(3, 10)
"""How many digits a pattern may give its serial."""

GROWTH: Final = 3
"""How many digits more a serial may get: a thousand times what the pattern foresaw."""

_CENTURY: Final = 2000
_LONGEST_GROUP: Final = 4
_PIECE = re.compile(r"\{([a-z]+)(?::([0-9]+))?\}|([A-Z]+)|(-)")
_RUN = re.compile(r"[A-Z]+|[0-9]+")
_HYPHENS = re.compile(r"[\s\-_‐‑‒–—―−﹘﹣－·.]+")
_DAY_OR_LATER: Final = {
    "yyyy": r"[0-9]{4}",
    "yy": r"[0-9]{2}",
    "mm": r"(?:0[1-9]|1[0-2])",
    "dd": r"(?:0[1-9]|[12][0-9]|3[01])",
    "check": r"[0-9]",
}


class BadPattern(JiebanError):
    """A pattern from which no unambiguous numbers can be made."""

    code = "kernel.bad_pattern"
    exit_code = Exit.BAD_PROFILE


class BadNumber(JiebanError):
    """What somebody typed is no number of this pattern; says why. The text itself is not repeated."""

    code = "kernel.bad_number"


class _Kind(StrEnum):
    LITERAL = "literal"
    HYPHEN = "hyphen"
    YEAR = "yyyy"
    SHORT_YEAR = "yy"
    MONTH = "mm"
    DAY = "dd"
    SERIAL = "serial"
    CHECK = "check"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Piece:
    kind: _Kind
    text: str = ""
    width: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class NumberPattern:
    """How a city's orders are numbered. Made by `parse`; equal patterns are written alike."""

    text: str
    _pieces: tuple[_Piece, ...] = field(compare=False, repr=False)
    _form: re.Pattern[str] = field(compare=False, repr=False)

    @classmethod
    def parse(cls, text: str) -> "NumberPattern":
        """The pattern written as `{yy}{mm}{dd}{serial:4}{check}`.

        Places: yy, yyyy, mm, dd, each at most once and one kind of year; exactly one serial:N (N from 3 to 9); exactly
        one check, at the end. Between them capital letters A–Z and single hyphens. Raises BadPattern.
        """
        pieces = _pieces(text)
        _check(text, pieces)
        return cls(text=text, _pieces=pieces, _form=re.compile("".join(_form(piece) for piece in pieces)))

    def make(self, day: date, serial: int) -> str:
        """The number of the order `serial` (from 1) within `scope(day)`.

        Two numbers of one pattern are equal only for the same scope and serial. Raises BadPattern when the serial has
        outgrown its width by more than three digits, ValueError for a serial below 1 and, with `yy`, for a year outside
        2000–2099 (which would repeat another's).
        """
        if serial < 1:
            raise ValueError(f"serials count from 1, not {serial}")
        body = "".join(self._filled(piece, day, serial) for piece in self._pieces[:-1])
        return f"{body}{check_digit(_digits(body))}"

    def scope(self, day: date) -> str:
        """What the serial counts within: the text before it. Serials must be given out once in each scope."""
        return "".join(self._filled(piece, day, 0) for piece in self._pieces[: self._serial_at])

    def holds(self, number: str) -> bool:
        """Whether a number is written exactly as `make` writes it: form and check digit."""
        return self._form.fullmatch(number) is not None and checked(_digits(number))

    def serial_of(self, number: str) -> tuple[str, int] | None:
        """A number's scope and serial; None for what is no number of this pattern."""
        if not self.holds(number):
            return None
        # Only the serial's length varies.
        before = sum(piece.width for piece in self._pieces[: self._serial_at])
        after = sum(piece.width for piece in self._pieces[self._serial_at + 1 :])
        return number[:before], int(number[before : len(number) - after])

    def last_serials(self, numbers: Iterable[str]) -> dict[str, int]:
        """The greatest serial of each scope among many numbers; what is no number of this pattern doesn't count."""
        before = sum(piece.width for piece in self._pieces[: self._serial_at])
        last: dict[str, int] = {}
        found: set[tuple[str, int]] = set()
        # Of one scope and length the greatest comes first: most numbers need no look at their check digit.
        for number in sorted(filter(self._form.fullmatch, numbers), reverse=True):
            alike = number[:before], len(number)
            if alike not in found and (told := self.serial_of(number)) is not None:
                found.add(alike)
                scope, serial = told
                last[scope] = max(serial, last.get(scope, 0))
        return last

    def spoken(self, number: str) -> str:
        """A number in groups with spaces, to be read out: three or four digits each, as mobile numbers are read.

        `read` takes it back. Raises ValueError for what is no number of this pattern.
        """
        if not self.holds(number):
            raise ValueError("not a number of this pattern")
        return " ".join(group for run in _RUN.findall(number) for group in _groups(run))

    def read(self, text: str) -> str:
        """The number that somebody typed: full-width forms, spaces, hyphens and small letters make no difference.

        Raises BadNumber saying what is wrong: characters, length, form or check digit.
        """
        typed = _HYPHENS.sub("", unicodedata.normalize("NFKC", text)).upper()
        if not typed:
            raise BadNumber(tr("没有填写工单编号。"), fix=self._example())
        if not re.fullmatch(r"[0-9A-Z]+", typed):
            raise BadNumber(tr("工单编号里有不该有的字符。"), fix=self._example())
        number = self._with_hyphens(typed)
        if number is None:
            raise BadNumber(
                tr("工单编号应为 {n} 位,填写的有 {m} 位。", n=self._length, m=len(typed)),
                fix=tr("请核对有没有漏写或多写。"),
            )
        if not self._form.fullmatch(number):
            raise BadNumber(tr("工单编号里的日期、流水号或字母不对。"), fix=self._example())
        if not self.holds(number):
            raise BadNumber(
                tr("工单编号的校验位不对,有一位写错了或相邻两位颠倒了。"), fix=tr("请逐位核对后重新填写。")
            )
        return number

    @property
    def _serial_at(self) -> int:
        return next(i for i, piece in enumerate(self._pieces) if piece.kind is _Kind.SERIAL)

    @property
    def _length(self) -> int:
        """Characters of a number without hyphens, its serial not outgrown."""
        return sum(piece.width for piece in self._pieces if piece.kind is not _Kind.HYPHEN)

    def _filled(self, piece: _Piece, day: date, serial: int) -> str:
        match piece.kind:
            case _Kind.LITERAL | _Kind.HYPHEN:
                return piece.text
            case _Kind.YEAR:
                return f"{day.year:04d}"
            case _Kind.SHORT_YEAR:
                if not 0 <= day.year - _CENTURY < 100:  # noqa: PLR2004 - years in a century
                    raise ValueError(f"two digits don't tell the year {day.year}")
                return f"{day.year - _CENTURY:02d}"
            case _Kind.MONTH:
                return f"{day.month:02d}"
            case _Kind.DAY:
                return f"{day.day:02d}"
            case _Kind.SERIAL:
                if serial >= 10 ** (piece.width + GROWTH):
                    raise BadPattern(
                        tr("编号规则“{pattern}”的流水号用完了。", pattern=self.text),
                        fix=tr("请在 workflow.toml 中加宽流水号。"),
                    )
                return f"{serial:0{piece.width}d}"
            case _Kind.CHECK:  # pragma: no cover - the check digit follows from the rest
                raise AssertionError("a check digit is computed")

    def _with_hyphens(self, typed: str) -> str | None:
        """The typed characters with the pattern's hyphens, the serial taking what is over; None for a wrong length."""
        extra, at, parts = len(typed) - self._length, 0, []
        if not 0 <= extra <= GROWTH:
            return None
        for piece in self._pieces:
            if piece.kind is _Kind.HYPHEN:
                parts.append(piece.text)
                continue
            width = piece.width
            if piece.kind is _Kind.SERIAL and extra:
                # Only a serial without leading zeros has outgrown its width.
                if typed[at] == "0":
                    return None
                width += extra
            parts.append(typed[at : at + width])
            at += width
        return "".join(parts)

    def _example(self) -> str:
        return tr("工单编号的样子如 {example}。", example=self.make(date(2025, 4, 12), 123))


def _pieces(text: str) -> tuple[_Piece, ...]:
    pieces: list[_Piece] = []
    at = 0
    while at < len(text):
        found = _PIECE.match(text, at)
        if found is None:
            what = tr("编号规则“{pattern}”从第 {n} 个字符起看不懂。", pattern=text, n=at + 1)
            raise BadPattern(what, fix=_help())
        place, width, letters, _hyphen = found.groups()
        if letters:
            pieces.append(_Piece(kind=_Kind.LITERAL, text=letters, width=len(letters)))
        elif place is None:
            pieces.append(_Piece(kind=_Kind.HYPHEN, text="-"))
        else:
            pieces.append(_placed(text, place, width))
        at = found.end()
    return tuple(pieces)


def _placed(text: str, place: str, width: str | None) -> _Piece:
    if place not in (*_DAY_OR_LATER, _Kind.SERIAL) or (width is not None) != (place == _Kind.SERIAL):
        written = f"{{{place}}}" if width is None else f"{{{place}:{width}}}"
        what = tr("编号规则“{pattern}”里的 {place} 不认识。", pattern=text, place=written)
        raise BadPattern(what, fix=_help())
    if width is None:
        lengths = {_Kind.YEAR: 4, _Kind.CHECK: 1}
        return _Piece(kind=_Kind(place), width=lengths.get(_Kind(place), 2))
    if len(width) > 1 or int(width) not in WIDTHS:
        what = tr("编号规则“{pattern}”的流水号宽度 {n} 不合适。", pattern=text, n=width)
        raise BadPattern(what, fix=tr("宽度取 {least} 至 {most}。", least=WIDTHS[0], most=WIDTHS[-1]))
    return _Piece(kind=_Kind.SERIAL, width=int(width))


def _check(text: str, pieces: tuple[_Piece, ...]) -> None:
    kinds = [piece.kind for piece in pieces]
    what = None
    if kinds.count(_Kind.SERIAL) != 1:
        what = tr("编号规则“{pattern}”应恰有一个流水号。", pattern=text)
    elif kinds.count(_Kind.CHECK) != 1 or kinds[-1] is not _Kind.CHECK:
        what = tr("编号规则“{pattern}”应以一个校验位结尾。", pattern=text)
    elif any(kinds.count(kind) > 1 for kind in (_Kind.MONTH, _Kind.DAY)):
        what = tr("编号规则“{pattern}”里月或日写了两次。", pattern=text)
    elif kinds.count(_Kind.YEAR) + kinds.count(_Kind.SHORT_YEAR) > 1:
        what = tr("编号规则“{pattern}”里年份写了两次。", pattern=text)
    elif text.startswith("-") or "--" in text:
        what = tr("编号规则“{pattern}”的连字符应在两段之间,一处一个。", pattern=text)
    if what is not None:
        raise BadPattern(what, fix=_help())


def _form(piece: _Piece) -> str:
    if piece.text:
        return re.escape(piece.text)
    if piece.kind is _Kind.SERIAL:
        width = piece.width
        return rf"(?:(?!0{{{width}}})[0-9]{{{width}}}|[1-9][0-9]{{{width},{width + GROWTH - 1}}})"
    return _DAY_OR_LATER[piece.kind]


def _help() -> str:
    return tr(
        "可用 {places}、大写字母和连字符,如 {example}。",
        places="{yy} {yyyy} {mm} {dd} {serial:4} {check}",
        example="{yy}{mm}{dd}{serial:4}{check}",
    )


def _groups(run: str) -> list[str]:
    """Digits in as few groups of at most four as there can be, 3-4-4 for eleven; letters whole."""
    if not run.isdecimal():
        return [run]
    count = -(-len(run) // _LONGEST_GROUP)
    # Of nearly equal groups the shorter ones come first.
    cuts = [len(run) * i // count for i in range(count + 1)]
    return [run[begin:end] for begin, end in pairwise(cuts)]


def _digits(text: str) -> list[int]:
    return [int(mark) for mark in text if "0" <= mark <= "9"]

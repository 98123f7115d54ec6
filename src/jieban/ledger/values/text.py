"""Texts: stray spaces, full-width forms and invisible characters that spreadsheets and typists leave behind."""

import unicodedata

import numpy as np

from jieban.ledger.arrow import Array, Bools, bools, pa, pc, string_bytes
from jieban.ledger.raw import EXACT_NUMBERS, RawColumn

_TRIM = (
    "".join(
        chr(code)
        for code in (
            9,
            10,
            11,
            12,
            13,
            32,
            0xA0,
            0xAD,
            0x1680,
            *range(0x2000, 0x2010),
            0x2028,
            0x2029,
            0x202F,
        )
    )
    + "\u205f\u2060\u3000\ufeff"
)
_INVISIBLE = "[\u200b-\u200f\u2060\ufeff\u00ad]"
_CONTROL = r"[\x00-\x08\x0b-\x1f\x7f]"
_NOTHING = dict.fromkeys((*range(0x200B, 0x2010), 0x2060, 0xFEFF, 0xAD))
_DELETE = 0x7F
_EXPONENT = r"^[0-9](\.[0-9]+)?[eE]\+?[0-9]+$"


def clean(text: Array, *, verbatim: bool = False) -> Array:
    """Texts without outer space; unless verbatim also NFKC (full-width forms) and without invisible characters.

    Lines end with a line feed and there are no other control characters but tabs. Empty texts become null.
    """
    if not verbatim and not pc.all(pc.string_is_ascii(text)).as_py():
        text = pc.utf8_normalize(text, "NFKC")
        if pc.any(pc.match_substring_regex(text, _INVISIBLE)).as_py():
            text = pc.replace_substring_regex(text, _INVISIBLE, "")
    if _may_hold_control(text):
        text = pc.replace_substring(pc.replace_substring(text, "\r\n", "\n"), "\r", "\n")
        text = pc.replace_substring_regex(text, _CONTROL, "")
    text = pc.utf8_trim(text, _TRIM)
    empty = pc.equal(text, "")
    if pc.any(empty).as_py():
        text = pc.if_else(empty, pa.scalar(None, pa.string()), text)
    return text


def _may_hold_control(text: Array) -> bool:
    """Whether any byte is a control character other than a tab or a line feed; UTF-8 has none inside a character."""
    data, _ = string_bytes(text)
    if not len(data) or (int(data.min()) >= ord(" ") and not (data == _DELETE).any()):
        return False
    control = (data < ord(" ")) & (data != ord("\t")) & (data != ord("\n"))
    return bool(control.any()) or bool((data == _DELETE).any())


def clean_one(text: str) -> str:
    """One text as `clean` leaves it."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(_NOTHING)
    return text.strip(_TRIM)


def squeeze(text: str) -> str:
    """A text for comparing headings and words: NFKC, lower case, no space or invisible character anywhere."""
    return "".join(clean_one(text).casefold().split())


def lost_digits(column: RawColumn) -> Bools:
    """Where an identifier was kept as a number of more than 15 digits, whose last digits are gone."""
    found = np.zeros(column.length, dtype=bool)
    if column.number is not None:
        found |= bools(pc.greater_equal(pc.abs(column.number), float(EXACT_NUMBERS)))
    if column.text is not None:
        found |= bools(pc.match_substring_regex(column.text, _EXPONENT))
    return found

"""Codes, yes/no words and counts: from the words in the cells, each distinct word understood once."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from jieban.ledger.arrow import NO_INSTANT, Array, Bools, Ints, distinct, pa, pc, spread, valid
from jieban.ledger.raw import RawColumn
from jieban.ledger.schema import CODE
from jieban.ledger.values.text import clean, squeeze

Find = Callable[[str, int | None], str | None]
"""From a word and a day (days since 1970, None for any) to a code; None for a word that means nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """Values understood (null where empty or not understood) and where a filled cell was not understood."""

    values: Array
    bad: Bools


def replace_words(text: Array, replacements: Mapping[str, str]) -> Array:
    """Cleaned texts with the mapping's own words put in place, each matched whole."""
    if not replacements:
        return text
    squeezed = {squeeze(word): value for word, value in replacements.items()}
    words, which = distinct(text)
    return spread([squeezed.get(squeeze(word), word) for word in words], which, pa.string())


def find_codes(text: Array, find: Find, days: Ints | None) -> Words:
    """The codes that words mean, each on its row's day; `days` None where the day makes no difference."""
    words, which = distinct(text)
    if days is None:
        found = _Codes(find(word, None) for word in words)
        codes = np.append(found.indices, -1)[which]
    else:
        low = int(days[days != NO_INSTANT].min()) if (days != NO_INSTANT).any() else 0
        span = int(days.max()) - low + 2 if (days != NO_INSTANT).any() else 1
        day = np.where(days == NO_INSTANT, 0, days - low + 1)
        keys, places = np.unique(np.where(which < 0, -1, which * span + day), return_inverse=True)
        found = _Codes(
            None
            if key < 0
            else find(words[key // span], None if key % span == 0 else int(key % span) + low - 1)
            for key in keys.tolist()
        )
        codes = found.indices[places]
    values = pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32(), mask=codes < 0), found.codes).cast(
        CODE
    )
    return Words(values=values, bad=(which >= 0) & (codes < 0))


class _Codes:
    """Codes numbered in the order of their first appearance; -1 for none."""

    def __init__(self, found: Iterable[str | None]) -> None:
        numbers: dict[str, int] = {}
        indices = [-1 if code is None else numbers.setdefault(code, len(numbers)) for code in found]
        self.indices = np.array(indices, dtype=np.int64)
        self.codes = pa.array(list(numbers), pa.string())


def parse_flags(column: RawColumn, text: Array, find: Callable[[str], bool | None]) -> Words:
    """Yes/no cells; `text` are the column's texts, cleaned and replaced, and its numbers as text."""
    words, which = distinct(text)
    values: Any = spread([find(word) for word in words], which, pa.bool_())
    bad = valid(text) & ~valid(values)
    if column.flag is not None:
        values = pc.coalesce(column.flag, values)
        bad &= ~valid(column.flag)
    return Words(values=values, bad=bad)


_COUNT = r"^([0-9]{1,9})(\.0+)?(次|天|日|个工作日|工作日|件)?$"


def parse_counts(text: Array) -> Words:
    """Whole numbers, with or without what is counted after them."""
    digits = pc.replace_substring_regex(
        pc.if_else(pc.match_substring_regex(text, _COUNT), text, pa.scalar(None, pa.string())), _COUNT, "\\1"
    )
    values = digits.cast(pa.int32())
    return Words(values=values, bad=valid(text) & ~valid(values))


def text_of(column: RawColumn, replacements: Mapping[str, str], *, verbatim: bool = False) -> Array:
    """All cells of a column as cleaned texts, with the mapping's own words put in place."""
    return replace_words(clean(column.as_text(), verbatim=verbatim), replacements)

"""Codes, yes/no words and counts: from the words in the cells, each distinct word understood once."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from jieban.ledger.arrow import NO_INSTANT, Array, Bools, Ints, ints, pa, pc, spread, valid
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Spoken:
    """A column of words, each distinct one once and cleaned; `which` is -1 for an empty cell."""

    words: tuple[str, ...]
    which: Ints

    def take(self, rows: Ints) -> "Spoken":
        """The cells of some rows."""
        return Spoken(words=self.words, which=self.which[rows])

    @property
    def filled(self) -> Bools:
        """Which cells hold a word."""
        found: Bools = self.which >= 0
        return found

    def texts(self) -> Array:
        """The cells as an Arrow column."""
        return spread(self.words, self.which, pa.string())

    def replaced(self, replacements: Mapping[str, str]) -> "Spoken":
        """The column with the mapping's own words put in place, each matched whole."""
        if not replacements:
            return self
        squeezed = {squeeze(word): value for word, value in replacements.items()}
        return _spoken([squeezed.get(squeeze(word), word) for word in self.words], self.which)


def _spoken(words: Sequence[str | None], which: Ints) -> Spoken:
    """A column whose words may be missing or the same."""
    numbers: dict[str, int] = {}
    places = [-1 if word is None else numbers.setdefault(word, len(numbers)) for word in words]
    return Spoken(words=tuple(numbers), which=np.array([*places, -1], dtype=np.int64)[which])


def joined_words(columns: Sequence[Spoken]) -> Spoken:
    """Several columns, one below the other."""
    starts = np.cumsum([0, *(len(column.words) for column in columns)])
    which = [
        np.where(column.filled, column.which + start, -1)
        for column, start in zip(columns, starts.tolist(), strict=False)
    ]
    return _spoken([word for column in columns for word in column.words], np.concatenate(which))


def spoken(column: RawColumn, replacements: Mapping[str, str]) -> Spoken:
    """All cells of a column as cleaned words, with the mapping's own words put in place."""
    encoded = column.as_text().dictionary_encode()
    return _spoken(clean(encoded.dictionary).to_pylist(), ints(encoded.indices, -1)).replaced(replacements)


def find_codes(spoken: Spoken, find: Find, days: Ints | None) -> Words:
    """The codes that words mean, each on its row's day; `days` None where the day makes no difference."""
    words, which = spoken.words, spoken.which
    if days is None:
        found = _Codes(find(word, None) for word in words)
        codes = np.append(found.indices, -1)[which]
    else:
        known = days[days != NO_INSTANT]
        low = int(known.min()) if len(known) else 0
        span = int(known.max()) - low + 2 if len(known) else 1
        day = np.where(days == NO_INSTANT, 0, days - low + 1)
        keys, places = np.unique(np.where(which < 0, -1, which * span + day), return_inverse=True)
        found = _Codes(None if key < 0 else find(*_word_on(words, key, span, low)) for key in keys.tolist())
        codes = found.indices[places]
    indices = pa.array(codes, pa.int32(), mask=codes < 0)
    values = pa.DictionaryArray.from_arrays(indices, found.codes).cast(CODE)
    return Words(values=values, bad=(which >= 0) & (codes < 0))


def _word_on(words: Sequence[str], key: int, span: int, low: int) -> tuple[str, int | None]:
    day = key % span
    return words[key // span], None if day == 0 else day + low - 1


class _Codes:
    """Codes numbered in the order of their first appearance; -1 for none."""

    def __init__(self, found: Iterable[str | None]) -> None:
        numbers: dict[str, int] = {}
        indices = [-1 if code is None else numbers.setdefault(code, len(numbers)) for code in found]
        self.indices = np.array(indices, dtype=np.int64)
        self.codes = pa.array(list(numbers), pa.string())


def parse_flags(column: RawColumn, spoken: Spoken, find: Callable[[str], bool | None]) -> Words:
    """Yes/no cells; `spoken` are the column's texts and numbers."""
    values: Any = spread([find(word) for word in spoken.words], spoken.which, pa.bool_())
    bad = spoken.filled & ~valid(values)
    if column.flag is not None:
        values = pc.coalesce(column.flag, values)
        bad &= ~valid(column.flag)
    return Words(values=values, bad=bad)


_COUNT = re.compile(r"([0-9]{1,9})(\.0+)?(次|天|日|个工作日|工作日|件)?")


def parse_counts(spoken: Spoken) -> Words:
    """Whole numbers, with or without what is counted after them."""
    found = [_COUNT.fullmatch(word) for word in spoken.words]
    values = spread([match and int(match[1]) for match in found], spoken.which, pa.int32())
    return Words(values=values, bad=spoken.filled & ~valid(values))

"""Cells that name several units: who handles an order, and who leads."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from jieban.ledger.arrow import Array, Ints, pa
from jieban.ledger.schema import Role
from jieban.ledger.values.domains import Domain
from jieban.ledger.values.text import clean_one
from jieban.ledger.values.words import Spoken, joined_words

_LEAD, _ASSIST = "主办|牵头|主责|责任", "协办|配合|会办|协同"
_BEFORE = re.compile(rf"(?P<role>{_LEAD}|{_ASSIST})(?:单位|部门)?\s*:\s*(?P<unit>.+)", re.DOTALL)
_AFTER = re.compile(rf"(?P<unit>.+?)\s*[(\[](?P<role>{_LEAD}|{_ASSIST})(?:单位|部门)?[)\]]", re.DOTALL)


@dataclass(frozen=True, kw_only=True, slots=True)
class Pieces:
    """Units named in cells: the row of each, the word, and the role where the cell says it (null elsewhere)."""

    rows: Ints
    words: Spoken
    roles: Array


def split_units(spoken: Spoken, separators: Sequence[str], domain: Domain, role: Role | None) -> Pieces:
    """Every unit in a column of cleaned cells, in order. A cell that is a known name as a whole is not split."""
    splitter = _Splitter(separators, domain, role)
    which = spoken.which
    split = [splitter.split(cell) for cell in spoken.words]
    # An empty cell's -1 picks the 0 at the end.
    counts = np.array([*map(len, split), 0], dtype=np.int64)
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    rows = np.repeat(np.arange(len(which), dtype=np.int64), counts[which])
    first_of_row = np.concatenate([[0], np.cumsum(counts[which])])[:-1]
    within = np.arange(len(rows), dtype=np.int64) - first_of_row[rows]
    places = starts[which[rows]] + within
    numbers: dict[str, int] = {}
    word_of = [numbers.setdefault(word, len(numbers)) for cell in split for word, _ in cell]
    roles = pa.array([part for cell in split for _, part in cell], pa.string())
    words = Spoken(words=tuple(numbers), which=np.array(word_of, dtype=np.int64)[places])
    return Pieces(rows=rows, words=words, roles=roles.take(pa.array(places)))


class _Splitter:
    """Splits cells; understands each piece once, however many cells hold it."""

    def __init__(self, separators: Sequence[str], domain: Domain, role: Role | None) -> None:
        self._pattern = re.compile("|".join(["\n", *(re.escape(clean_one(s) or s) for s in separators)]))
        self._known = cache(lambda word: domain.find(word, None) is not None)
        self._understood = cache(self._piece)
        self._role = role
        # Names with a separator in them are rare: without any, cells needn't be looked up whole.
        self._whole = any(self._pattern.search(clean_one(spelling)) for spelling in domain.spellings)

    def split(self, cell: str) -> list[tuple[str, Role | None]]:
        """The units of a cell, each with its role where the cell says it."""
        if self._whole and self._known(cell):
            return [(cell, self._role)]
        found: list[tuple[str, Role | None]] = []
        carried = self._role
        for piece in self._pattern.split(cell):
            word, role, holds_on = self._understood(piece)
            if word:
                found.append((word, role or carried))
            if holds_on:
                carried = role
        return found or [(cell, self._role)]

    def _piece(self, piece: str) -> tuple[str, Role | None, bool]:
        """The word, the role that the piece says, and whether it holds for the words after it too."""
        piece = piece.strip()
        if not self._known(piece):
            if before := _BEFORE.fullmatch(piece):
                # 协办:甲、乙 — what stands before the colon holds for all that follow.
                return before["unit"].strip(), _role(before["role"]), True
            if after := _AFTER.fullmatch(piece):
                return after["unit"].strip(), _role(after["role"]), False
        return piece, None, False


def _role(word: str) -> Role:
    return Role.LEAD if re.fullmatch(_LEAD, word) else Role.ASSIST


def joined_pieces(pieces: Sequence[Pieces]) -> Pieces:
    """Pieces of several columns, row by row in the order of the columns."""
    if len(pieces) == 1:
        return pieces[0]
    rows = np.concatenate([piece.rows for piece in pieces])
    order = np.argsort(rows, kind="stable")
    return Pieces(
        rows=rows[order],
        words=joined_words([piece.words for piece in pieces]).take(order),
        roles=pa.concat_arrays([piece.roles for piece in pieces]).take(pa.array(order)),
    )

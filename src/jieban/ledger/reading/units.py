"""Cells that name several units: who handles an order, and who leads."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from jieban.ledger.arrow import Array, Ints, distinct, pa
from jieban.ledger.schema import Role
from jieban.ledger.values.text import clean_one

_LEAD, _ASSIST = "主办|牵头|主责|责任", "协办|配合|会办|协同"
_BEFORE = re.compile(rf"(?P<role>{_LEAD}|{_ASSIST})(?:单位|部门)?\s*:\s*(?P<unit>.+)", re.DOTALL)
_AFTER = re.compile(rf"(?P<unit>.+?)\s*[(\[](?P<role>{_LEAD}|{_ASSIST})(?:单位|部门)?[)\]]", re.DOTALL)


@dataclass(frozen=True, kw_only=True, slots=True)
class Pieces:
    """Units named in cells: the row of each, the word, and the role where the cell says it (null elsewhere)."""

    rows: Ints
    words: Array
    roles: Array


def split_units(
    text: Array, separators: Sequence[str], known: Callable[[str], bool], role: Role | None
) -> Pieces:
    """Every unit in a column of cleaned cells, in order. A cell that is a known name as a whole is not split."""
    pattern = re.compile("|".join(["\n", *(re.escape(clean_one(s) or s) for s in separators)]))
    cells, which = distinct(text)
    split = [_split(cell, pattern, known, role) for cell in cells]
    # An empty cell's -1 picks the 0 at the end.
    counts = np.array([*map(len, split), 0], dtype=np.int64)
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    rows = np.repeat(np.arange(len(which), dtype=np.int64), counts[which])
    first_of_row = np.concatenate([[0], np.cumsum(counts[which])])[:-1]
    within = np.arange(len(rows), dtype=np.int64) - first_of_row[rows]
    places = pa.array(starts[which[rows]] + within)
    words = pa.array([word for cell in split for word, _ in cell], pa.string())
    roles = pa.array([part for cell in split for _, part in cell], pa.string())
    return Pieces(rows=rows, words=words.take(places), roles=roles.take(places))


def _split(
    cell: str, pattern: re.Pattern[str], known: Callable[[str], bool], role: Role | None
) -> list[tuple[str, Role | None]]:
    if known(cell):
        return [(cell, role)]
    found: list[tuple[str, Role | None]] = []
    carried = role
    for piece in map(str.strip, pattern.split(cell)):
        if not piece:
            continue
        own = carried
        word = piece
        if not known(piece):
            if before := _BEFORE.fullmatch(piece):
                # 协办:甲、乙 — what stands before the colon holds for all that follow.
                word, own = before["unit"], _role(before["role"])
                carried = own
            elif after := _AFTER.fullmatch(piece):
                word, own = after["unit"], _role(after["role"])
        found.append((word.strip(), own))
    return found or [(cell, role)]


def _role(word: str) -> Role:
    return Role.LEAD if re.fullmatch(_LEAD, word) else Role.ASSIST


def joined_pieces(pieces: Sequence[Pieces]) -> Pieces:
    """Pieces of several columns, row by row in the order of the columns."""
    rows = np.concatenate([piece.rows for piece in pieces])
    order = np.argsort(rows, kind="stable")
    indices = pa.array(order)
    return Pieces(
        rows=rows[order],
        words=pa.concat_arrays([piece.words for piece in pieces]).take(indices),
        roles=pa.concat_arrays([piece.roles for piece in pieces]).take(indices),
    )

"""Which rows of a sheet are its headings, and what each column is called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from jieban.ledger.raw import RawSheet, show
from jieban.ledger.schema import TABLES, Column, TableSchema
from jieban.ledger.values.text import clean_one, squeeze

SEARCHED_ROWS = 40
MOST_HEADING_ROWS = 4
LEAST_MATCHES = 2
_LONGEST_HEADING = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class Headings:
    """The rows of headings (the first counted from 1, as programs show it) and each column's name.

    `known` tells whether they were recognised by what they say, or only guessed from their place.
    """

    row: int
    rows: int
    names: tuple[str, ...]
    known: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """A canonical column that a heading may mean; lower `rank` is a better match."""

    schema: TableSchema
    column: Column
    rank: int


def _index() -> Mapping[str, tuple[Target, ...]]:
    found: dict[str, list[Target]] = {}
    for schema in TABLES:
        for column in schema.columns:
            spelled = [(column.heading, 0), *((synonym, 1) for synonym in column.synonyms), (column.name, 2)]
            for spelling, rank in spelled:
                found.setdefault(squeeze(spelling), []).append(
                    Target(schema=schema, column=column, rank=rank)
                )
    return {spelling: tuple(targets) for spelling, targets in found.items()}


_TARGETS = _index()
_EXTRA = frozenset(map(squeeze, ("主办单位", "协办单位", "配合单位", "序号", "备注")))
_ORNAMENTS = "*※:: "


@lru_cache(maxsize=10_000)
def targets_of(name: str) -> tuple[Target, ...]:
    """The canonical columns that a heading may mean, whole or by its last part (签收/时间, 延期(天), *编号)."""
    parts = name.split("/")
    for form in (name, "".join(parts), parts[-1]):
        plain = squeeze(form).strip(_ORNAMENTS)
        for spelling in (plain, plain.partition("(")[0]):
            if found := _TARGETS.get(spelling):
                return found
    return ()


def find_headings(sheet: RawSheet) -> Headings | None:
    """The sheet's headings; None for a sheet without anything like them."""
    searched = min(sheet.height, SEARCHED_ROWS)
    rows = [sheet.row(index) for index in range(searched)]
    best = max(range(searched), key=lambda index: (_matches(rows[index]), -index), default=None)
    known = best is not None and _matches(rows[best]) >= LEAST_MATCHES
    if not known:
        best = _like_headings(rows)
    if best is None:
        return None
    first, last = _block(sheet, best)
    return Headings(
        row=first + 1,
        rows=last - first + 1,
        names=heading_names(sheet, first + 1, last - first + 1),
        known=known,
    )


def _matches(row: Sequence[str]) -> int:
    short = [cell for cell in row if 0 < len(cell) <= _LONGEST_HEADING]
    return len({squeeze(cell) for cell in short if targets_of(cell) or squeeze(cell) in _EXTRA})


def _like_headings(rows: Sequence[Sequence[str]]) -> int | None:
    """The first row that fills most of the width with short, different texts."""
    width = max((sum(map(bool, row)) for row in rows), default=0)
    for index, row in enumerate(rows):
        cells = [cell for cell in row if cell]
        if (
            len(cells) >= max(LEAST_MATCHES, width * 0.6)
            and len(set(cells)) == len(cells)
            and all(len(cell) <= _LONGEST_HEADING and not cell[0].isdigit() for cell in cells)
        ):
            return index
    return None


def _block(sheet: RawSheet, best: int) -> tuple[int, int]:
    """The first and last row of the headings around row `best`: merged cells bind rows together."""
    first = last = best
    for merged in sheet.merged:
        if merged.top <= best <= merged.bottom and merged.bottom - merged.top < MOST_HEADING_ROWS:
            first, last = min(first, merged.top), max(last, merged.bottom)
    # A row of group headings without anything merged downwards still names what is below it twice.
    names = [cell for cell in sheet.row(best) if cell]
    if first == best > 0 and len(set(names)) < len(names):
        wide = [m for m in sheet.merged if m.top == m.bottom == best - 1 and m.right > m.left]
        if len(wide) > 1:
            first = best - 1
    return first, last


def heading_names(sheet: RawSheet, row: int, rows: int) -> tuple[str, ...]:
    """The name of every column, from `rows` heading rows of which the first is `row` (from 1).

    The parts of headings in several rows are joined with a slash; a name used again gets #2, #3; a column without a
    name is named for its letter, as [C].
    """
    first = row - 1
    grid = [
        [clean_one(show(column.value(index))) if index < sheet.height else "" for column in sheet.columns]
        for index in range(first, first + rows)
    ]
    for merged in sheet.merged:
        top, bottom = max(merged.top, first), min(merged.bottom, first + rows - 1)
        if merged.top < first or top > bottom:
            continue
        value = grid[merged.top - first][merged.left] if merged.left < len(sheet.columns) else ""
        for line in range(top, bottom + 1):
            for column in range(merged.left, min(merged.right + 1, len(sheet.columns))):
                grid[line - first][column] = value
    names: list[str] = []
    seen: dict[str, int] = {}
    for index, cells in enumerate(zip(*grid, strict=True)):
        parts = dict.fromkeys("".join(cell.split()) if not cell.isascii() else cell for cell in cells if cell)
        name = "/".join(parts) or f"[{column_letter(index)}]"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return tuple(names)


def column_letter(index: int) -> str:
    """A column's letters, counted from 0: A, B, … Z, AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters

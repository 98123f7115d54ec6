"""What a file seems to be, for a person to judge, and the mapping to correct."""

from collections.abc import Iterable
from collections.abc import Mapping as Map
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from jieban.kernel.i18n import listed, tr
from jieban.kernel.typography import fullwidth
from jieban.ledger.doors.open import open_raw
from jieban.ledger.doors.workbook import DEFAULT_LIMITS, Limits
from jieban.ledger.mapping.absent import absent_columns
from jieban.ledger.mapping.emit import to_toml
from jieban.ledger.mapping.guess import Guess, guess_book
from jieban.ledger.mapping.model import Mapping, SheetMapping
from jieban.ledger.mapping.needs import missing
from jieban.ledger.raw import FileKind, filled_rows
from jieban.ledger.reading.units import split_units
from jieban.ledger.schema import ABSENT, table
from jieban.ledger.values.domains import domain_of
from jieban.ledger.values.text import lost_digits
from jieban.ledger.values.words import Spoken, spoken
from jieban.profile.city import Profile

_SAMPLES = 3
_MOST_UNKNOWN = 30
_SENT, _RECEIVED = "handlings.dispatched_at", "received_at"


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnFound:
    """A column of the file: its heading, what it fills, some of its contents, and words the profile doesn't know.

    `lost` counts the cells that were kept as numbers of more digits than a spreadsheet holds.
    """

    heading: str
    targets: tuple[str, ...]
    filled: int
    samples: tuple[str, ...]
    unknown: Map[str, int]
    lost: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SheetFound:
    """A sheet: the mapping suggested for it, its columns, and the required columns that nothing fills.

    `stated_absent` is what a ledger of our own says of the columns that its source lacked.
    """

    name: str
    rows: int
    hidden: bool
    recognised: bool
    mapping: SheetMapping
    columns: tuple[ColumnFound, ...]
    missing: tuple[str, ...]
    stated_absent: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Inspection:
    """What was found in a file."""

    path: Path
    kind: FileKind
    notes: tuple[str, ...]
    sheets: tuple[SheetFound, ...]

    @property
    def mapping(self) -> Mapping:
        """The suggested mapping of all sheets."""
        return Mapping(sheets=tuple(sheet.mapping for sheet in self.sheets))

    def as_dict(self) -> dict[str, object]:
        """The findings for `--json`."""
        return {
            "file": self.path.name,
            "kind": self.kind.value,
            "notes": list(self.notes),
            "sheets": [
                {
                    "name": sheet.name,
                    "rows": sheet.rows,
                    "hidden": sheet.hidden,
                    "table": sheet.mapping.table,
                    "row_is": sheet.mapping.rows.value,
                    "heading_row": sheet.mapping.heading_row,
                    "heading_rows": sheet.mapping.heading_rows,
                    "missing": list(sheet.missing),
                    "columns": [
                        {
                            "heading": column.heading,
                            "targets": list(column.targets),
                            "filled": column.filled,
                            "samples": list(column.samples),
                            "unknown": dict(column.unknown),
                            "lost": column.lost,
                        }
                        for column in sheet.columns
                    ],
                }
                for sheet in self.sheets
            ],
        }


def inspect_file(
    path: Path, profile: Profile | None = None, *, limits: Limits = DEFAULT_LIMITS
) -> Inspection:
    """Look at a file. With a profile also tells the words that it doesn't know. Raises BadFile."""
    book = open_raw(path, limits)
    return Inspection(
        path=path,
        kind=book.kind,
        notes=book.notes,
        sheets=tuple(_sheet(guess, profile) for guess in guess_book(book)),
    )


def absent_together(found: Iterable[Inspection]) -> Map[str, tuple[str, ...]]:
    """For each table in these files the distinct `absent_columns` that reading them together would note."""
    sheets = [sheet for each in found for sheet in each.sheets]
    return absent_columns((sheet.mapping, sheet.stated_absent) for sheet in sheets)


def write_mapping(mapping: Mapping, path: Path) -> None:
    """Write a suggested mapping as TOML, with notes on what to correct."""
    path.write_text(to_toml(mapping), encoding="utf-8")


def _sheet(guess: Guess, profile: Profile | None) -> SheetFound:
    names = guess.headings.names if guess.headings else ()
    start = guess.headings.row + guess.headings.rows - 1 if guess.headings else 0
    columns = tuple(_column(guess, place, name, start, profile) for place, name in enumerate(names))
    filled = filled_rows(guess.sheet.columns, guess.sheet.height)[start:]
    return SheetFound(
        name=guess.sheet.name,
        rows=int(np.count_nonzero(filled)),
        hidden=guess.sheet.hidden,
        recognised=guess.mapping.table is not None,
        mapping=_suggested(guess, columns),
        columns=columns,
        missing=guess.missing,
        stated_absent=_stated_absent(guess, start),
    )


def _stated_absent(guess: Guess, start: int) -> tuple[str, ...]:
    for place, name in enumerate(guess.headings.names if guess.headings else ()):
        if ABSENT in guess.mapping.columns.get(name, ()):
            rows = np.arange(start, guess.sheet.height, dtype=np.int64)
            return spoken(guess.sheet.columns[place].take(rows), {}).words
    return ()


def _column(guess: Guess, place: int, name: str, start: int, profile: Profile | None) -> ColumnFound:
    rows = np.arange(start, guess.sheet.height, dtype=np.int64)
    cells = guess.sheet.columns[place].take(rows)
    said = spoken(cells, {})
    targets = guess.mapping.columns.get(name, ())
    return ColumnFound(
        heading=name,
        targets=targets,
        filled=int(np.count_nonzero(said.filled)),
        samples=said.words[:_SAMPLES],
        unknown={} if profile is None else _unknown(guess, targets, said, profile),
        lost=int(np.count_nonzero(lost_digits(cells))),
    )


def _unknown(guess: Guess, targets: tuple[str, ...], said: Spoken, profile: Profile) -> dict[str, int]:
    """Words of coded columns that the profile doesn't know, with how often each comes, most often first."""
    found: dict[str, int] = {}
    for target in targets:
        schema, _, column_name = guess.mapping.qualified(target).partition(".")
        column = next((c for c in table(schema).columns if c.name == column_name), None)
        # Topics hang on other columns: `check` tells of them.
        if column is not None and column.domain and "topic" not in column.domain:
            found |= _unknown_words(said, column.domain, guess.mapping.unit_separators, profile)
    return dict(sorted(found.items(), key=lambda item: -item[1])[:_MOST_UNKNOWN])


def _unknown_words(said: Spoken, name: str, separators: tuple[str, ...], profile: Profile) -> dict[str, int]:
    domain = domain_of(profile, name)
    if name == "units":
        said = split_units(said, separators, domain, None).words
    counts = np.bincount(said.which[said.filled], minlength=len(said.words)).tolist()
    return {word: n for word, n in zip(said.words, counts, strict=True) if domain.find(word, None) is None}


def _suggested(guess: Guess, columns: tuple[ColumnFound, ...]) -> SheetMapping:
    """The guess with every heading listed, and with notes."""
    # Next month's file of the same system has the same columns.
    mapping = replace(guess.mapping, file="*")
    notes = []
    if guess.headings is None:
        return replace(mapping, reason=tr("没有找到标题行"))
    every = {name: mapping.columns.get(name, ()) for name in guess.headings.names}
    if mapping.table is None:
        return replace(
            mapping,
            reason=tr("隐藏的工作表") if guess.sheet.hidden else tr("标题不像任何一张台账表"),
            columns=every,
        )
    if _SENT in guess.missing and (heading := _heading_of(mapping, _RECEIVED)):
        every[heading] = (*every[heading], "dispatched_at", _SENT)
        notes.append(tr("没有找到派单时间,暂以“{heading}”代替,请核对。", heading=heading))
    filled = replace(mapping, columns=every)
    notes += [
        tr(
            "缺少 {name}({heading}):请在 columns 中指明哪一列,或在 constants 中写一个常量。",
            name=name,
            heading=table(name.partition(".")[0]).column(name.partition(".")[2]).heading,
        )
        for name in missing(filled)
    ]
    for column in columns:
        if column.unknown:
            words = listed(fullwidth(f"{word}({count})") for word, count in column.unknown.items())
            notes.append(
                tr(
                    "“{heading}”中配置不认识的写法:{words}。可在 values 中逐一指明。",
                    heading=column.heading,
                    words=words,
                )
            )
    return replace(filled, notes=tuple(notes))


def _heading_of(mapping: SheetMapping, target: str) -> str | None:
    return next((heading for heading, targets in mapping.columns.items() if target in targets), None)

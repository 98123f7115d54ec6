"""What the forms share: whole files or none, numbered captions, the words around the report's own."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources import files
from math import ceil
from pathlib import Path
from secrets import token_hex

from jieban.report.charts.measure import ems
from jieban.report.document import (
    Align,
    Annex,
    Block,
    ChartBlock,
    Document,
    Run,
    TableBlock,
    Text,
    plain,
)
from jieban.report.render import words as said
from jieban.report.render.balance import balanced
from jieban.report.render.folding import folded, has_long_text


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A path beside `path` to write to; it takes the place of `path` when the block ends well, else it is gone."""
    beside = path.with_name(f".{path.stem}.{token_hex(4)}{path.suffix}")
    try:
        yield beside
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def write_whole(path: Path, content: bytes) -> None:
    """Write `content` to `path`, or leave `path` as it was."""
    with written_whole(path) as beside:
        beside.write_bytes(content)


def issued_utc(document: Document) -> datetime:
    """When the document was issued, in UTC and without a zone, as office files store it."""
    return document.issued.astimezone(UTC).replace(tzinfo=None)


def template(name: str) -> str:
    """A file of `templates/`, as text."""
    return (files(__package__) / "templates" / name).read_text(encoding="utf-8")


def printed_blocks(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """The blocks that paper shows: tables made for the workbook alone are left out, crowded ones folded."""
    return tuple(
        folded(block, paper_widths(block)) if isinstance(block, TableBlock) else block
        for block in blocks
        if not (isinstance(block, TableBlock) and not block.in_body)
    )


class Captions:
    """The numbered captions (表1 …, 图1 …) of a document's tables and charts, in the report's order.

    A table that only the workbook shows has no number.
    """

    def __init__(self, document: Document) -> None:
        self._numbered: dict[tuple[type[Block], str], str] = {}
        tables = charts = 0
        for block in document.all_blocks():
            match block:
                case TableBlock(in_body=True):
                    tables += 1
                    self._numbered[TableBlock, block.id] = f"{said.TABLE}{tables}\u3000{block.caption}"
                case ChartBlock():
                    charts += 1
                    self._numbered[ChartBlock, block.id] = f"{said.CHART}{charts}\u3000{block.caption}"
                case _:
                    pass

    def of(self, block: TableBlock | ChartBlock) -> str:
        """The caption of `block` as it is printed."""
        return self._numbered.get((type(block), block.id), block.caption)


def annex_label(annex: Annex) -> str:
    """附件1, as it stands at the top left of the annex."""
    return f"{said.ANNEX}{annex.number}"


# What XML 1.0 has no place for, in text or out of it.
_UNPRINTABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def printable(text: str) -> str:
    """`text` with each character that XML can't hold shown as U+FFFD."""
    return _UNPRINTABLE.sub("\ufffd", text)


_HALF_ROW_EMS = 14


def header_rows(pairs: tuple[tuple[str, str], ...]) -> list[list[tuple[str, str]]]:
    """The publication header's rows, in order: two short pairs side by side, a long one alone."""
    rows: list[list[tuple[str, str]]] = []
    half_open = False
    for pair in pairs:
        short = ems(pair[1]) <= _HALF_ROW_EMS
        if short and half_open:
            rows[-1].append(pair)
            half_open = False
        else:
            rows.append([pair])
            half_open = short
    return rows


TEXT_WIDTH_POINTS = 156 / 25.4 * 72
_LETTERS = 10.5  # points: 五号
_FINE_LETTERS = 9.0  # points: 小五
_MANY_COLUMNS = 8
_SOME_COLUMNS = 6
_PADDING_POINTS = 12.0  # of a cell, both sides, and a little more than that


def letters_of(table: TableBlock) -> float:
    """The size of the table's letters on paper in points.

    Smaller where it has many columns or much prose, or some columns that don't fit side by side.
    """
    columns = len(table.columns)
    prose = any(has_long_text(table, at) for at in range(columns))
    crowded = columns >= _SOME_COLUMNS and (
        sum(_needed_widths(table, _PADDING_POINTS / _LETTERS)) > TEXT_WIDTH_POINTS / _LETTERS
    )
    return _FINE_LETTERS if prose or columns >= _MANY_COLUMNS or crowded else _LETTERS


def paper_widths(table: TableBlock) -> list[float]:
    """The columns' widths on paper, in ems of the table's letters."""
    letters = letters_of(table)
    return column_widths(table, TEXT_WIDTH_POINTS / letters, _PADDING_POINTS / letters)


def lines_of(table: TableBlock) -> list[int]:
    """About how many lines each row takes on paper, the heading first, totals last."""
    widths = paper_widths(table)
    padding = _PADDING_POINTS / letters_of(table)
    headings = tuple(Text(column.heading) for column in table.columns)
    return [
        max(
            (
                sum(ceil(long / max(1.0, width - padding)) or 1 for long in _line_lengths(cell))
                for cell, width in zip(row, widths, strict=True)
            ),
            default=1,
        )
        for row in (headings, *table.rows, *table.total_rows)
    ]


def _line_lengths(cell: Run) -> tuple[float, ...]:
    """How long each line is that a cell breaks itself, in ems."""
    return tuple(ems(line) for line in plain([cell]).split("\n"))


_SHORT_HEADING_EMS = 4


def _needed_widths(table: TableBlock, padding_ems: float, *, broken_headings: bool = False) -> list[float]:
    """What each column needs for its words on one line, its heading on two where that is long."""

    def heading(words: str) -> float:
        wide = ems(words)
        return wide / 2 + 0.5 if broken_headings and wide > _SHORT_HEADING_EMS else wide

    rows = (*table.rows, *table.total_rows)
    return [
        max([heading(column.heading), *(ems(plain([row[at]])) for row in rows)]) + padding_ems
        for at, column in enumerate(table.columns)
    ]


def column_widths(table: TableBlock, room_ems: float, padding_ems: float) -> list[float]:
    """The columns' widths in ems of the table's letters, together `room_ems`, `padding_ems` of each left blank.

    Where all words fit on one line, what is left is given out by the model's widths. Else narrow columns get
    what they need, their headings on two lines if need be and longer than four characters; the wide ones share the
    rest alike.
    """
    needed = _needed_widths(table, padding_ems)
    if (spare := room_ems - sum(needed)) >= 0:
        hints = sum(column.width for column in table.columns)
        return [
            width + spare * column.width / hints for width, column in zip(needed, table.columns, strict=True)
        ]
    needed = _needed_widths(table, padding_ems, broken_headings=True)
    widths = [0.0] * len(needed)
    room, waiting = room_ems, sorted(range(len(needed)), key=lambda at: needed[at])
    while waiting:
        at = waiting.pop(0)
        widths[at] = min(needed[at], room / (len(waiting) + 1))
        room -= widths[at]
    widest = max(range(len(widths)), key=lambda at: needed[at])
    widths[widest] += room
    cells = [[_line_lengths(cell) for cell in row] for row in (*table.rows, *table.total_rows)]
    widths = balanced(cells, widths, _least_widths(table, widths, padding_ems), padding_ems)
    return _without_orphans(table, widths, padding_ems)


_FEWEST_EMS = 5.0


def _least_widths(table: TableBlock, widths: list[float], padding_ems: float) -> list[float]:
    """What each column needs at least: its numbers unbroken, its heading on two lines, some characters of prose."""
    rows = (*table.rows, *table.total_rows)
    headings = _needed_widths(replace(table, rows=(), total_rows=()), padding_ems, broken_headings=True)
    least = []
    for at, heading in enumerate(headings):
        said = [line for row in rows for line in plain([row[at]]).split("\n")]
        numbers = max((ems(each) for each in said if each.isascii()), default=0.0)
        words = max((ems(each) for each in said if not each.isascii()), default=0.0)
        least.append(max(heading, numbers + padding_ems, min(words, _FEWEST_EMS) + padding_ems))
    return [min(width, each) for width, each in zip(widths, least, strict=True)]


_LINES_OF_A_NAME = 3
_NARROWED = 0.7


def _without_orphans(table: TableBlock, widths: list[float], padding_ems: float) -> list[float]:
    """The widths with columns of names narrowed until none leaves a single character on its last line.

    What that frees goes to the other columns alike.
    """
    out = list(widths)
    for at, width in enumerate(widths):
        room = int(width - padding_ems)
        rows = (*table.rows, *table.total_rows)
        said = (line for row in rows for line in plain([row[at]]).split("\n"))
        # A number has no place to break at: narrower it would only lose its last digits to a second line.
        names = {ceil(ems(each)) for each in said if not each.isascii()}
        broken = {name for name in names if name > room}
        names_stand_here = table.columns[at].align is Align.LEFT and room > 0
        if not (names_stand_here and broken) or max(broken) > _LINES_OF_A_NAME * room:
            continue
        least = max(2, ceil(room * _NARROWED))
        fits = next(
            (less for less in range(room, least - 1, -1) if all(n % less != 1 for n in names if n > less)),
            room,
        )
        if fits < room:
            freed = width - (fits + padding_ems + 0.1)
            out[at] -= freed
            for other in range(len(out)):
                if other != at:
                    out[other] += freed / (len(out) - 1)
    return out


def strengths(runs: Sequence[Run]) -> list[bool]:
    """Which runs are set strong: strong words, and figures that stand among them."""

    def nearest(steps: Iterable[int]) -> bool:
        return next((found.strong for at in steps if isinstance(found := runs[at], Text)), False)

    return [
        run.strong
        if isinstance(run, Text)
        else nearest(range(at - 1, -1, -1)) and nearest(range(at + 1, len(runs)))
        for at, run in enumerate(runs)
    ]

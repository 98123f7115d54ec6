"""How much room each block takes on Word's page, without Word: from the styles' own pitches.

Lengths are twips (twentieths of a point), as Word has them. Lines stand at exact distances, so that only the number of
lines has to be found: characters at 28 a line, digits half as wide, commas hang over a line's end.

Programs differ in one thing: the styles ask for no blank between Chinese and digits, Word gives none, LibreOffice a
fifth of a character, and may lack 黑体. So everything is measured twice, for `PROGRAMS`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from jieban.report.document import Document, Heading, Note, Paragraph, TableBlock, plain
from jieban.report.render.common import header_rows, letters_of, lines_of, strengths
from jieban.report.render.docx_parts import TEXT_WIDTH, first_rows
from jieban.report.render.docx_styles import CLOSER, LINE

PAGE = 12756  # 225 mm
CAPTION = 480
CAPTION_AFTER_PICTURE = 160  # below it, so that it isn't taken for what comes next: a caption has 80
AROUND_PICTURE = 160 + 60 + CAPTION_AFTER_PICTURE - 80  # before it, what a line has below its base, and that
_TITLE_LINE = 640
_TABLE_LINE = 320
_ROW_PADDING = 30 + 30 + 10  # above, below, the rule
_TABLE_NOTE_AROUND = 60 + 160
_NOTE_LINE, _NOTE_AROUND, _NOTE_INDENT, _NOTE_EM = 400, 240, 240 + 120, 240
_EM = 320
_TWO_CHARACTERS = 2 * (_EM + CLOSER)
_LATIN_EMS = 0.5  # of Times New Roman's digits; its letters are about as wide
_STRONG_LATIN_EMS = 0.64  # of what LibreOffice often has to take for 黑体, whose own are as wide as Times'
PROGRAMS = (0.0, 0.2)
"""The blanks that programs set between Chinese characters and digits, in ems."""
_HANGING = frozenset("，。、")  # over a line's end
_NEVER_FIRST, _NEVER_LAST = frozenset("；：！？）”》"), frozenset("（“《")
# What stays together at a line's end: a run of Latin letters and digits, or one character.
_PIECES = re.compile(r"[0-9A-Za-z.%+]+|.", re.DOTALL)


@dataclass(frozen=True, kw_only=True, slots=True)
class Tall:
    """The heights of what a page break never cuts, from top to bottom; `repeated` stands again on each further page."""

    pieces: tuple[int, ...]
    repeated: int = 0

    @property
    def whole(self) -> int:
        """All pieces together."""
        return sum(self.pieces)


def lines(
    text: str | Sequence[tuple[str, bool]],
    *,
    blank: float,
    room: int = TEXT_WIDTH,
    indent: int = 0,
    em: int = _EM,
    closer: int = CLOSER,
) -> int:
    """How many lines `text` takes in `room`, the first line `indent` shorter, in a program that sets `blank`.

    `text` is words, or words and whether they are strong, one behind the other.
    """
    count, at = 1, indent
    before, before_wide = "", 0
    parts = [(text, False)] if isinstance(text, str) else text
    for piece, strong in ((piece, strong) for words, strong in parts for piece in _PIECES.findall(words)):
        latin = _STRONG_LATIN_EMS if strong and blank else _LATIN_EMS
        wide = len(piece) * (round(em * latin) + closer) if piece.isascii() else em + closer
        between = round(blank * em) if _meet(before, piece) else 0
        if at + between + wide > room and piece not in _HANGING:
            together = piece in _NEVER_FIRST or before in _NEVER_LAST
            count, at, between = count + 1, before_wide if together else 0, 0
        at += between + wide
        before, before_wide = piece, wide
    return count


def _meet(before: str, piece: str) -> bool:
    """Whether of two neighbours one is a Chinese character and the other of Latin letters or digits."""
    chinese, latin = (piece, before) if before.isascii() else (before, piece)
    return bool(before) and latin.isascii() and not chinese.isascii() and chinese.isalnum()


def of_words(block: Heading | Paragraph, blank: float) -> Tall:
    """A heading, which isn't cut, or a paragraph, whose lines are."""
    if isinstance(block, Heading):
        count = lines(block.number + block.text, blank=blank, indent=_TWO_CHARACTERS)
        return Tall(pieces=(LINE * count,))
    said = [(plain([run]), strong) for run, strong in zip(block.runs, strengths(block.runs), strict=True)]
    count = lines(said, blank=blank, indent=_TWO_CHARACTERS if block.indent else 0)
    return Tall(pieces=(LINE,) * count)


def of_note(block: Note, blank: float) -> Tall:
    """A set-off note; its lines are cut as a paragraph's."""
    room = TEXT_WIDTH - _NOTE_INDENT
    count = lines(plain(block.runs), blank=blank, room=room, em=_NOTE_EM, closer=0)
    return Tall(pieces=(_NOTE_LINE + _NOTE_AROUND, *(_NOTE_LINE,) * (count - 1)))


def of_table(block: TableBlock, *, broken: bool) -> Tall:
    """A table with caption and note: one piece where it stays whole, else as `docx_parts.data_table` keeps rows."""
    heights = [count * _TABLE_LINE + _ROW_PADDING for count in lines_of(block)]
    em = round(letters_of(block) * 20)
    note = _TABLE_NOTE_AROUND + _TABLE_LINE * lines(block.note, blank=PROGRAMS[-1], em=em, closer=0)
    if not broken:
        return Tall(pieces=(CAPTION + sum(heights), note))
    first = 1 + first_rows(block)
    rest = heights[first:]
    last = len(block.total_rows) + 1 if block.total_rows else 0
    tail = [sum(rest[-last:])] if last else []
    body = rest[: len(rest) - last]
    return Tall(pieces=(CAPTION + sum(heights[:first]), *body, *tail, note), repeated=heights[0])


def of_opening(document: Document) -> int:
    """What stands above the first block: publication header, title, subtitle and the empty lines around them."""
    tall = LINE + _TITLE_LINE * lines(document.title, blank=0.0, em=440, closer=0)
    if document.subtitle:
        tall += LINE
    if document.header:
        tall += LINE + len(header_rows(document.header)) * (_TABLE_LINE + _ROW_PADDING)
    return tall

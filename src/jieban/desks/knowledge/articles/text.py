"""The little that bodies are written in: paragraphs, lists, links. No HTML: a sign of it is a sign like any other.

A blank line begins a paragraph; lines that begin with `- ` or `1. ` are a list; an address of the web is a link, as is
`[words](address)`. What it doesn't know stays as it was written.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from jieban.kernel.typography import in_one_line
from jieban.orders.search.grams import normal

_ITEM = re.compile(r"\s*(?:(?P<mark>[-*•·])|(?P<number>\d{1,2})[.、.)])\s*(?P<said>\S.*)")
_LINK = re.compile(
    r"\[(?P<words>[^\[\]\n]{1,80})\]\((?P<named>https?://[^\s()]+)\)|(?P<plain>https?://[A-Za-z0-9./?=&%_~:#@+-]+)"
)
_AFTER = 44
_BEFORE = 12


class Kind(StrEnum):
    """What a block is."""

    PARAGRAPH = "p"
    BULLETS = "ul"
    NUMBERS = "ol"


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """Some words of a line: `hit` where they are what was sought, `link` the address that they lead to."""

    text: str
    hit: bool = False
    link: str = ""


Line = tuple[Piece, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """A paragraph's lines, or a list's items."""

    kind: Kind
    lines: tuple[Line, ...]


def blocks(body: str, words: Iterable[str] = ()) -> tuple[Block, ...]:
    """A body as a page shows it; `words` (as `normal` gives them) are marked where they stand."""
    sought = tuple(words)
    found: list[Block] = []
    if not body.strip():
        return ()
    for part in re.split(r"\n\s*\n", body.strip("\n")):
        kind: Kind | None = None
        lines: list[Line] = []
        for line in part.split("\n"):
            its, said = _kind(line)
            if kind is not None and its is not kind:
                found.append(Block(kind=kind, lines=tuple(lines)))
                lines = []
            kind = its
            lines.append(tuple(_pieces(said, sought)))
        if kind is not None:
            found.append(Block(kind=kind, lines=tuple(lines)))
    return tuple(found)


def _kind(line: str) -> tuple[Kind, str]:
    item = _ITEM.fullmatch(line)
    if item is None or (item["mark"] and not line.lstrip()[1:2].isspace()):
        return Kind.PARAGRAPH, line
    return (Kind.BULLETS if item["mark"] else Kind.NUMBERS), item["said"]


def _pieces(line: str, words: tuple[str, ...]) -> Iterator[Piece]:
    at = 0
    for link in _LINK.finditer(line):
        yield from marked(line[at : link.start()], words)
        address = link["named"] or link["plain"]
        for piece in marked(link["words"] or address, words):
            yield Piece(text=piece.text, hit=piece.hit, link=address)
        at = link.end()
    yield from marked(line[at:], words)


def plain(body: str) -> str:
    """A body as it goes into an answer: links with their addresses behind them, all else as it was written."""
    return _LINK.sub(lambda link: f"{link['words']}（{link['named']}）" if link["words"] else link[0], body)


def marked(text: str, words: Iterable[str]) -> Line:
    """A text in pieces, the sought words (as `normal` gives them) apart from what is around them."""
    letters = [normal(each) for each in text]
    places = [at for at, each in enumerate(letters) for _ in each]
    whole = "".join(letters)
    hit = [False] * len(text)
    for word in words:
        begin = whole.find(word) if word else -1
        while begin >= 0:
            first, last = places[begin], places[begin + len(word) - 1]
            hit[first : last + 1] = [True] * (last + 1 - first)
            begin = whole.find(word, begin + 1)
    found: list[Piece] = []
    begin = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or hit[at] != hit[begin]:
            found.append(Piece(text=text[begin:at], hit=hit[begin]))
            begin = at
    return tuple(found)


def excerpt(body: str, words: Iterable[str] = ()) -> Line:
    """A line of a body for a list: around the first of the sought words, else its beginning."""
    line = in_one_line("\n".join(_kind(each)[1] for each in plain(body).split("\n")))
    pieces = marked(line, words)
    at = 0
    for piece in pieces:
        if piece.hit:
            break
        at += len(piece.text)
    begin = max(at - _BEFORE, 0) if at < len(line) else 0
    shown = line[begin : begin + _BEFORE + _AFTER]
    cut = ("…" if begin else "") + shown + ("…" if begin + len(shown) < len(line) else "")
    return marked(cut, words)

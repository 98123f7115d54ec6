"""Where Word's pages will break, reckoned beforehand, so that no picture leaves half a page empty before it.

Word moves a picture that doesn't fit to the next page and leaves the rest of this one white. Three things help: a
picture is drawn somewhat smaller (its letters stay legible), paragraphs of the same heading go before it, and a short
table may go on on the next page. What is best for all pages of a text together, in every office program, is searched.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from jieban.report.document import Block, ChartBlock, Heading, Note, Paragraph, TableBlock
from jieban.report.render import docx_measure as measured
from jieban.report.render.docx_measure import PAGE, PROGRAMS, Tall
from jieban.report.render.docx_parts import TEXT_WIDTH, is_short
from jieban.report.render.docx_styles import LINE

SCALES = (1.0, 0.95, 0.9, 0.85, 0.8)
"""How wide a picture may be drawn, of what it could be: labels of 9 pt stay above 7."""
_MOST_STATES = 80  # that are kept after each block
_HOPELESS = 500.0  # dearer than the best so far by more than a page two ninths white
_FEWEST_ROWS = 3  # of a table on either of its pages, heading not counted
# What is bad about a layout, in the square of percents of a page left white.
_SMALLER = 100.0  # for all of a picture's width
_LATER = 4.0  # for each paragraph that a picture goes behind
_BROKEN = 45.0
_LINE_MORE = 0.2  # how often a program sets a line more than was reckoned, and moves what just fitted
_UNSEEN_BLANK = 0.03
_AS_IT_IS, _MAY_BREAK = 1.0, 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """Blocks in the order of the page, pictures' scales by the chart's id, and ids of tables that may break."""

    blocks: tuple[Block, ...]
    scales: Mapping[str, float]
    broken: frozenset[str]
    blanks: tuple[tuple[float, ...], ...]
    """For each of `PROGRAMS` the share left white of every page that something wouldn't go onto, as reckoned."""


Talls = tuple[Tall, ...]
"""A block's height in each of `PROGRAMS`."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A block with its height; of a picture in every size, of a table that breaks instead, where it may."""

    block: Block
    tall: Talls
    others: tuple[tuple[float, Talls], ...] = ()

    @classmethod
    def of(cls, block: Block, ratios: Mapping[str, float]) -> "_Piece":
        match block:
            case Heading() | Paragraph():
                return cls(block, tuple(measured.of_words(block, blank) for blank in PROGRAMS))
            case Note():
                return cls(block, tuple(measured.of_note(block, blank) for blank in PROGRAMS))
            case TableBlock():
                short = is_short(block)
                tall = _in_all(measured.of_table(block, broken=not short))
                if not short or len(block.rows) < 2 * _FEWEST_ROWS:
                    return cls(block, tall)
                return cls(block, tall, ((_MAY_BREAK, _in_all(measured.of_table(block, broken=True))),))
            case ChartBlock():
                sizes = tuple((scale, _picture(ratios[block.id], scale)) for scale in SCALES)
                return cls(block, sizes[0][1], sizes)


def _picture(ratio: float, scale: float) -> Talls:
    tall = round(picture_width(ratio) * scale * ratio) + measured.CAPTION + measured.AROUND_PICTURE
    return _in_all(Tall(pieces=(tall,)))


def _in_all(tall: Tall) -> Talls:
    return (tall,) * len(PROGRAMS)


@dataclass(frozen=True, slots=True)
class _State:
    """A way to have laid out the blocks so far: how full each program's page is, what the next block takes with it."""

    cost: float
    y: tuple[int, ...]
    kept: int
    waiting: tuple[_Piece, ...]
    placed: tuple[tuple[_Piece, float], ...]
    blanks: tuple[tuple[float, ...], ...]


def lay_out(blocks: tuple[Block, ...], ratios: Mapping[str, float], *, from_top: int) -> Layout:
    """The best layout found for `blocks`, the first of which stands `from_top` twips below the page's top.

    `ratios` give each chart's height by its width. The order of charts, of tables and of paragraphs among themselves
    stays; nothing leaves its heading.
    """
    programs = len(PROGRAMS)
    states = [_State(0.0, (from_top,) * programs, 0, (), (), ((),) * programs)]
    pieces = [_Piece.of(block, ratios) for block in blocks]
    for at, piece in enumerate(pieces):
        text_follows = at + 1 < len(blocks) and isinstance(blocks[at + 1], Paragraph)
        states = _best(made for state in states for made in _with(state, piece, text_follows=text_follows))
    found = min((made for state in states for made in _released(state)), key=_order)
    return Layout(
        blocks=tuple(piece.block for piece, _ in found.placed),
        scales={piece.block.id: how for piece, how in found.placed if isinstance(piece.block, ChartBlock)},
        broken=frozenset(
            piece.block.id
            for piece, how in found.placed
            if isinstance(piece.block, TableBlock) and how == _MAY_BREAK
        ),
        blanks=found.blanks,
    )


def picture_width(ratio: float) -> int:
    """How wide a picture may be at most: the text's width, and with its caption no taller than a page."""
    room = PAGE - measured.CAPTION - measured.AROUND_PICTURE - LINE
    return min(TEXT_WIDTH, round(room / ratio))


def _order(state: _State) -> tuple[float, tuple[int, ...]]:
    return state.cost, state.y


def _best(states: Iterator[_State]) -> list[_State]:
    """Of states that go on alike, the cheapest."""
    found: dict[tuple[object, ...], _State] = {}
    for state in states:
        key = (tuple(y // LINE for y in state.y), len(state.waiting))
        if key not in found or _order(state) < _order(found[key]):
            found[key] = state
    best = sorted(found.values(), key=_order)[:_MOST_STATES]
    return [state for state in best if state.cost <= best[0].cost + _HOPELESS]


def _with(state: _State, piece: _Piece, *, text_follows: bool) -> Iterator[_State]:
    """The states that placing `piece` leads to; a picture may wait while text follows under the same heading."""
    match piece.block:
        case Paragraph():
            placed = _put(state, piece, piece.tall)
            placed = replace(placed, cost=placed.cost + _LATER * len(placed.waiting))
            yield placed
            if placed.waiting:
                yield from _released(placed)
        case ChartBlock():
            waiting = replace(state, waiting=(*state.waiting, piece))
            if text_follows:
                yield waiting
            yield from _released(waiting)
        case _:
            for free in _released(state):
                yield from _behind(free, piece)


def _behind(state: _State, piece: _Piece) -> Iterator[_State]:
    """The states that a heading, a note or a table leads to, before which no picture waits."""
    if isinstance(piece.block, Heading):
        tall = max(each.whole for each in piece.tall)
        yield replace(state, kept=state.kept + tall, placed=(*state.placed, (piece, _AS_IT_IS)))
        return
    placed = _put(state, piece, piece.tall)
    yield _tight(state, placed) if isinstance(piece.block, TableBlock) and is_short(piece.block) else placed
    for how, talls in piece.others:
        broken = _put(state, piece, talls, how=how)
        yield replace(broken, cost=broken.cost + _BROKEN)


def _released(state: _State) -> Iterator[_State]:
    """The state with the waiting pictures placed, in every size."""
    if not state.waiting:
        yield state
        return
    piece, *rest = state.waiting
    free = replace(state, waiting=tuple(rest))
    for scale, tall in piece.others:
        placed = _tight(free, _put(free, piece, tall, how=scale))
        yield from _released(replace(placed, cost=placed.cost + _SMALLER * (1 - scale)))


def _tight(before: _State, state: _State) -> _State:
    """`state`, dearer for each program in which a line more would move what was placed last, and leave a gap."""
    gaps = (
        (100 * (1 - y / PAGE)) ** 2 * (1 - (PAGE - end) / LINE)
        for y, end in zip(before.y, state.y, strict=True)
        if y < end and PAGE - end < LINE
    )
    return replace(state, cost=state.cost + _LINE_MORE * sum(gaps))


def _put(state: _State, piece: _Piece, talls: Talls, *, how: float = _AS_IT_IS) -> _State:
    """The state with `piece` placed, as tall as each program sets it; pieces that don't fit begin a new page."""
    ys, blanks, cost = [], [], state.cost
    for y, seen, tall in zip(state.y, state.blanks, talls, strict=True):
        end, white = _filled(y, state.kept, tall)
        cost += sum((100 * blank) ** 2 for blank in white if blank > _UNSEEN_BLANK)
        ys.append(end)
        blanks.append((*seen, *white))
    return _State(cost, tuple(ys), 0, state.waiting, (*state.placed, (piece, how)), tuple(blanks))


def _filled(y: int, kept: int, tall: Tall) -> tuple[int, list[float]]:
    """How full the last page is with `tall` placed behind `kept`, and what is white of the pages before it."""
    white = []
    for number, piece in enumerate(tall.pieces):
        needed = piece if number else piece + kept
        if y and y + needed > PAGE:
            white.append(1 - y / PAGE)
            y = tall.repeated if number else 0
        y += needed
    return y, white

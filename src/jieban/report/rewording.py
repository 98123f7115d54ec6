"""The body's sentences in an analyst's words: what is said may change, the figures stay bound to where they stood.

A paragraph is edited as a text in which each figure stands in 〔 〕, as printed. A figure may be left out. It can't be
altered, typed, used twice, or moved past another: words around it tell what it counts, and are read in that order.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from jieban.kernel.errors import Exit, JiebanError
from jieban.kernel.i18n import tr
from jieban.report.document import Block, Figure, Heading, Note, Paragraph, Run, Text, plain
from jieban.report.sentences import STOP, tidy
from jieban.report.typed import typed_numbers
from jieban.report.typography import typeset_runs

TOKEN = re.compile(r"〔([^〔〕]*)〕")
_SIGNS = ("-", "－", "−", "–", "+", "＋", "±")
_POINTS = (".", "．", ",", "，")
_SHARES = ("%", "％", "‰", ".", "．")
_NEAR = 3
"""What stood against a figure is told by this many characters."""
_BEGIN = 15
_FIRST_ENCLOSED = ord("①")
_ENCLOSED = 20


class BadWording(JiebanError):
    """Words for a paragraph that would say another figure than was counted."""

    code = "report.bad_wording"
    exit_code = Exit.BAD_FILE


@dataclass(frozen=True, kw_only=True, slots=True)
class Sentence:
    """A paragraph of the body as it is edited.

    `section` is the id of its section, `heading` what it stands under. `figures` are the names that its figures have
    in `text`, in order and each once: as printed, numbered (3件①, 3件②) where several are printed alike.
    """

    section: str
    heading: str
    text: str
    figures: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Rewording:
    """Other words for the paragraph of `section` whose generated text is `was`; an empty `text` leaves it out.

    `by` is who wrote them, "" where that isn't known.
    """

    section: str
    was: str
    text: str
    by: str = ""


def sentences_of(section: str, title: str, blocks: Iterable[Block]) -> Iterator[Sentence]:
    """The paragraphs of a section as they are edited."""
    heading = title
    for block in blocks:
        if isinstance(block, Heading):
            heading = block.text
        elif isinstance(block, Paragraph | Note):
            yield _sentence(section, heading, typeset_runs(block.runs))


def reworded(section: str, blocks: Sequence[Block], wordings: Iterable[Rewording]) -> list[Block]:
    """The section's blocks with the wordings in the place of the paragraphs that they are for. Raises BadWording."""
    wanted = {one.was: one.text for one in wordings if one.section == section}
    if not wanted:
        return list(blocks)
    made: list[Block] = []
    for block in blocks:
        if not isinstance(block, Paragraph | Note):
            made.append(block)
            continue
        runs = typeset_runs(block.runs)
        sentence = _sentence(section, "", runs)
        text = wanted.get(sentence.text)
        if text is None:
            made.append(block)
        elif text:
            made.append(replace(block, runs=_worded(sentence, runs, text)))
    return made


def left_out_figures(sentence: Sentence, text: str) -> int:
    """How many of a paragraph's figures `text` leaves out. Raises BadWording."""
    return len(sentence.figures) - len(check_words(sentence, text)[1::2])


def check_words(sentence: Sentence, text: str) -> tuple[str, ...]:
    """`text` in pieces by turns: words, a figure's name, words, … words. Raises BadWording for altered figures."""
    first, pieces = _pieces(sentence, sentence.text), _pieces(sentence, text)
    at = -1
    for name in pieces[1::2]:
        here = sentence.figures.index(name)
        if here <= at:
            raise BadWording(
                tr("数字“{shown}”换了位置或者用了两次。", shown=name),
                fix=tr("数字只能留在原来的次序上,或者整个删去;话可以改。"),
            )
        at = here
    check_beside(first, pieces)
    own = Counter(typed_numbers(" ".join(first[::2])))
    typed = list((Counter(typed_numbers(" ".join(pieces[::2]))) - own).elements())
    if typed:
        raise BadWording(
            tr("正文里不能自己写数字:{numbers}。", numbers="、".join(typed)),
            fix=tr("请用〔〕中核定的数字;要补充别的数字,请写在工作建议里。"),
        )
    return pieces


def _sentence(section: str, heading: str, runs: Sequence[Run]) -> Sentence:
    names = _names(runs)
    left = iter(names)
    text = "".join(f"〔{next(left)}〕" if isinstance(run, Figure) else run.text for run in runs)
    return Sentence(section=section, heading=heading, text=text, figures=names)


def _names(runs: Iterable[Run]) -> tuple[str, ...]:
    shown = [plain((run,)) for run in runs if isinstance(run, Figure)]
    often, met = Counter(shown), Counter[str]()
    names: list[str] = []
    for one in shown:
        met[one] += 1
        names.append(one if often[one] == 1 else f"{one}{_numbered(met[one])}")
    return tuple(names)


def _numbered(number: int) -> str:
    return chr(_FIRST_ENCLOSED + number - 1) if number <= _ENCLOSED else f"({number})"


def _pieces(sentence: Sentence, text: str) -> tuple[str, ...]:
    pieces, at = [""], 0
    for token in TOKEN.finditer(text):
        pieces[-1] += text[at : token.start()]
        at = token.end()
        if token[1] in sentence.figures:
            pieces += [token[1], ""]
        elif token[0] in sentence.text:
            pieces[-1] += token[0]  # brackets of the words themselves, as of a document's number
        else:
            raise BadWording(
                tr("数字“{shown}”不在这一段中。", shown=token[1]),
                fix=tr("〔〕中的数字由系统核定,不能改动,也不能从别处搬来,可以整个删去。"),
            )
    pieces[-1] += text[at:]
    return tuple(pieces)


def check_beside(first: Sequence[str], now: Sequence[str]) -> None:
    """Nothing stands against a figure that would read as a part of it, but what stood there. Raises BadWording.

    Both are pieces by turns, words, a figure's name, words, … words: as they were made and as they are to be.
    """
    stood = {name: (first[at], first[at + 2]) for at, name in _figures(first)}
    follows = set(zip(first[1::2], first[3::2], strict=False))
    for at, name in _figures(now):
        before, after = now[at], now[at + 2]
        before_then, after_then = stood.get(name, ("", ""))
        beside = ""
        if _leads_in(before) and before[-_NEAR:] != before_then[-_NEAR:]:
            beside = before.strip()[-2:]
        elif name[-1:].isdecimal() and _goes_on(after) and after[:1] != after_then[:1]:
            beside = after.strip()[:1]
        elif at and not before.strip() and (before_then.strip() or (now[at - 1], name) not in follows):
            beside = now[at - 1]
        if beside:
            raise BadWording(
                tr("数字“{shown}”紧挨着“{beside}”,会读成另一个数。", shown=name, beside=beside),
                fix=tr("请用文字把它们隔开,或者删去。"),
            )


def _figures(pieces: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Each figure's name, with where the words before it stand."""
    yield from zip(range(0, len(pieces), 2), pieces[1::2], strict=False)


def _leads_in(words: str) -> bool:
    """Whether a figure right behind would read as a part of a number, or with a sign."""
    end = words.rstrip()
    if end[-1:] in _POINTS:
        return end[-2:-1].isdecimal()
    return end[-1:].isnumeric() or end[-1:] in _SIGNS


def _goes_on(words: str) -> bool:
    """Whether a bare number right before would read as a greater one, or as a share."""
    begin = words.lstrip()[:1]
    return begin.isnumeric() or begin in _SHARES


def _worded(sentence: Sentence, runs: Sequence[Run], text: str) -> tuple[Run, ...]:
    try:
        return _bound(sentence, runs, text)
    except BadWording as fault:
        begin = sentence.text[:_BEGIN]
        raise BadWording(tr("“{begin}”一段:{what}", begin=begin, what=fault.what), fix=fault.fix) from fault


def _bound(sentence: Sentence, runs: Sequence[Run], text: str) -> tuple[Run, ...]:
    figures = dict(zip(sentence.figures, (run for run in runs if isinstance(run, Figure)), strict=True))
    made: list[Run] = []
    leading = _has_lead(runs)
    for at, piece in enumerate(check_words(sentence, text)):
        if at % 2:
            made.append(figures[piece])
            continue
        lead, stop, rest = piece.partition(STOP) if leading else ("", "", piece)
        made += [Text(lead + stop, strong=True), Text(rest)]
        leading = leading and not stop
    return tidy(made)


def _has_lead(runs: Sequence[Run]) -> bool:
    """Whether the paragraph's first sentence is set strong."""
    words = next((run for run in runs if isinstance(run, Text)), None)
    return words is not None and words.strong

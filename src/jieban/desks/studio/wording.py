"""Recommendations as they are edited: paragraphs whose figures stand in 〔 〕, bound to what was counted.

The draft's own form (`report.recommend.draft`) has a figure as a link to its indicator. Here the link is out of
reach: a figure can be left out or used again, and is never typed.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from unicodedata import category

from jieban.desks.studio.errors import BoundFigure
from jieban.kernel.i18n import tr
from jieban.report.recommend.draft import LINK, THEME, without_remarks
from jieban.report.rewording import TOKEN, check_beside

# What would be the draft's own syntax becomes what reads the same.
_HARMLESS = str.maketrans({"[": "［", "]": "］", "<": "＜"})
# Control characters, halves of characters, and places of none.
_UNSEEN = frozenset({"Cc", "Cs", "Cn"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage:
    """A recommendation under its theme, in the draft's form."""

    theme: str
    text: str

    @property
    def figures(self) -> tuple[tuple[str, str], ...]:
        """Its figures: as printed, and where they come from."""
        return tuple((found[1], found[2]) for found in LINK.finditer(self.text))

    @property
    def shown(self) -> str:
        """As it is edited."""
        return LINK.sub(lambda found: f"〔{found[1]}〕", self.text)


def passages_of(draft: str) -> tuple[Passage, ...]:
    """The recommendations of a draft that was written by `write_draft` or `draft_of`."""
    passages: list[Passage] = []
    theme, lines = "", list[str]()
    for line in (*(each.strip() for each in without_remarks(draft).split("\n")), ""):
        if line and not line.startswith(THEME.strip()):
            lines.append(line)
            continue
        if lines:
            passages.append(Passage(theme=theme, text="".join(lines)))
            lines = []
        if line:
            theme = line.lstrip("#").strip()
    return tuple(passages)


def draft_of(passages: Iterable[Passage]) -> str:
    """The draft of the passages, each theme once, in the order in which they first come."""
    themes: dict[str, list[str]] = defaultdict(list)
    for passage in passages:
        themes[passage.theme].append(passage.text)
    parts = [part for theme, texts in themes.items() for part in (f"{THEME}{theme}", *texts)]
    return "\n\n".join(parts) + "\n"


def bound(theme: str, typed: str, own: Passage | None, known: Sequence[Passage]) -> Passage:
    """A passage of what was typed, its figures bound again: to the passage's own first, then to the others'.

    Raises BoundFigure for a figure that none of them has, or that several have with different meanings, and
    BadWording for one with something against it that would read as a part of it.
    """
    elsewhere: Mapping[str, set[str]] = _targets(known)
    mine: dict[str, list[str]] = defaultdict(list)
    for shown, target in own.figures if own is not None else ():
        mine[shown].append(target)
    met: Counter[str] = Counter()

    def link(found: re.Match[str]) -> str:
        shown = found[1]
        targets = mine.get(shown) or sorted(elsewhere.get(shown, ()))
        if not targets:
            raise BoundFigure(
                tr("数字“{shown}”不在本期报告中。", shown=shown),
                fix=tr("〔〕中的数字由系统核定,不能改动,可以整个删去;自己写的数字请不要加〔〕。"),
            )
        if shown not in mine and len(targets) > 1:
            raise BoundFigure(
                tr("数字“{shown}”在本期报告中有几个含义。", shown=shown),
                fix=tr("请在原来的那一条中使用它。"),
            )
        target = targets[min(met[shown], len(targets) - 1)]
        met[shown] += 1
        return f"[{shown}]({target})"

    plain = tidied(typed).translate(_HARMLESS).lstrip("# ")
    named = tidied(theme).translate(_HARMLESS).lstrip("# ")
    made = Passage(theme=named, text=TOKEN.sub(link, plain))
    check_beside(TOKEN.split(own.shown) if own is not None else (), TOKEN.split(plain))
    return made


def tidied(typed: str) -> str:
    """What was typed on one line, without what no document can hold."""
    return " ".join(
        "".join(each for each in " ".join(typed.split()) if category(each) not in _UNSEEN).split()
    )


def left_out(first: Iterable[Passage], now: Iterable[Passage]) -> tuple[Passage, ...]:
    """What the rules found and the wording no longer has: no passage with the same figures, nor the same words."""
    there = {passage.figures or (passage.text,) for passage in now}
    return tuple(passage for passage in first if (passage.figures or (passage.text,)) not in there)


def _targets(known: Iterable[Passage]) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for passage in known:
        for shown, target in passage.figures:
            found[shown].add(target)
    return found

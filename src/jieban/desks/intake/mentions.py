"""What of the profile's lists a text names. A suggestion and no more: it says by which word it came."""

from collections.abc import Iterable
from dataclasses import dataclass

from jieban.desks.intake.choices import Choice
from jieban.profile.register import fold

_LEAST = 2
"""Characters of a spelling that is looked for: single ones stand in every text."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mention:
    """A choice that a text names, and the word by which it does."""

    choice: Choice
    word: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Span:
    begin: int
    end: int
    choice: int
    word: str

    def inside(self, other: "_Span") -> bool:
        return other.begin <= self.begin and self.end <= other.end and len(other) > len(self)

    def __len__(self) -> int:
        return self.end - self.begin


def mentioned(text: str, choices: Iterable[Choice], *, most: int) -> tuple[Mention, ...]:
    """The choices that a text names, at most so many: the longest word first, then as the profile lists them.

    A word inside a longer one that means something else is not that word (ruling 6): 二六工镇 doesn't name 六工镇.
    """
    there = tuple(choices)
    folded = fold(text)
    spans = [
        _Span(begin=begin, end=begin + len(word), choice=at, word=spelling)
        for at, choice in enumerate(there)
        for spelling in choice.spellings
        if len(word := fold(spelling)) >= _LEAST
        for begin in _places(folded, word)
    ]
    best: dict[int, _Span] = {}
    for span in spans:
        if any(span.inside(other) for other in spans):
            continue
        if span.choice not in best or len(span) > len(best[span.choice]):
            best[span.choice] = span
    ranked = sorted(best.values(), key=lambda span: (-len(span), span.choice))
    return tuple(Mention(choice=there[span.choice], word=span.word) for span in ranked[:most])


def _places(text: str, word: str) -> list[int]:
    found, begin = [], text.find(word)
    while begin >= 0:
        found.append(begin)
        begin = text.find(word, begin + 1)
    return found

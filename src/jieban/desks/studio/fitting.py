"""The words of one freezing for the figures of another: what stays as it is, and what somebody has to decide.

Words stay where the sentence that they are for came out the same, figures and all. Where its figures changed, the
words may no longer be true (上升 of what fell): they are put beside the new sentence, and a person decides.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from jieban.desks.studio.wording import Passage, left_out
from jieban.report.recommend.draft import LINK
from jieban.report.rewording import TOKEN, BadWording, Rewording, Sentence, check_words

_PIECE = re.compile(r"〔[^〔〕]*〕|.", re.DOTALL)
_ALIKE = 0.6
"""How much of two sentences without their figures must agree for them to count as the same one, of 1."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """What somebody wrote for the sentence `was`, "" for a recommendation of their own. An empty `text` leaves it out.

    `section` is "" for recommendations, whose texts are in the draft's form; `heading` is what it stands under.
    """

    section: str
    heading: str
    was: str
    text: str
    by: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Undecided:
    """Words to be decided on. `now` is the sentence as it came out, "" where there is none any more.

    `offer` are the words with the new figures, None where these don't fit in; "" leaves the sentence out.
    """

    words: Words
    now: str
    offer: str | None


def fit_body(
    old: Iterable[Words], before: Iterable[Sentence], after: Sequence[Sentence]
) -> tuple[tuple[Rewording, ...], tuple[Undecided, ...]]:
    """The rewordings that hold for the paragraphs `after`, and those to be decided on; `before` are the old ones."""
    there = {(one.section, one.text) for one in after}
    known = {(one.section, one.text): one for one in before}
    fresh = [one for one in after if (one.section, one.text) not in known]
    kept: dict[tuple[str, str], Rewording] = {}
    undecided: list[Undecided] = []
    for words in old:
        key = (words.section, words.was)
        if key in there:
            kept[key] = Rewording(section=words.section, was=words.was, text=words.text, by=words.by)
            continue
        now = _like_sentence(words, fresh)
        if now is not None:
            fresh.remove(now)
        shown = now.text if now is not None else ""
        undecided.append(Undecided(words=words, now=shown, offer=_sentence_offer(words, now)))
    return tuple(kept.values()), tuple(undecided)


def advice_words(
    first: Sequence[Passage], written: Sequence[Passage]
) -> tuple[tuple[Passage | None, str], ...]:
    """What people made of the recommendations: the rules' passage (None for their own), and the words ("" for none)."""
    spare = [each for each in first if each not in written]
    made: list[tuple[Passage | None, str]] = []
    for passage in written:
        if passage in first:
            continue
        shared = [len(_targets(each) & _targets(passage)) for each in spare]
        origin = spare.pop(shared.index(max(shared))) if any(shared) else None
        made.append((origin, passage.text))
    made += [(each, "") for each in left_out(first, written) if each in spare]
    return tuple(made)


def fit_advice(
    old: Iterable[Words], found: Sequence[Passage]
) -> tuple[tuple[Passage, ...], tuple[Undecided, ...]]:
    """The recommendations to go on with, made of what the rules find now, and those to be decided on."""
    printed = {figure for passage in found for figure in passage.figures}
    instead: dict[Passage, Passage | None] = {}
    own: list[Passage] = []
    undecided: list[Undecided] = []
    for words in old:
        here = _like_passage(words, [each for each in found if each not in instead])
        mine = Passage(theme=words.heading, text=words.text)
        if not words.text and here is None:
            continue  # what was left out isn't found any more
        if not words.text and here is not None and here.text == words.was:
            instead[here] = None
        elif words.text and set(mine.figures) <= printed:
            if here is None:
                own.append(mine)
            else:
                instead[here] = mine
        else:
            undecided.append(
                Undecided(
                    words=words,
                    now=here.text if here is not None else "",
                    offer=_passage_offer(mine, here, found),
                )
            )
    kept = [instead.get(each, each) for each in found]
    return (*(each for each in kept if each is not None), *own), tuple(undecided)


def taken(passages: Sequence[Passage], theme: str, now: str, offer: str) -> tuple[Passage, ...]:
    """The recommendations with words that were decided for in the place of the rules' passage `now`."""
    there = next((each for each in passages if now and each.text == now), None)
    mine = (Passage(theme=theme, text=offer),) if offer else ()
    if there is None:
        return (*passages, *mine)
    at = list(passages).index(there)
    return (*passages[:at], *mine, *passages[at + 1 :])


def _like_sentence(words: Words, fresh: Iterable[Sentence]) -> Sentence | None:
    rated = [
        (
            _alike(TOKEN.split(words.was)[::2], TOKEN.split(each.text)[::2])
            + (each.heading == words.heading),
            each,
        )
        for each in fresh
        if each.section == words.section
    ]
    rated = [(rate, each) for rate, each in rated if rate - (each.heading == words.heading) >= _ALIKE]
    return max(rated, key=lambda pair: pair[0])[1] if rated else None


def _sentence_offer(words: Words, now: Sentence | None) -> str | None:
    """The words with the new figures; None where they would say something that the sentence doesn't."""
    if now is None:
        return None
    if not words.text:
        return ""
    was, new = TOKEN.split(words.was), TOKEN.split(now.text)
    if was[::2] == new[::2]:
        figures = dict(zip(was[1::2], new[1::2], strict=True))
        offer = TOKEN.sub(lambda found: f"〔{figures.get(found[1], found[1])}〕", words.text)
    else:
        offer = merged(words.was, words.text, now.text) or ""
    try:
        check_words(now, offer)
    except BadWording:
        return None
    return offer or None


def merged(base: str, mine: str, theirs: str) -> str | None:
    """What becomes of `base` with both its changes, those to `mine` and those to `theirs`; None where they meet.

    A figure is one piece, every other character another.
    """
    pieces = [_PIECE.findall(text) for text in (base, mine, theirs)]
    own, new = _changes(pieces[0], pieces[1]), _changes(pieces[0], pieces[2])
    for first, end, _ in own:
        for other, stop, _ in new:
            if (first < stop and other < end) or first == end == other == stop:
                return None
    made: list[str] = []
    at = 0
    for first, end, text in sorted((*own, *new)):
        made += [*pieces[0][at:first], text]
        at = max(at, end)
    return "".join((*made, *pieces[0][at:]))


def _changes(base: Sequence[str], to: Sequence[str]) -> list[tuple[int, int, str]]:
    """Where pieces of `base` are replaced, from which to which, and by what."""
    steps = SequenceMatcher(None, base, to, autojunk=False).get_opcodes()
    return [(i, j, "".join(to[k:end])) for kind, i, j, k, end in steps if kind != "equal"]


def _like_passage(words: Words, found: Iterable[Passage]) -> Passage | None:
    if not words.was:
        return None
    was = Passage(theme=words.heading, text=words.was)
    targets = [target for _, target in was.figures]
    best, rate = None, _ALIKE
    for each in found:
        if each.text == was.text or (targets and targets == [target for _, target in each.figures]):
            return each
        alike = _alike(_bare(was), _bare(each))
        if each.theme == was.theme and alike >= rate:
            best, rate = each, alike
    return best


def _passage_offer(mine: Passage, here: Passage | None, found: Iterable[Passage]) -> str | None:
    """The words with what their figures are now, each by where it comes from."""
    if not mine.text:
        return ""
    elsewhere: dict[str, set[str]] = defaultdict(set)
    for shown, target in (figure for passage in found for figure in passage.figures):
        elsewhere[target].add(shown)
    nearest = {target: shown for shown, target in reversed(here.figures)} if here is not None else {}
    now = {
        target: nearest.get(target) or (min(elsewhere[target]) if len(elsewhere[target]) == 1 else None)
        for _, target in mine.figures
    }
    if None in now.values():
        return None
    return LINK.sub(lambda link: f"[{now[link[2]]}]({link[2]})", mine.text)


def _targets(passage: Passage) -> frozenset[str]:
    return frozenset(target for _, target in passage.figures)


def _bare(passage: Passage) -> list[str]:
    return TOKEN.split(passage.shown)[::2]


def _alike(one: Sequence[str], other: Sequence[str]) -> float:
    return SequenceMatcher(None, "〔〕".join(one), "〔〕".join(other), autojunk=False).ratio()

"""The body's paragraphs as they are edited: kept with the draft, reworded edit by edit, and who changed what."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from difflib import get_close_matches
from itertools import pairwise, zip_longest

from jieban.desks.studio.models import Draft, Edit
from jieban.desks.studio.wording import passages_of, tidied
from jieban.kernel.i18n import tr
from jieban.report.edited import Edited
from jieban.report.rewording import BadWording, Rewording, Sentence, check_words

Key = tuple[str, str]
"""A paragraph: its section and the text as it was made."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TypedSentences:
    """The paragraphs' texts as they were typed, which of them to leave out, which to take back as they were made.

    No texts at all: a form without the body, which leaves it as it is.
    """

    texts: tuple[str, ...]
    out: frozenset[int]
    reset: frozenset[int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A paragraph on the page. `by` and `serial` are of the edit that gave it other words, None and 0 for none.

    `fault` says why what was typed can't be saved.
    """

    at: int
    first: str
    text: str
    out: bool
    by: str | None
    serial: int
    fault: str


@dataclass(frozen=True, slots=True)
class Change:
    """What an edit changed: the text before, the text after; either may be empty."""

    before: str
    after: str


def in_table(rows: Iterable[Sentence | Rewording]) -> list[dict[str, object]]:
    """As the tables keep them: who reworded what is known from the edits, but for words of an earlier freezing."""
    return [{name: value for name, value in asdict(row).items() if value or name != "by"} for row in rows]


def same_words(one: Iterable[Rewording], other: Iterable[Rewording]) -> bool:
    """Whether the same paragraphs have the same words, whoever wrote them."""
    return [replace(each, by="") for each in one] == [replace(each, by="") for each in other]


def sentences_in(draft: Draft) -> tuple[Sentence, ...]:
    """The paragraphs of the draft's body as they were made."""
    return tuple(Sentence(**{**row, "figures": tuple(row["figures"])}) for row in draft.sentences)


def rewordings_in(edit: Edit) -> tuple[Rewording, ...]:
    """What a wording has other words for."""
    return tuple(Rewording(**row) for row in edit.rewordings)


def worded(sentences: Sequence[Sentence], typed: TypedSentences) -> tuple[Rewording, ...]:
    """What was typed, where it isn't as it was made. Raises BadWording for figures that were altered."""
    made: list[Rewording] = []
    for at, (sentence, text) in enumerate(zip(sentences, typed.texts, strict=True)):
        now = _wanted(at, sentence, text, typed)
        if now == sentence.text:
            continue
        if now:
            check_words(sentence, now)
        made.append(Rewording(section=sentence.section, was=sentence.text, text=now))
    return tuple(made)


def lines_of(
    sentences: Sequence[Sentence], edits: Sequence[Edit], typed: TypedSentences | None
) -> list[tuple[str, list[Line]]]:
    """The paragraphs under their headings, as the latest wording has them or as they were typed."""
    hands = hands_of(edits)
    now = _texts(edits[-1]) if edits else {}
    headed: list[tuple[str, list[Line]]] = []
    for at, sentence in enumerate(sentences):
        text = now.get((sentence.section, sentence.text), sentence.text)
        by, serial = hands.get((sentence.section, sentence.text), (None, 0))
        out, fault = not text, ""
        if typed is not None:
            text, out = typed.texts[at], at in typed.out
            fault = _fault(sentence, _wanted(at, sentence, text, typed))
        line = Line(
            at=at, first=sentence.text, text=text or sentence.text, out=out, by=by, serial=serial, fault=fault
        )
        if not headed or headed[-1][0] != sentence.heading:
            headed.append((sentence.heading, []))
        headed[-1][1].append(line)
    return headed


def edited_of(edits: Sequence[Edit], names: Mapping[str, str], earlier: Iterable[str] = ()) -> Edited | None:
    """What the latest of the edits changed, and by whom; None where it is all as it was made.

    `earlier` wrote recommendations of the reports whose words this one goes on with.
    """
    if not edits:
        return None
    first, latest = edits[0], edits[-1]
    hands = hands_of(edits)
    bodies = tuple(
        replace(one, by=names.get(by, by))
        for one in rewordings_in(latest)
        for by, _ in (hands[one.section, one.was],)
    )
    writers = dict.fromkeys((*earlier, *writers_of(edits)))
    advice = latest.text != first.text
    if not bodies and not advice:
        return None
    return Edited(
        text=latest.text if advice else None,
        file="",
        sentences=bodies,
        by="、".join(names.get(by, by) for by in writers) if advice else "",
    )


def writers_of(edits: Sequence[Edit]) -> list[str]:
    """Who changed the recommendations."""
    return [
        after.made_by
        for before, after in pairwise(edits)
        if not after.carried and passages_of(before.text) != passages_of(after.text)
    ]


def changes_of(edits: Sequence[Edit]) -> dict[int, tuple[Change, ...]]:
    """What each edit changed against the one before it, by serial."""
    made: dict[int, tuple[Change, ...]] = {}
    for before, after in pairwise(edits):
        old, new = _texts(before), _texts(after)
        body = [Change(old.get(key, key[1]), new.get(key, key[1])) for key in dict.fromkeys((*old, *new))]
        was, now = (tuple(each.shown for each in passages_of(edit.text)) for edit in (before, after))
        gone, come = ([each for each in one if each not in other] for one, other in ((was, now), (now, was)))
        advice = _paired(gone, come)
        day = [Change(_issue(before), _issue(after))]
        made[after.serial] = tuple(one for one in (*day, *body, *advice) if one.before != one.after)
    return made


def _paired(gone: Sequence[str], come: Sequence[str]) -> list[Change]:
    """Passages that went beside what came for them: the most alike together, of the rest each with the next."""
    rest, others, pairs = list(gone), [], []
    for each in come:
        alike = get_close_matches(each, rest, n=1)
        if alike:
            rest.remove(alike[0])
            pairs.append(Change(alike[0], each))
        else:
            others.append(each)
    return [*pairs, *(Change(*pair) for pair in zip_longest(rest, others, fillvalue=""))]


def unsaved(sentences: Sequence[Sentence], base: Edit | None, typed: TypedSentences) -> list[str]:
    """What was typed over wording `base`: words that somebody else's saving kept from being saved."""
    there = _texts(base) if base is not None else {}
    return [
        text
        for sentence, text in zip(sentences, typed.texts, strict=False)
        if tidied(text) not in {there.get((sentence.section, sentence.text), sentence.text), sentence.text}
    ]


def _wanted(at: int, sentence: Sentence, text: str, typed: TypedSentences) -> str:
    if at in typed.reset:
        return sentence.text
    return "" if at in typed.out else tidied(text)


def _fault(sentence: Sentence, text: str) -> str:
    try:
        check_words(sentence, text)
    except BadWording as refused:
        return refused.what
    return ""


def _issue(edit: Edit) -> str:
    return tr("发布日期:{day}", day=tr("批准当日") if edit.issue_on is None else edit.issue_on)


def _texts(edit: Edit) -> dict[Key, str]:
    return {(one.section, one.was): one.text for one in rewordings_in(edit)}


def hands_of(edits: Sequence[Edit]) -> Mapping[Key, tuple[str, int]]:
    """Who gave each paragraph the words that it has now, and in which wording."""
    hands: dict[Key, tuple[str, int]] = {}
    before: dict[Key, str] = {}
    for edit in edits:
        now, writers = _texts(edit), {(one.section, one.was): one.by for one in rewordings_in(edit)}
        hands = {
            key: hands[key] if before.get(key) == text else (writers[key] or edit.made_by, edit.serial)
            for key, text in now.items()
        }
        before = now
    return hands

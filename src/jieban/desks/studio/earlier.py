"""Going on with the words of an earlier report: which one, what of it is carried over, what is decided of the rest."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from jieban.desks.studio.errors import StudioRefused
from jieban.desks.studio.fitting import Undecided, Words, advice_words, fit_advice, fit_body, taken
from jieban.desks.studio.issue import check_issue
from jieban.desks.studio.models import ENDED, Choice, Doubt, Draft, Edit, Step
from jieban.desks.studio.sentences import (
    hands_of,
    in_table,
    rewordings_in,
    sentences_in,
    writers_of,
)
from jieban.desks.studio.wording import Passage, draft_of, left_out, passages_of
from jieban.kernel.i18n import tr
from jieban.report.rewording import Rewording


@dataclass(frozen=True, kw_only=True, slots=True)
class DoubtLine:
    """A doubt as the page asks about it. `heading` tells where it stands, `choice` what was ticked, "" for nothing."""

    key: int
    heading: str
    advice: bool
    was: str
    text: str
    now: str
    offer: str | None
    by: str
    choice: str


def source_of(period: str) -> Draft | None:
    """The report of a period whose words another one can go on with: the last that ended and was worded."""
    ended = Draft.objects.filter(period=period, stage__in=ENDED, edits__serial__gt=0)
    return ended.order_by("-pk").first()


def chain(draft: Draft) -> list[Draft]:
    """A report, and those whose words it goes on with, the latest first."""
    found = [draft]
    while (before := found[-1].carries) is not None:
        found.append(before)
    return found


def earlier_writers(draft: Draft) -> list[str]:
    """Who changed the recommendations of the reports whose words this one goes on with, the earliest first."""
    return [by for each in chain(draft)[:0:-1] for by in writers_of(list(each.edits.order_by("serial")))]


def open_doubts(draft: Draft) -> list[Doubt]:
    """What nobody has decided yet."""
    return list(draft.doubts.filter(choice="").order_by("pk"))


def carry_over(draft: Draft, first: Edit, now: datetime) -> Edit | None:
    """Give a report that was frozen just now the words that it goes on with; None where there are none.

    What can't be carried over as it is becomes doubts. Nothing is left behind in silence: what was chosen as the day
    of publication and can't be any more is told in the history.
    """
    source = draft.carries
    if source is None:
        return None
    edits, doubts = list(source.edits.order_by("serial")), open_doubts(source)
    if not edits:
        return None
    after = sentences_in(draft)
    before = [one for one in sentences_in(source) if one.text not in {each.now for each in doubts}]
    body, undecided = fit_body(
        [*_body(source, edits), *(_words(each) for each in doubts if each.section)], before, after
    )
    advice, others = fit_advice(
        [*_advice(edits), *(_words(each) for each in doubts if not each.section)], passages_of(first.text)
    )
    order = {(one.section, one.text): at for at, one in enumerate(after)}
    body = tuple(sorted(body, key=lambda one: order[one.section, one.was]))
    text = first.text if advice == passages_of(first.text) else draft_of(advice)
    day, remark = _day(draft, source, edits[-1], now)
    Doubt.objects.bulk_create(_row(draft, one) for one in (*undecided, *others))
    if not body and text == first.text and day is None and not undecided and not others and not remark:
        return None
    made = Edit.objects.create(
        draft=draft,
        serial=first.serial + 1,
        text=text,
        rewordings=in_table(body),
        issue_on=day,
        carried=True,
        made_by=draft.made_by,
        made_at=now,
    )
    Step.objects.create(draft=draft, what="carry", by=draft.made_by, at=now, edit=made.serial, remark=remark)
    return made


def lines_of(draft: Draft, chosen: Mapping[int, str]) -> list[DoubtLine]:
    """What is to be decided, as the page shows it."""
    return [
        DoubtLine(
            key=each.pk,
            heading=each.heading,
            advice=not each.section,
            was=_shown(each, each.was),
            text=_shown(each, each.text),
            now=_shown(each, each.now),
            offer=None if each.offer is None else _shown(each, each.offer),
            by=each.written_by,
            choice=chosen.get(each.pk, ""),
        )
        for each in open_doubts(draft)
    ]


def decided(
    draft: Draft, chosen: Mapping[int, str], passages: tuple[Passage, ...], rewordings: tuple[Rewording, ...]
) -> tuple[tuple[Passage, ...], tuple[Rewording, ...]]:
    """A wording with the words that were taken over. Raises StudioRefused for a choice that there isn't."""
    order = {(one.section, one.text): at for at, one in enumerate(sentences_in(draft))}
    others = {(one.section, one.was): one for one in rewordings}
    for each in open_doubts(draft):
        choice = chosen.get(each.pk, "")
        if choice == Choice.TAKEN and each.offer is None:
            raise StudioRefused(
                tr("原来的文字放不进现在的数字。"), fix=tr("请选“不沿用”,再在正文或者建议里自己改。")
            )
        if choice != Choice.TAKEN or each.offer is None:
            continue
        if each.section:
            others[each.section, each.now] = Rewording(section=each.section, was=each.now, text=each.offer)
        else:
            passages = taken(passages, each.heading, each.now, each.offer)
    return passages, tuple(others[key] for key in sorted(others, key=order.__getitem__))


def settle(draft: Draft, chosen: Mapping[int, str], *, by: str, now: datetime) -> int:
    """Record what was decided; gives how many of the doubts that was."""
    settled = [each for each in open_doubts(draft) if chosen.get(each.pk) in set(Choice)]
    for each in settled:
        each.choice, each.chosen_by, each.chosen_at = chosen[each.pk], by, now
    Doubt.objects.bulk_update(settled, ["choice", "chosen_by", "chosen_at"])
    return len(settled)


def _body(source: Draft, edits: Sequence[Edit]) -> Iterable[Words]:
    hands = hands_of(edits)
    headings = {(one.section, one.text): one.heading for one in sentences_in(source)}
    for one in rewordings_in(edits[-1]):
        key = (one.section, one.was)
        yield Words(section=one.section, heading=headings[key], was=one.was, text=one.text, by=hands[key][0])


def _advice(edits: Sequence[Edit]) -> Iterable[Words]:
    first = passages_of(edits[0].text)
    for origin, text in advice_words(first, written := passages_of(edits[-1].text)):
        theme = next((each.theme for each in written if each.text == text), origin.theme if origin else "")
        yield Words(
            section="",
            heading=theme,
            was=origin.text if origin is not None else "",
            text=text,
            by=_since(edits, _has(text) if text or origin is None else _lacks(first, origin)),
        )


def _since(edits: Sequence[Edit], holds: Callable[[Edit], bool]) -> str:
    """Who made it so."""
    by = edits[-1].made_by
    for each in reversed(edits):
        if not holds(each):
            break
        by = each.made_by
    return by


def _has(text: str) -> Callable[[Edit], bool]:
    return lambda edit: any(each.text == text for each in passages_of(edit.text))


def _lacks(first: Sequence[Passage], origin: Passage) -> Callable[[Edit], bool]:
    return lambda edit: origin in left_out(first, passages_of(edit.text))


def _words(doubt: Doubt) -> Words:
    return Words(
        section=doubt.section, heading=doubt.heading, was=doubt.was, text=doubt.text, by=doubt.written_by
    )


def _row(draft: Draft, one: Undecided) -> Doubt:
    words = one.words
    return Doubt(
        draft=draft,
        section=words.section,
        heading=words.heading,
        was=words.was,
        text=words.text,
        now=one.now,
        offer=one.offer,
        written_by=words.by,
    )


def _day(draft: Draft, source: Draft, latest: Edit, now: datetime) -> tuple[date | None, str]:
    """The day of publication that was chosen, where it can still be; what to tell where it can't."""
    day = latest.issue_on
    if day is None or draft.corrects_id != source.corrects_id:
        return None, ""
    try:
        check_issue(draft, day, now)
    except StudioRefused as refused:
        return None, tr("原来选的发布日期 {day} 不再适用:{why}", day=day, why=refused.what)
    return day, ""


def _shown(doubt: Doubt, text: str) -> str:
    """Recommendations as they are edited: without where their figures come from."""
    return text if doubt.section else Passage(theme=doubt.heading, text=text).shown

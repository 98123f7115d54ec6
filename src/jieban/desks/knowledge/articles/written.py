"""What somebody writes, checked at the door."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from jieban.desks.knowledge.errors import BadArticle
from jieban.desks.knowledge.models import MOST_BODY, MOST_TITLE
from jieban.kernel.i18n import tr
from jieban.orders.texts import check_text
from jieban.people.city import city

MOST_QUESTIONS = 12
MOST_QUESTION = 120
MOST_TOPICS = 12


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """A text: `unit` None is the centre's own; topics are `topic` or `topic/subtopic` of the city's ordinary orders.

    Days are the city's, inclusive. `public`: citizens may read it, too.
    """

    title: str
    body: str
    confirm_by: date
    questions: tuple[str, ...] = ()
    unit: str | None = None
    topics: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    public: bool = False


def holds_unconfirmed() -> timedelta:
    """How long an article holds before its unit is asked whether it still does, where nobody says otherwise."""
    return timedelta(days=city().workflow.knowledge.confirm_days)


def longest_unconfirmed() -> timedelta:
    """How long it may hold at the most before that."""
    return timedelta(days=city().workflow.knowledge.longest_days)


def checked(written: Written, day: date) -> Written:
    """The text as it is kept. Raises BadArticle, and BadValue for what no database can hold."""
    for text in (written.title, written.body, *written.questions):
        check_text(text)
    title = " ".join(written.title.split())
    body = "\n".join(line.rstrip() for line in written.body.replace("\r\n", "\n").split("\n")).strip("\n")
    questions = tuple(dict.fromkeys(said for each in written.questions if (said := " ".join(each.split()))))
    if not title or not body.strip():
        raise _bad(tr("标题和内容都要写。"), tr("请补齐。"))
    _check_length(tr("标题"), title, MOST_TITLE)
    _check_length(tr("内容"), body, MOST_BODY)
    if len(questions) > MOST_QUESTIONS:
        raise _bad(tr("常见问法最多 {n} 条。", n=MOST_QUESTIONS), tr("请留下最常见的。"))
    for each in questions:
        _check_length(tr("常见问法"), each, MOST_QUESTION)
    if written.unit is not None and written.unit not in city().units:
        raise _bad(tr("没有“{code}”这个单位。", code=written.unit), tr("请从单位列表中选择。"))
    topics = tuple(dict.fromkeys(written.topics))
    _check_topics(topics)
    _check_days(written, day)
    return replace(written, title=title, body=body, questions=questions, topics=topics)


def known_topics() -> Iterable[tuple[str, str]]:
    """Every topic and subtopic of ordinary orders, whenever it held: as it is stored, and what it is called."""
    for topic in city().order_topics.values():
        yield topic.code, topic.name
        for each in topic.subtopics:
            yield f"{topic.code}/{each.code}", f"{topic.name} · {each.name}"


def _check_topics(topics: tuple[str, ...]) -> None:
    if len(topics) > MOST_TOPICS:
        raise _bad(tr("分类最多 {n} 个。", n=MOST_TOPICS), tr("请留下最主要的。"))
    known = {code for code, _ in known_topics()}
    for each in topics:
        if each not in known:
            raise _bad(tr("没有“{code}”这个分类。", code=each), tr("请从分类列表中选择。"))


def _check_days(written: Written, day: date) -> None:
    first, last, confirm_by = written.valid_from, written.valid_to, written.confirm_by
    if first is not None and last is not None and last < first:
        raise _bad(tr("有效期的最后一日早于第一日。"), tr("请改正日期。"))
    if confirm_by > day + longest_unconfirmed():
        raise _bad(
            tr("核实日期最多定在 {n} 天之内。", n=longest_unconfirmed().days),
            tr("请把“核实日期”定在 {day} 以前。", day=day + longest_unconfirmed()),
        )


def _check_length(name: str, text: str, most: int) -> None:
    if len(text) > most:
        raise _bad(
            tr("{name}有 {n} 字,超过 {most} 字。", name=name, n=len(text), most=most),
            tr("请写要点,其余放进另一条知识。"),
        )


def _bad(what: str, fix: str) -> BadArticle:
    return BadArticle(what, fix=fix)

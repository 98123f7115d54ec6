"""The demonstration's knowledge base: the city's own invented articles, some cited, one objected to."""

from datetime import datetime, timedelta

from jieban.desks.knowledge import acts, upkeep
from jieban.desks.knowledge.citing import cite
from jieban.desks.knowledge.files import Filed, State, read
from jieban.desks.knowledge.models import Article
from jieban.desks.shell.words import local
from jieban.kernel.i18n import tr
from jieban.orders.engine.perform import Done
from jieban.orders.models import Event
from jieban.people.actor import Actor
from jieban.people.acts import Act
from jieban.people.city import city

FILE = ("demo", "knowledge.toml")
_BEFORE = timedelta(days=60)
_MOST_CITED = 4000
_ONE_IN = 3


def seed(*, writer: Actor, second: Actor, at: datetime) -> int:
    """Have the articles of the city's demonstration written and published before `at`; gives how many there are.

    A city without such a file has none.
    """
    directory = city().directory
    place = directory.joinpath(*FILE) if directory is not None else None
    if place is None or not place.is_file():
        return 0
    then = at - _BEFORE
    filed = read(place.read_text("utf-8"), local(then).date())
    for at_, each in enumerate(filed):
        _write(each, writer, second, then + timedelta(hours=at_))
    _cite(writer)
    first = Article.objects.filter(published__isnull=False).order_by("confirm_by", "pk").first()
    if first is not None:
        upkeep.object_to(
            first.pk,
            text=tr("来电人说窗口的材料清单已经换了,请核对。"),
            actor=writer,
            now=at - timedelta(hours=20),
        )
    return len(filed)


def _write(filed: Filed, writer: Actor, second: Actor, now: datetime) -> None:
    article = acts.write(filed.written, actor=writer, now=now)
    if filed.state is State.DRAFT:
        return
    acts.submit(article.pk, seen=1, remark="", actor=writer, now=now + timedelta(minutes=20))
    if filed.state is State.PUBLISHED:
        acts.publish(article.pk, seen=1, remark="", actor=second, now=now + timedelta(hours=5))


def _cite(writer: Actor) -> None:
    """Every third answer on an article's topic rests on it."""
    by_topic: dict[str, int] = {}
    for article in Article.objects.filter(published__isnull=False).select_related("published"):
        for topic in article.published.of_topics if article.published is not None else ():
            by_topic.setdefault(topic, article.published_id or 0)
    answers = Event.objects.filter(act__in=(Act.ANSWER.value, Act.REPLY.value)).order_by("-pk")
    rows = answers.values_list("order__number", "seq", "at", "order__topic", "order__subtopic")
    for at, (order, seq, when, topic, subtopic) in enumerate(rows[:_MOST_CITED]):
        version = by_topic.get(f"{topic}/{subtopic}") or by_topic.get(topic)
        if version is not None and at % _ONE_IN == 0:
            cite(Done(order=order, seq=seq), (version,), actor=writer, now=when)

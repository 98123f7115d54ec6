"""The demonstration's knowledge base: the city's own invented articles, some cited, one objected to."""

from datetime import datetime, timedelta

from jieban.desks.knowledge.articles import acts, upkeep
from jieban.desks.knowledge.articles.citing import cite
from jieban.desks.knowledge.articles.find import alike
from jieban.desks.knowledge.exchange.files import Filed, State, read
from jieban.desks.knowledge.models import Article
from jieban.desks.shell.words import local
from jieban.kernel.i18n import tr
from jieban.orders.engine.perform import Done
from jieban.orders.models import Event
from jieban.orders.secrets import lock_of, matter_of
from jieban.people.actor import Actor
from jieban.people.acts import Act
from jieban.people.city import city
from jieban.people.keys import keyring

FILE = ("demo", "knowledge.toml")
_BEFORE = timedelta(days=60)
_MOST_CITED = 300
"""Answers that are looked at."""
_ONE_IN = 2


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
            text=tr("来电人说现在的做法和这里写的不一样,请核对。"),
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
    """Every other answer to what reads like an article, and is on its topic, rests on it."""
    topics = {
        article.pk: article.published.of_topics
        for article in Article.objects.select_related("published")
        if article.published is not None
    }
    about = {topic.partition("/")[0] for of in topics.values() for topic in of}
    answers = Event.objects.filter(act__in=(Act.ANSWER.value, Act.REPLY.value), order__topic__in=about)
    events = answers.select_related("order__secret").order_by("-pk")[:_MOST_CITED]
    keys, cited = keyring(), 0
    for event in events:
        order = event.order
        lock = lock_of(order.secret, order.number, keys)
        said = matter_of(lock, order.secret).content if lock is not None else None
        own = order.topic if order.subtopic is None else f"{order.topic}/{order.subtopic}"
        for article in alike(said or "", (), local(event.at).date(), most=1):
            if not {own, order.topic}.isdisjoint(topics[article.pk]):
                cited += 1
                if cited % _ONE_IN:
                    done = Done(order=order.number, seq=event.seq)
                    cite(done, (article.published_id or 0,), actor=writer, now=event.at)

"""Answers that rest on articles: which version was cited where, once for each answer."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F

from jieban.desks.knowledge.errors import NotHolding
from jieban.desks.knowledge.models import Article, ArticleNote, Citation, Wording
from jieban.desks.knowledge.models import Done as Noted
from jieban.desks.knowledge.rights import Right, may_ever
from jieban.kernel.i18n import listed, tr
from jieban.orders.actions.desk import answer_order
from jieban.orders.actions.reply import Reply, reply_to_order
from jieban.orders.engine.perform import Done
from jieban.orders.engine.transactions import in_one_transaction
from jieban.orders.errors import NotAllowed
from jieban.orders.models import Order
from jieban.people.actor import Actor

MOST_CITED = 10
_LONGEST_KEY = 18


@dataclass(frozen=True, kw_only=True, slots=True)
class Cited:
    """A version that is cited, or about to be, and whether it holds now."""

    version: int
    article: int
    number: int
    title: str
    holds: bool


def keys_of(given: str) -> tuple[int, ...]:
    """The versions that a form names, each once; what is no key is left out."""
    keys = [each.strip() for each in given.split(",")]
    plain = [int(each) for each in keys if each.isascii() and each.isdigit() and len(each) <= _LONGEST_KEY]
    return tuple(dict.fromkeys(plain))[:MOST_CITED]


def holds(wording: Wording, day: date) -> bool:
    """Whether a version is the published one of its article, and valid on a day."""
    begun = wording.valid_from is None or wording.valid_from <= day
    ended = wording.valid_to is not None and wording.valid_to < day
    return wording.article.published_id == wording.pk and begun and not ended


def cited_of(versions: Sequence[int], day: date) -> tuple[Cited, ...]:
    """The versions of these keys, in that order. What was never published can't be cited. At most one query."""
    if not versions:
        return ()
    published = ArticleNote.objects.filter(what=Noted.PUBLISHED.value, version__in=versions).values("version")
    found = Wording.objects.filter(pk__in=published).select_related("article")
    known = {each.pk: each for each in found}
    return tuple(_cited(known[key], day) for key in versions if key in known)


def check_holding(versions: Sequence[int], day: date) -> None:
    """Raises NotHolding for versions that were withdrawn, replaced or have expired since they were put in an answer."""
    gone = [each.title for each in cited_of(versions, day) if not each.holds]
    if gone:
        raise NotHolding(
            tr("引用的知识已撤下、过期或有了新版:{titles}。", titles=listed(gone)),
            fix=tr("已取消对它的引用,还没有提交。请核对答复的内容,必要时重新引用,再提交。"),
        )


def answer_citing(
    *,
    order: str,
    answer: str,
    versions: Sequence[int],
    actor: Actor,
    now: datetime,
    unit: str | None = None,
) -> Done:
    """`answer_order` that says on which versions the answer rests. Both or none."""
    return _both(
        lambda: answer_order(order=order, answer=answer, unit=unit, actor=actor, now=now),
        versions,
        actor,
        now,
    )


def reply_citing(
    *, order: str, handling: int, reply: Reply, versions: Sequence[int], actor: Actor, now: datetime
) -> Done:
    """`reply_to_order` that says on which versions the reply rests. Both or none."""
    return _both(
        lambda: reply_to_order(order=order, handling=handling, reply=reply, actor=actor, now=now),
        versions,
        actor,
        now,
    )


def cite(done: Done, versions: Sequence[int], *, actor: Actor, now: datetime) -> int:
    """Write down that an answer rests on these versions, of each article on one; gives how many are new.

    A version that was withdrawn in the meantime is written down all the same: the answer was given with it. Raises
    NotAllowed for who may not read articles.
    """
    if not versions:
        return 0
    if not may_ever(actor, Right.READ):
        raise NotAllowed(tr("您的岗位不能引用知识库。"), fix=tr("请去掉引用再提交。"))
    order = Order.objects.values_list("pk", flat=True).get(number=done.order)
    new = 0
    # Always in the same order, so that two answers never wait for each other.
    for each in sorted(cited_of(versions, now.date()), key=lambda each: each.article):
        _, fresh = Citation.objects.get_or_create(
            article_id=each.article,
            order_id=order,
            seq=done.seq,
            defaults={"version_id": each.version, "by": actor.ref, "at": now},
        )
        if fresh:
            Article.objects.filter(pk=each.article).update(used=F("used") + 1)
            new += 1
    return new


def cited_in(order: int, day: date) -> Mapping[int, tuple[Cited, ...]]:
    """The versions on which the answers of an order rest, by the numbers of their events. One query."""
    found: dict[int, tuple[Cited, ...]] = {}
    rows = Citation.objects.filter(order_id=order).select_related("version__article").order_by("pk")
    for each in rows:
        found[each.seq] = (*found.get(each.seq, ()), _cited(each.version, day))
    return found


def still_holding(versions: Iterable[int], day: date) -> tuple[int, ...]:
    """The versions that still hold."""
    return tuple(each.version for each in cited_of(tuple(versions), day) if each.holds)


def _cited(wording: Wording, day: date) -> Cited:
    return Cited(
        version=wording.pk,
        article=wording.article_id,
        number=wording.number,
        title=wording.title,
        holds=holds(wording, day),
    )


def _both(act: Callable[[], Done], versions: Sequence[int], actor: Actor, now: datetime) -> Done:
    if not versions:
        return act()

    def work() -> Done:
        done = act()
        cite(done, versions, actor=actor, now=now)
        return done

    return in_one_transaction(work)

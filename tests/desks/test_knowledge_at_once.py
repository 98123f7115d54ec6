"""Articles when several people do the same at once: it is done once, and the others are told."""

from articles import WRITER, actor, fresh, published, submitted
from browsers import OPENED
from cast import recorded

from jieban.desks.knowledge.articles import acts
from jieban.desks.knowledge.articles.citing import answer_citing, cite
from jieban.desks.knowledge.errors import NotInTurn
from jieban.desks.knowledge.models import Citation
from jieban.people.roles import Role
from live_database import LiveDatabase


def test_at_the_same_time_one_publishes_and_an_answer_cites_once(database: LiveDatabase) -> None:
    waiting, held, number = submitted(), published(title="另一条"), recorded()
    reviewers = [actor(Role.REVIEWER, account=800 + at) for at in range(4)]
    told = database.in_threads(
        4, lambda at: acts.publish(waiting.pk, seen=1, remark="", actor=reviewers[at], now=OPENED)
    )
    assert sum(each is None for each in told) == 1
    assert sum(isinstance(each, NotInTurn) for each in told) == 3, told
    versions = (held.published_id or 0,)
    done = answer_citing(order=number, answer="好。", versions=(), actor=WRITER, now=OPENED)
    new = database.in_threads(4, lambda _at: cite(done, versions, actor=WRITER, now=OPENED))
    assert sorted(str(each) for each in new) == ["0", "0", "0", "1"]
    assert (fresh(held).used, Citation.objects.count()) == (1, 1)

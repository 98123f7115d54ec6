"""Articles: versions that nobody overwrites, a second person, who may, what holds when, and the database's own word."""

from dataclasses import replace
from datetime import timedelta

import pytest
from articles import ADMINISTRATOR, PLAIN, REVIEWER, TODAY, WRITER, actor, draft, fresh, published, submitted
from browsers import OPENED
from cast import units
from django.db import DatabaseError, transaction

from jieban.desks.knowledge.articles import acts, upkeep
from jieban.desks.knowledge.articles.citing import holds
from jieban.desks.knowledge.articles.effect import effect_of
from jieban.desks.knowledge.errors import (
    BadArticle,
    KnowledgeRefused,
    NoSuchArticle,
    NotInTurn,
    Outdated,
    SecondPerson,
)
from jieban.desks.knowledge.models import Article, ArticleNote, Making, Objection, Wording
from jieban.desks.knowledge.pages.page import article_for
from jieban.desks.knowledge.rights import RIGHTS, Right, may, may_ever
from jieban.desks.shell.desks import BY_ID
from jieban.kernel.errors import JiebanError
from jieban.orders.errors import BadValue, NotAllowed
from jieban.people.city import city
from jieban.people.roles import POST_ROLES, UNIT_ROLES, Role

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
OTHER = replace(PLAIN, title="水费怎么查怎么交", body="拨打供水热线,或在手机上交。")


def test_a_published_text_is_never_changed_and_a_new_version_takes_its_place() -> None:
    article = published()
    first = article.published
    acts.rewrite(article.pk, OTHER, base=1, actor=WRITER, now=OPENED)
    changed = fresh(article)
    assert changed.published == first
    assert (changed.making, changed.latest.number) == (Making.OPEN, 2)  # type: ignore[union-attr]  # it has one
    acts.submit(article.pk, seen=2, remark="", actor=WRITER, now=OPENED)
    acts.publish(article.pk, seen=2, remark="", actor=REVIEWER, now=OPENED)
    after = fresh(article)
    assert (after.published.number, after.making) == (2, Making.NONE)  # type: ignore[union-attr]  # as above
    assert [each.title for each in article.wordings.order_by("number")] == [PLAIN.title, OTHER.title]
    assert list(article.notes.order_by("pk").values_list("what", "by")) == [
        ("written", WRITER.ref),
        ("submitted", WRITER.ref),
        ("published", REVIEWER.ref),
        ("written", WRITER.ref),
        ("submitted", WRITER.ref),
        ("published", REVIEWER.ref),
    ]


@pytest.mark.parametrize("change", ["update", "delete"])
@pytest.mark.parametrize("kind", [Wording, ArticleNote])
def test_the_database_itself_keeps_what_was_written(kind: type[Wording], change: str) -> None:
    published()
    rows = kind.objects.all()
    told = {"title": "x"} if kind is Wording else {"remark": "x"}
    # Past Django's own protection.
    write = (lambda: rows.update(**told)) if change == "update" else (lambda: rows._raw_delete("default"))
    with pytest.raises(DatabaseError), transaction.atomic():
        write()


def test_nobody_publishes_what_they_wrote_or_handed_in() -> None:
    article = submitted(by=REVIEWER)
    with pytest.raises(SecondPerson):
        acts.publish(article.pk, seen=1, remark="", actor=REVIEWER, now=OPENED)
    other = draft(by=WRITER)
    acts.submit(other.pk, seen=1, remark="", actor=REVIEWER, now=OPENED)
    with pytest.raises(SecondPerson):
        acts.publish(other.pk, seen=1, remark="", actor=REVIEWER, now=OPENED)
    acts.publish(other.pk, seen=1, remark="", actor=ADMINISTRATOR, now=OPENED)
    assert fresh(other).published is not None
    # What was published before is no work of theirs on the next text.
    acts.rewrite(other.pk, OTHER, base=1, actor=ADMINISTRATOR, now=OPENED)
    acts.submit(other.pk, seen=2, remark="", actor=ADMINISTRATOR, now=OPENED)
    acts.publish(other.pk, seen=2, remark="", actor=REVIEWER, now=OPENED)


def test_who_wrote_a_part_of_it_is_no_second_person_either() -> None:
    article = draft(by=WRITER)
    acts.rewrite(article.pk, OTHER, base=1, actor=REVIEWER, now=OPENED)
    acts.rewrite(article.pk, replace(OTHER, body="全部改写。"), base=2, actor=WRITER, now=OPENED)
    acts.submit(article.pk, seen=3, remark="", actor=WRITER, now=OPENED)
    with pytest.raises(SecondPerson):
        acts.publish(article.pk, seen=3, remark="", actor=REVIEWER, now=OPENED)


def test_only_what_was_read_is_published() -> None:
    article = submitted()
    acts.rewrite(article.pk, OTHER, base=1, actor=WRITER, now=OPENED)
    with pytest.raises(NotInTurn):
        acts.publish(article.pk, seen=1, remark="", actor=REVIEWER, now=OPENED)
    acts.submit(article.pk, seen=2, remark="", actor=WRITER, now=OPENED)
    with pytest.raises(Outdated):
        acts.publish(article.pk, seen=1, remark="", actor=REVIEWER, now=OPENED)


def test_who_saves_second_is_told() -> None:
    article = draft()
    acts.rewrite(article.pk, OTHER, base=1, actor=REVIEWER, now=OPENED)
    with pytest.raises(Outdated):
        acts.rewrite(article.pk, replace(PLAIN, body="别的。"), base=1, actor=WRITER, now=OPENED)


def test_saving_the_same_text_is_no_version() -> None:
    article = published()
    acts.rewrite(article.pk, PLAIN, base=1, actor=WRITER, now=OPENED)
    assert article.wordings.count() == 1
    assert fresh(article).making == Making.NONE


def test_a_returned_text_goes_on_and_a_discarded_one_leaves_what_held() -> None:
    article = published()
    acts.rewrite(article.pk, OTHER, base=1, actor=WRITER, now=OPENED)
    acts.submit(article.pk, seen=2, remark="", actor=WRITER, now=OPENED)
    with pytest.raises(KnowledgeRefused, match=r"写明要改什么"):
        acts.send_back(article.pk, seen=2, remark=" ", actor=REVIEWER, now=OPENED)
    acts.send_back(article.pk, seen=2, remark="缺电话", actor=REVIEWER, now=OPENED)
    assert fresh(article).making == Making.OPEN
    acts.discard(article.pk, actor=WRITER, now=OPENED)
    assert fresh(article).published.number == 1  # type: ignore[union-attr]  # it holds
    # What was given up is not begun with again, and its number isn't used twice.
    acts.rewrite(article.pk, replace(PLAIN, title="第三版"), base=2, actor=WRITER, now=OPENED)
    assert fresh(article).latest.number == 3  # type: ignore[union-attr]  # it has one


def test_what_is_withdrawn_holds_no_more_and_says_why() -> None:
    article = published()
    with pytest.raises(KnowledgeRefused):
        acts.withdraw(article.pk, reason="", actor=REVIEWER, now=OPENED)
    acts.withdraw(article.pk, reason="政策已废止", actor=REVIEWER, now=OPENED)
    assert fresh(article).published is None
    assert article.notes.latest("pk").remark == "政策已废止"
    with pytest.raises(NotInTurn):
        acts.withdraw(article.pk, reason="再撤", actor=REVIEWER, now=OPENED)


@pytest.mark.parametrize(
    ("first", "last", "wanted"),
    [
        (None, None, True),
        (TODAY, TODAY, True),
        (TODAY + DAY, None, False),
        (None, TODAY - DAY, False),
        (TODAY - DAY, TODAY + DAY, True),
    ],
)
def test_it_holds_on_the_days_that_it_says_by_the_clock_of_the_visit(
    first: object, last: object, *, wanted: bool
) -> None:
    article = published(valid_from=first, valid_to=last, now=OPENED - 9 * DAY)
    holding = Wording.objects.select_related("article").get(pk=article.published_id)
    assert holds(holding, TODAY) is wanted


@pytest.mark.usefixtures("each_city")
@pytest.mark.parametrize(
    "changes",
    [
        {"title": " "},
        {"body": "\n \n"},
        {"title": "长" * 81},
        {"body": "长" * 6001},
        {"questions": tuple(f"问法{n}" for n in range(13))},
        {"unit": "nonsense"},
        {"topics": ("nonsense",)},
        {"valid_from": TODAY, "valid_to": TODAY - DAY},
        {"confirm_by": TODAY + 400 * DAY},
        {"body": "半个字符\ud800"},
    ],
    ids=lambda given: "-".join(given) if isinstance(given, dict) else "",
)
def test_what_can_be_no_article_is_refused_at_the_door(changes: dict[str, object]) -> None:
    with pytest.raises((BadArticle, BadValue)):
        draft(replace(PLAIN, **changes))  # type: ignore[arg-type]  # the fields of `Written`
    assert Article.objects.count() == 0


def test_the_desk_is_for_those_who_may_read() -> None:
    assert BY_ID["knowledge"].roles == {cell.role for cell in RIGHTS[Right.READ]}
    assert {role for role in POST_ROLES if may_ever(actor(role, "x"), Right.READ)} == BY_ID["knowledge"].roles


@pytest.mark.usefixtures("each_city")
def test_the_table_of_rights() -> None:
    mine, other = units(2)
    cases = {
        Right.WRITE: {Role.OPERATOR, Role.DISPATCHER, Role.REVIEWER, Role.ADMINISTRATOR},
        Right.PUBLISH: {Role.REVIEWER, Role.ADMINISTRATOR},
        Right.WITHDRAW: {Role.REVIEWER, Role.ADMINISTRATOR},
        Right.SETTLE: {Role.REVIEWER, Role.ADMINISTRATOR},
        Right.MOVE: {Role.ADMINISTRATOR},
        Right.CONFIRM: set(),
    }
    own = {
        Right.WRITE: {Role.LIAISON, Role.HANDLER, Role.HEAD},
        Right.PUBLISH: {Role.HEAD},
        Right.WITHDRAW: {Role.LIAISON, Role.HEAD},
        Right.SETTLE: {Role.LIAISON, Role.HANDLER, Role.HEAD},
        Right.MOVE: set(),
        Right.CONFIRM: {Role.LIAISON, Role.HEAD},
    }
    for right, anybody in cases.items():
        for role in POST_ROLES:
            who = actor(role, mine if role in UNIT_ROLES else None)
            assert may(who, right, mine, TODAY) is (role in anybody | own[right]), (right, role)
            assert may(who, right, other, TODAY) is (role in anybody), (right, role)
    assert may(REVIEWER, Right.CONFIRM, None, TODAY)
    assert not may(actor(Role.HEAD, mine), Right.CONFIRM, None, TODAY)


def test_a_unit_answers_for_the_articles_of_those_whose_work_it_carries_on() -> None:
    ended = next(each for each in city().units.values() if each.successor and not each.validity.covers(TODAY))
    now = city().units.carried_on_by(ended.code, TODAY)
    assert may(actor(Role.LIAISON, now), Right.CONFIRM, ended.code, TODAY)
    article = published(unit=ended.code)
    assert article_for(actor(Role.LIAISON, now), article.pk) == article


def test_acts_hold_what_the_table_says() -> None:
    mine, other = units(2)
    article = published(unit=mine)
    foreign = actor(Role.HEAD, other, account=7)
    for act in (
        lambda: acts.rewrite(article.pk, replace(OTHER, unit=other), base=1, actor=foreign, now=OPENED),
        lambda: acts.withdraw(article.pk, reason="x", actor=foreign, now=OPENED),
        lambda: upkeep.confirm(article.pk, until=TODAY + DAY, actor=foreign, now=OPENED),
        lambda: acts.write(replace(PLAIN, unit=mine), actor=foreign, now=OPENED),
        lambda: acts.write(PLAIN, actor=foreign, now=OPENED),
    ):
        with pytest.raises(NotAllowed):
            act()
    # Nobody takes another unit's article over, either.
    own = actor(Role.HEAD, mine, account=8)
    with pytest.raises(NotAllowed):
        acts.rewrite(article.pk, replace(OTHER, unit=other), base=1, actor=own, now=OPENED)


def test_what_is_not_published_is_seen_by_who_writes_it_and_nobody_else() -> None:
    mine, other = units(2)
    article = draft(replace(PLAIN, unit=mine))
    for who in (actor(Role.LIAISON, mine), WRITER, REVIEWER):
        assert article_for(who, article.pk)
    for who in (actor(Role.LIAISON, other), actor(Role.SUPERVISOR), actor(Role.LEADER)):
        with pytest.raises(NoSuchArticle):
            article_for(who, article.pk)
    held = published(unit=mine)
    assert article_for(actor(Role.LIAISON, other), held.pk)
    with pytest.raises(NoSuchArticle):
        article_for(actor(Role.LEADER), held.pk)


def test_a_unit_confirms_and_the_next_day_is_asked_for() -> None:
    mine = units()[0]
    article, liaison = published(unit=mine, confirm_by=TODAY + 3 * DAY), actor(Role.LIAISON, mine, account=5)
    upkeep.confirm(article.pk, until=TODAY + 90 * DAY, actor=liaison, now=OPENED)
    assert fresh(article).confirm_by == TODAY + 90 * DAY
    for day in (TODAY, TODAY + 400 * DAY):
        with pytest.raises(KnowledgeRefused):
            upkeep.confirm(article.pk, until=day, actor=liaison, now=OPENED)


def test_an_objection_is_one_task_until_it_is_settled() -> None:
    mine, other = units(2)
    article = published(unit=mine)
    for _ in range(2):
        upkeep.object_to(article.pk, text="电话 已经换了", actor=WRITER, now=OPENED)
    [objection] = Objection.objects.all()
    with pytest.raises(NotAllowed):
        upkeep.settle(objection.pk, outcome="改了", actor=actor(Role.LIAISON, other), now=OPENED)
    upkeep.settle(objection.pk, outcome="改了", actor=actor(Role.HANDLER, mine), now=OPENED)
    with pytest.raises(NotInTurn):
        upkeep.settle(objection.pk, outcome="再改", actor=actor(Role.HANDLER, mine), now=OPENED)
    with pytest.raises(JiebanError):
        upkeep.object_to(article.pk, text=" ", actor=WRITER, now=OPENED)


@pytest.mark.usefixtures("each_city")
def test_the_effect_says_which_topics_would_have_none() -> None:
    topic = next(each for each in city().order_topics.values() if len(each.subtopics) > 1)
    one, two = (f"{topic.code}/{each.code}" for each in topic.subtopics[:2])
    article = published(topics=(one, two), public=True)
    names = tuple(sorted(f"{topic.name} · {each.name}" for each in topic.subtopics[:2]))
    effect = effect_of(article, None, OPENED, TODAY)
    assert (effect.used, effect.lately, tuple(sorted(effect.bare)), effect.hidden) == (0, 0, names, True)
    published(title="另一条", topics=(two,))
    assert effect_of(article, None, OPENED, TODAY).bare == (f"{topic.name} · {topic.subtopics[0].name}",)
    published(title="整类的一条", topics=(topic.code,))
    assert effect_of(article, None, OPENED, TODAY).bare == ()
    assert effect_of(article, article.published, OPENED, TODAY).hidden is False

"""Articles as a file: what is written is read again, and both cities' own files can be taken in."""

from dataclasses import replace
from datetime import timedelta

import pytest
from articles import PLAIN, REVIEWER, TODAY, WRITER, fresh, published
from browsers import OPENED
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jieban.desks.knowledge.errors import BadArticle
from jieban.desks.knowledge.exchange.files import State, read, states_of, written_as_file
from jieban.desks.knowledge.exchange.moving import Becomes, moves, take_in
from jieban.desks.knowledge.models import Article, Citation, Making, Objection
from jieban.desks.knowledge.seeding import FILE, seed
from jieban.people.city import city

pytestmark = pytest.mark.django_db
_LINES = st.text(
    alphabet=st.characters(exclude_categories=("Cs",), exclude_characters="\0\r"), min_size=1, max_size=40
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=_LINES, body=st.lists(_LINES, min_size=1, max_size=4), question=_LINES)
def test_what_is_written_is_read_again(title: str, body: list[str], question: str) -> None:
    text = replace(PLAIN, title=f"题{title}", body="首" + "\n".join(body), questions=(f"问{question}",))
    article = published(text)
    filed = read(written_as_file(states_of(article), "测试"), TODAY)
    [one] = filed
    assert one.state is State.PUBLISHED
    [move] = moves(filed)
    assert (move.becomes, move.filed.written.title) in {
        (Becomes.SAME, one.written.title),
        # Of two of the same title the last is compared.
        (Becomes.VERSION, one.written.title),
    }
    held = article.published
    assert held is not None
    assert (one.written.title, one.written.body, one.written.questions) == (held.title, held.body, held.asked)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[article]]\ntitle = 1", "第 1 条"),
        ('[[article]]\ntitle = "好"\nbody = "好"\nunit = "nonsense"', "nonsense"),
        ('[[article]]\ntitle = "好"\nbody = "好"\nvalid_to = 2025-01-01T00:00:00', "valid_to"),
        ('[[article]]\ntitle = "好"\nbody = "好"\nstate = "x"', "state"),
        ('[[article]]\ntitle = "好"\nbody = "好"\n\n[[article]]\ntitle = "缺内容"', "第 2 条"),
        ('title = "好"', "没有知识"),
        ("[[article]]\ntitle = “好”", "第 2 行"),
    ],
)
def test_what_is_wrong_in_a_file_is_told_with_its_place(text: str, told: str) -> None:
    with pytest.raises(BadArticle) as refused:
        read(text, TODAY)
    assert told in refused.value.what


def test_a_file_with_one_bad_article_changes_nothing() -> None:
    mine = next(iter(city().units))
    filed = read(f'[[article]]\ntitle = "好"\nbody = "好"\nunit = "{mine}"', TODAY)
    bad = (*filed, replace(filed[0], written=replace(filed[0].written, title="x" * 100)))
    with pytest.raises(BadArticle):
        take_in(bad, actor=WRITER, now=OPENED)
    assert Article.objects.count() == 0


def test_the_same_title_of_the_same_unit_is_a_version_more() -> None:
    article = published()
    text = written_as_file(states_of(article), "x").replace("拨打供水热线", "拨打新的热线")
    [done] = take_in(read(text, TODAY), actor=WRITER, now=OPENED)
    assert (done.becomes, done.article) == (Becomes.VERSION, article.pk)
    changed = fresh(article)
    assert changed.making == Making.SUBMITTED
    assert changed.published == article.published
    assert "新的热线" in changed.latest.body  # type: ignore[union-attr]  # it has one


@pytest.mark.usefixtures("each_city")
def test_each_city_s_demonstration_has_its_own() -> None:
    directory = city().directory
    assert directory is not None
    assert directory.joinpath(*FILE).is_file()
    at = OPENED + timedelta(days=16)
    count = seed(writer=WRITER, second=REVIEWER, at=at)
    assert count >= 12
    held = Article.objects.filter(published__isnull=False)
    assert held.count() == count - 2
    assert {each.making for each in Article.objects.filter(published__isnull=True)} == {"open", "submitted"}
    assert held.filter(confirm_by__lte=at.date() + timedelta(days=30)).exists()
    assert held.filter(published__public=True).exists()
    assert held.filter(published__valid_to__isnull=False).exists()
    assert Objection.objects.count() == 1
    assert Citation.objects.count() == 0
    titles = set(held.values_list("published__title", flat=True))
    assert len(titles) == held.count()

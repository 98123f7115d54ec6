"""Finding articles: each piece of a title finds it, titles first, what holds first; and what words are about."""

from datetime import timedelta

import pytest
from articles import PLAIN, TODAY, published, submitted
from browsers import OPENED
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jieban.desks.knowledge.articles.find import Asked, about, alike, found, words_of
from jieban.desks.knowledge.articles.text import blocks, excerpt, marked, plain
from jieban.desks.knowledge.models import Article
from jieban.people.city import city

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SIGNS = "水费怎么查公积金提取ABc12３Ｚ()%_\\'\"《》·。、,， "
_SHARED = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def titles(typed: str, **more: object) -> list[str]:
    asked = Asked(words=words_of(typed), **more)  # type: ignore[arg-type]  # the fields of `Asked`
    return [each.published.title for each in found(asked, TODAY) if each.published is not None]


@_SHARED
@given(data=st.data(), title=st.text(alphabet=SIGNS, min_size=1, max_size=24).filter(str.strip))
def test_each_piece_of_a_title_finds_it(data: st.DataObject, title: str) -> None:
    article = published(title=title)
    kept = " ".join(title.split())
    begin = data.draw(st.integers(0, len(kept) - 1))
    end = data.draw(st.integers(begin + 1, len(kept)))
    assert kept in titles(kept[begin:end])
    assert article.pk in found(Asked(words=words_of(kept[begin:end])), TODAY).values_list("pk", flat=True)


def test_signs_that_mean_something_to_databases_mean_themselves() -> None:
    published(title="百分之百")
    published(title="满意度100%的窗口")
    assert titles("%") == ["满意度100%的窗口"]
    assert titles("_") == []
    assert titles("1_0") == []


def test_titles_stand_before_questions_before_bodies() -> None:
    published(title="甲", body="说到电梯。", questions=())
    published(title="乙", body="别的。", questions=("电梯坏了",))
    published(title="电梯", body="别的。", questions=())
    assert titles("电梯") == ["电梯", "乙", "甲"]
    assert titles("电 梯 坏") == ["乙"]


def test_width_and_case_make_no_difference() -> None:
    published(title="ＷＩＦＩ密码１２３")
    assert titles("wifi") == titles("WiFi密码123") == ["ＷＩＦＩ密码１２３"]


def test_what_holds_stands_before_what_has_expired_and_the_used_before_others() -> None:
    published(title="水费旧", valid_to=TODAY - DAY, now=OPENED - 9 * DAY)
    published(title="水费新")
    often = published(title="水费常用")
    Article.objects.filter(pk=often.pk).update(used=5)
    assert titles("水费") == ["水费常用", "水费新", "水费旧"]
    assert titles("水费", public=True) == []


def test_what_is_not_published_is_not_found() -> None:
    submitted()
    assert titles("水费") == []


@pytest.mark.usefixtures("each_city")
def test_a_topic_finds_its_subtopics_and_no_other() -> None:
    topic = next(each for each in city().order_topics.values() if len(each.subtopics) > 1)
    one, two = (f"{topic.code}/{each.code}" for each in topic.subtopics[:2])
    whole = published(title="全类", topics=(topic.code,))
    first, both = published(title="一", topics=(one,)), published(title="二", topics=(two, one))
    have = lambda of: set(Article.objects.filter(about(of)).values_list("pk", flat=True))  # noqa: E731
    assert have(topic.code) == {whole.pk, first.pk, both.pk}
    assert have(one) == {first.pk, both.pk}
    assert have(two) == {both.pk}
    assert have(one[:-1]) == set()


def test_words_bring_what_they_are_about_and_nothing_else() -> None:
    water = published(title="自来水停水怎么查", questions=("家里没水了",))
    lift = published(title="电梯困人怎么办", questions=("被关在电梯里",))
    got = alike("我家从早上开始停水,自来水一滴没有", (), TODAY, most=5)
    assert [each.pk for each in got] == [water.pk]
    assert [each.pk for each in alike("电梯里关了人", (), TODAY, most=5)] == [lift.pk]
    assert alike("鲸鱼在唱歌", (), TODAY, most=5) == ()
    # What all say is no likeness.
    assert alike("市民反映:不知道怎么办理,请问怎么查", (), TODAY, most=5) == ()
    assert alike("", (), TODAY, most=5) == ()


@pytest.mark.usefixtures("each_city")
def test_a_chosen_topic_brings_its_articles() -> None:
    topic = next(each for each in city().order_topics.values() if each.subtopics)
    inner = f"{topic.code}/{topic.subtopics[0].code}"
    exact, whole = published(title="一", topics=(inner,)), published(title="二", topics=(topic.code,))
    assert {each.pk for each in alike("", (inner,), TODAY, most=5)} == {exact.pk, whole.pk}
    assert [each.pk for each in alike("", (topic.code,), TODAY, most=5)] == [whole.pk]


def test_only_what_holds_is_offered_and_only_what_is_public_to_citizens() -> None:
    published(title="停水旧办法", valid_to=TODAY - DAY, now=OPENED - 9 * DAY)
    now = published(title="停水新办法")
    assert [each.pk for each in alike("停水办法", (), TODAY, most=5)] == [now.pk]
    assert alike("停水办法", (), TODAY, most=5, public=True) == ()
    everybody = published(title="停水公开的办法", public=True)
    assert [each.pk for each in alike("停水办法", (), TODAY, most=5, public=True)] == [everybody.pk]


@pytest.mark.parametrize("count", [3, 30])
def test_finding_asks_the_database_as_often_however_many_there_are(count: int) -> None:
    for at in range(count):
        published(title=f"停水办法{at}")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert len(alike("停水办法", (), TODAY, most=5)) == min(count, 5)
    assert len(queries) == 2
    with CaptureQueriesContext(connection) as queries:
        assert list(found(Asked(words=words_of("停水")), TODAY)[:20])
    assert len(queries) == 1


@given(text=st.text(alphabet=SIGNS + "\n", max_size=60), word=st.text(alphabet=SIGNS, max_size=4))
def test_marking_loses_no_sign(text: str, word: str) -> None:
    assert "".join(each.text for each in marked(text, words_of(word))) == text


def test_what_is_sought_is_marked_where_it_stands() -> None:
    pieces = marked("查水费和ＷＩＦＩ", words_of("水费 wifi"))
    assert [(each.text, each.hit) for each in pieces] == [
        ("查", False),
        ("水费", True),
        ("和", False),
        ("ＷＩＦＩ", True),
    ]
    assert any(each.hit for each in excerpt("很" * 200 + "水费", words_of("水费")))


def test_a_body_is_paragraphs_lists_and_links_and_no_html() -> None:
    body = "第一段\n第二行\n\n- 一\n- 二\n1. 甲\n2、乙\n<b>不是标记</b> [说明](https://a.example/b) http://c.example/?d=1。"
    shown = blocks(body)
    assert [(each.kind.value, len(each.lines)) for each in shown] == [
        ("p", 2),
        ("ul", 2),
        ("ol", 2),
        ("p", 1),
    ]
    pieces = shown[-1].lines[0]
    assert [(each.text, each.link) for each in pieces if each.link] == [
        ("说明", "https://a.example/b"),
        ("http://c.example/?d=1", "http://c.example/?d=1"),
    ]
    assert pieces[0].text.startswith("<b>不是标记</b>")
    assert plain("[说明](https://a.example/b)") == "说明（https://a.example/b）"
    assert not [each for each in blocks("[点我](javascript:alert(1))")[0].lines[0] if each.link]
    assert blocks(" \n") == ()
    assert blocks(PLAIN.body)

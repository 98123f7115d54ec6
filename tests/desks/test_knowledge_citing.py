"""Answers that rest on articles: counted once, whatever is sent twice; and what was withdrawn in between."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from articles import PLAIN, REVIEWER, WRITER, draft, fresh, published, submitted, version
from browsers import OPENED, Sign
from cast import dispatched, lead, plain_type, recorded, row, signed, units
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jieban.desks.knowledge.articles import acts
from jieban.desks.knowledge.articles.citing import answer_citing, cite, keys_of
from jieban.desks.knowledge.models import Citation
from jieban.orders.engine.perform import Done
from jieban.orders.errors import WrongState
from jieban.people.city import city
from jieban.people.roles import Role

pytestmark = pytest.mark.django_db
DESK = "/desk/intake/"
MINUTE = timedelta(minutes=1)


def call(browser: Client, **changes: Any) -> dict[str, Any]:
    """A call that is answered at the desk."""
    form = re.search(r'name="form_id" value="([0-9a-f]+)"', browser.get(DESK).content.decode())
    assert form
    topic = next(each for each in city().order_topics.values())
    return {
        "form_id": form[1],
        "channel": next(iter(city().channels)),
        "phone": "139 0000 0001",
        "content": "请问水费在哪里查?",
        "topic": topic.code,
        "request_type": plain_type(),
        "urgency": "normal",
        "course": "answer",
        "answer": "拨打供水热线。",
    } | changes


@pytest.mark.usefixtures("each_city")
def test_an_answer_at_the_desk_says_which_version_it_rests_on_and_counts_once(sign_in: Sign) -> None:
    article, browser = published(), sign_in(Role.OPERATOR)
    sent = call(browser, cites=str(article.published_id))
    for _ in range(2):
        assert browser.post(DESK, sent).status_code == 200
    [citation] = Citation.objects.all()
    assert (citation.article_id, citation.version_id, citation.at) == (
        article.pk,
        article.published_id,
        row(citation.order.number).closed_at,
    )
    assert citation.order.answer_in == citation.seq
    assert fresh(article).used == 1
    page = browser.get(f"/desk/orders/{citation.order.number}/").content.decode()
    assert f"/desk/knowledge/{article.pk}/versions/1/" in page


def test_what_a_new_version_says_later_is_not_what_was_cited(sign_in: Sign) -> None:
    article, browser = published(), sign_in(Role.OPERATOR)
    browser.post(DESK, call(browser, cites=str(article.published_id)))
    acts.rewrite(article.pk, replace(PLAIN, body="新的。"), base=1, actor=WRITER, now=OPENED)
    acts.submit(article.pk, seen=2, remark="", actor=WRITER, now=OPENED)
    acts.publish(article.pk, seen=2, remark="", actor=REVIEWER, now=OPENED)
    [citation] = Citation.objects.all()
    assert citation.version.number == 1
    assert fresh(article).used == 1


def test_withdrawn_between_citing_and_answering_is_told_before_anything_is_recorded(sign_in: Sign) -> None:
    article, browser = published(), sign_in(Role.OPERATOR)
    sent = call(browser, cites=str(article.published_id))
    acts.withdraw(article.pk, reason="废止", actor=REVIEWER, now=OPENED)
    refused = browser.post(DESK, sent)
    page = refused.content.decode()
    assert refused.status_code == 422
    assert article.published is not None
    assert "已撤下" in page
    assert article.published.title in page
    assert "拨打供水热线。</textarea>" in page
    assert 'name="cites" value=""' in page
    assert Citation.objects.count() == 0
    # Without the citation the answer is the operator's own.
    assert browser.post(DESK, sent | {"cites": ""}).status_code == 200


def test_sent_again_after_it_was_withdrawn_is_still_the_one_that_was_recorded(sign_in: Sign) -> None:
    article, browser = published(), sign_in(Role.OPERATOR)
    sent = call(browser, cites=str(article.published_id))
    browser.post(DESK, sent)
    acts.withdraw(article.pk, reason="废止", actor=REVIEWER, now=OPENED)
    again = browser.post(DESK, sent)
    assert again.status_code == 200
    assert "重复提交" in again.content.decode()
    assert Citation.objects.count() == 1


def test_an_expired_or_unpublished_version_cannot_be_cited(sign_in: Sign) -> None:
    browser, waiting = sign_in(Role.OPERATOR), submitted()
    old = published(valid_to=(OPENED - timedelta(days=1)).date(), now=OPENED - timedelta(days=9))
    assert browser.post(DESK, call(browser, cites=str(old.published_id))).status_code == 422
    assert browser.post(DESK, call(browser, cites=str(version(waiting).pk))).status_code == 200
    assert Citation.objects.count() == 0


@pytest.mark.parametrize("given", ["x", "1,", "-1", "9" * 30, "1;2", "１"])
def test_keys_that_are_none_are_left_out(given: str) -> None:
    assert set(keys_of(given)) <= {1}


def test_two_of_one_article_are_one_citation_and_others_count_each() -> None:
    one, two = published(), published(title="另一条")
    number = recorded()
    done = answer_citing(
        order=number,
        answer="好。",
        versions=(one.published_id or 0, two.published_id or 0),
        actor=WRITER,
        now=OPENED,
    )
    assert cite(done, (one.published_id or 0,), actor=WRITER, now=OPENED) == 0
    assert (fresh(one).used, fresh(two).used, Citation.objects.count()) == (1, 1, 2)


def test_an_answer_that_is_refused_cites_nothing() -> None:
    article, number = published(), dispatched()
    with pytest.raises(WrongState):
        answer_citing(
            order=number, answer="好。", versions=(article.published_id or 0,), actor=WRITER, now=OPENED
        )
    assert (fresh(article).used, Citation.objects.count()) == (0, 0)


def test_the_database_keeps_citations() -> None:
    article = published()
    cite(Done(order=recorded(), seq=1), (article.published_id or 0,), actor=WRITER, now=OPENED)
    with pytest.raises(DatabaseError), transaction.atomic():
        Citation.objects.update(seq=2)


@pytest.mark.usefixtures("each_city")
def test_a_unit_cites_in_its_reply(sign_in: Sign) -> None:
    article, number = published(), signed()
    browser = sign_in(Role.HANDLER, lead())
    form = browser.get(f"/desk/orders/{number}/do/reply/?handling=1").content.decode()
    assert f'hx-post="/desk/knowledge/offers/{number}/"' in form
    fields = {
        f"field_{each.code}": each.choices[0].code if each.choices else "已经办好,并告知了诉求人结果。" * 3
        for each in city().workflow.reply
    }
    sent = fields | {"handling": "1", "cites": str(article.published_id)}
    answer = browser.post(f"/desk/orders/{number}/do/reply/?handling=1", sent)
    assert answer.status_code == 302, answer.content.decode()
    [citation] = Citation.objects.all()
    assert citation.order.number == number
    assert article.published is not None
    assert article.published.title in browser.get(f"/desk/orders/{number}/").content.decode()


def test_the_form_of_an_answer_drops_what_holds_no_more(sign_in: Sign) -> None:
    article, number, browser = published(), recorded(), sign_in(Role.DISPATCHER)
    acts.withdraw(article.pk, reason="废止", actor=REVIEWER, now=OPENED)
    sent = {"answer": "照此办理。", "unit": "", "cites": str(article.published_id)}
    refused = browser.post(f"/desk/orders/{number}/do/answer/", sent)
    assert refused.status_code == 422
    assert 'name="cites" value=""' in refused.content.decode()
    assert row(number).state == "recorded"


def test_a_button_puts_the_text_into_the_answer_where_no_script_does(sign_in: Sign) -> None:
    article, browser = published(), sign_in(Role.OPERATOR)
    page = browser.post(
        DESK, call(browser, answer="", course="dispatch", step=f"cite:{article.published_id}")
    )
    shown = page.content.decode()
    assert "拨打供水热线，报户号即可查询。" in shown
    assert f'name="cites" value="{article.published_id}"' in shown
    assert re.search(r'value="answer"[^>]* checked', shown)


def test_what_is_typed_brings_articles_beside_it(sign_in: Sign) -> None:
    article, browser = published(), sign_in(Role.OPERATOR)
    draft(replace(PLAIN, title="水费怎么查的草稿"))
    got = browser.post(f"{DESK}articles/", call(browser), HTTP_HX_REQUEST="true").content.decode()
    assert f'data-cite="{article.published_id}"' in got
    assert "草稿" not in got
    sought = browser.post(
        f"{DESK}articles/", call(browser, content="", topic="", sought="户号"), HTTP_HX_REQUEST="true"
    ).content.decode()
    assert "<mark>户号</mark>" in sought
    empty = browser.post(f"{DESK}articles/", call(browser, content="", topic="")).content.decode()
    assert "写下诉求内容后" in empty


def test_the_panel_asks_the_database_as_often_however_many_there_are(sign_in: Sign) -> None:
    browser = sign_in(Role.OPERATOR)
    counted = []
    for _ in range(2):
        for at in range(8):
            published(title=f"水费办法{at}")
        sent = call(browser)
        with CaptureQueriesContext(connection) as queries:
            browser.post(f"{DESK}articles/", sent)
        counted.append(len(queries))
        assert sum('FROM "desks_' in each["sql"] for each in queries) <= 3
    assert counted[0] == counted[1]


def test_offers_for_an_order_are_for_who_sees_it(sign_in: Sign) -> None:
    mine, other = units(2)
    number = dispatched(to=mine)
    published(title="路灯不亮找谁修", questions=("路灯三天不亮",))
    got = sign_in(Role.HANDLER, mine).post(f"/desk/knowledge/offers/{number}/")
    assert "路灯不亮找谁修" in got.content.decode()
    assert sign_in(Role.HANDLER, other).post(f"/desk/knowledge/offers/{number}/").status_code == 404

"""The desk of the knowledge base: who sees what, what the forms do, and what the database is asked."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from articles import PLAIN, REVIEWER, TODAY, WRITER, actor, draft, fresh, published, submitted
from browsers import OPENED, Sign
from cast import dispatched, units
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jieban.desks.knowledge.articles import acts, upkeep
from jieban.desks.knowledge.articles.citing import cite
from jieban.desks.knowledge.articles.written import Written
from jieban.desks.knowledge.models import Article, Making, Objection
from jieban.desks.knowledge.pages.lists import tasks
from jieban.desks.knowledge.rights import RIGHTS, Right
from jieban.orders.engine.perform import Done
from jieban.people.city import city
from jieban.people.roles import POST_ROLES, UNIT_ROLES, Role
from live_database import override_settings

pytestmark = pytest.mark.django_db
HERE = "/desk/knowledge/"
READERS = {cell.role for cell in RIGHTS[Right.READ]}
WRITERS = {cell.role for cell in RIGHTS[Right.WRITE]}


def said(page: HttpResponse) -> str:
    return page.content.decode()


def form(**changes: Any) -> dict[str, Any]:
    return {
        "title": "停水怎么查",
        "questions": "家里没水\r\n什么时候来水",
        "body": "先看公告。\r\n\r\n- 再报修",
        "unit": "",
        "topics": [next(iter(city().order_topics.values())).code],
        "confirm_by": (TODAY + timedelta(days=90)).isoformat(),
        "public": "on",
    } | changes


@pytest.mark.usefixtures("each_city")
def test_roles_and_pages(sign_in: Sign) -> None:
    mine = units()[0]
    article = published(unit=mine)
    for role in POST_ROLES:
        browser = sign_in(role, mine if role in UNIT_ROLES else None)
        reads, writes = role in READERS, role in WRITERS
        moves = role is Role.ADMINISTRATOR
        for path, wanted in {
            HERE: reads,
            f"{HERE}?q=水": reads,
            f"{HERE}{article.pk}/": reads,
            f"{HERE}{article.pk}/used/": reads,
            f"{HERE}{article.pk}/versions/1/": reads,
            f"{HERE}new/": writes,
            f"{HERE}{article.pk}/edit/": writes,
            f"{HERE}files/": moves,
            f"{HERE}files/export.toml": moves,
        }.items():
            assert browser.get(path).status_code == (200 if wanted else 403), (role, path)
        for queue, right in (("review", Right.PUBLISH), ("due", Right.SETTLE), ("drafts", Right.WRITE)):
            has = any(cell.role is role for cell in RIGHTS[right])
            wanted = 200 if has else 404 if reads else 403
            assert browser.get(f"{HERE}?queue={queue}").status_code == wanted, (role, queue)
        assert browser.get(f"{HERE}?queue=nonsense").status_code == (404 if reads else 403)
        assert (f'href="{HERE}"' in said(browser.get("/desk/", follow=True))) is reads, role
    assert Client().get(HERE).headers["Location"].startswith("/account/login/")


def test_what_an_address_asks_that_nobody_knows_is_told_and_a_page_behind_the_last(sign_in: Sign) -> None:
    published()
    browser = sign_in(Role.OPERATOR)
    page = browser.get(f"{HERE}?unit=nobody&topic=nothing").content.decode()
    assert "“责任单位、分类”认不出" in page
    assert PLAIN.title in page
    assert "认不出" not in browser.get(f"{HERE}?unit={units()[0]}&topic=").content.decode()
    behind = browser.get(f"{HERE}?page=2").content.decode()
    assert "知识库还是空的" not in behind
    assert "这一页没有了" in behind


def test_another_unit_s_article_can_be_read_and_not_changed(sign_in: Sign) -> None:
    mine, other = units(2)
    article, waiting = published(unit=other), submitted(PLAIN)
    browser = sign_in(Role.HEAD, mine)
    page = said(browser.get(f"{HERE}{article.pk}/"))
    for act in ("withdraw", "confirm", "publish", "submit"):
        assert f"/do/{act}/" not in page
    assert "/do/object/" in page
    assert browser.get(f"{HERE}{article.pk}/edit/").status_code == 403
    for act in ("withdraw", "confirm", "publish", "return", "submit", "discard"):
        sent = {"remark": "x", "seen": "1", "until": (TODAY + timedelta(days=9)).isoformat()}
        assert browser.post(f"{HERE}{article.pk}/do/{act}/", sent).status_code == 403, act
        assert browser.post(f"{HERE}{waiting.pk}/do/{act}/", sent).status_code == 404, act
    assert browser.get(f"{HERE}{waiting.pk}/").status_code == 404
    assert browser.get(f"{HERE}999999/").status_code == 404
    assert browser.post(f"{HERE}{article.pk}/do/nonsense/").status_code == 404
    assert browser.get(f"{HERE}{article.pk}/do/withdraw/").status_code == 405
    assert fresh(article).published is not None


@pytest.mark.usefixtures("each_city")
def test_from_writing_to_publishing_by_two_people(sign_in: Sign) -> None:
    mine = units()[0]
    liaison, head = sign_in(Role.LIAISON, mine), sign_in(Role.HEAD, mine)
    answer = liaison.post(f"{HERE}new/", form(unit=mine, then="submit"))
    article = Article.objects.get()
    assert answer.headers["Location"].startswith(f"{HERE}{article.pk}/")
    assert article.making == Making.SUBMITTED
    assert "停水怎么查" in said(head.get(f"{HERE}?queue=review"))
    refused = liaison.post(f"{HERE}{article.pk}/do/publish/", {"seen": "1"})
    assert refused.status_code == 403
    done = head.post(f"{HERE}{article.pk}/do/publish/?queue=review", {"seen": "1", "remark": ""})
    assert done.headers["Location"] == f"{HERE}{article.pk}/?queue=review"
    held = fresh(article).published
    assert held is not None
    assert (held.asked, held.unit, held.public) == (("家里没水", "什么时候来水"), mine, True)
    assert held.body == "先看公告。\n\n- 再报修"
    assert "停水怎么查" in said(sign_in(Role.OPERATOR).get(f"{HERE}?q=来水"))


def test_whoever_wrote_it_is_told_that_another_must_publish(sign_in: Sign) -> None:
    browser = sign_in(Role.REVIEWER)
    browser.post(f"{HERE}new/", form(then="submit"))
    article = Article.objects.get()
    page = said(browser.get(f"{HERE}{article.pk}/"))
    assert "要由另一个人审核" in page
    assert "/do/publish/" not in page
    refused = browser.post(f"{HERE}{article.pk}/do/publish/", {"seen": "1"})
    assert refused.status_code == 422
    assert "不能由自己发布" in said(refused)


def test_a_unit_writes_for_itself_alone(sign_in: Sign) -> None:
    mine, other = units(2)
    browser = sign_in(Role.HANDLER, mine)
    page = said(browser.get(f"{HERE}new/"))
    assert f'value="{mine}"' in page
    assert f'<option value="{other}"' not in page
    assert browser.post(f"{HERE}new/", form(unit=other)).status_code == 422
    assert Article.objects.count() == 0


@pytest.mark.parametrize(
    "changes",
    [{"title": ""}, {"body": " "}, {"title": "长" * 81}, {"topics": ["nonsense"]}, {"valid_to": "x"}],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(changes: dict[str, Any], sign_in: Sign) -> None:
    answer = sign_in(Role.OPERATOR).post(f"{HERE}new/", form(questions="怎样问的") | changes)
    assert answer.status_code == 422
    assert "怎样问的" in said(answer)
    assert Article.objects.count() == 0


def test_who_saves_second_sees_both_texts_and_can_save(sign_in: Sign) -> None:
    article = published()
    browser = sign_in(Role.OPERATOR)
    acts.rewrite(article.pk, _changed("别人写的一版。"), base=1, actor=WRITER, now=OPENED)
    mine = form(title=PLAIN.title, body="我写的一版。", base="1")
    refused = browser.post(f"{HERE}{article.pk}/edit/", mine)
    assert refused.status_code == 409
    page = said(refused)
    assert "别人已经保存了新的一版" in page
    assert "我写的一版。</textarea>" in page
    base = re.search(r'name="base" value="(\d+)"', page)
    assert base
    assert base[1] == "2"
    assert browser.post(f"{HERE}{article.pk}/edit/", mine | {"base": "2"}).status_code == 302
    assert article.wordings.count() == 3


def _changed(body: str) -> Written:
    return replace(PLAIN, body=body)


def test_a_change_is_shown_against_what_holds_with_its_effect(sign_in: Sign) -> None:
    article = published(public=True)
    acts.rewrite(article.pk, _changed("改过的内容。"), base=1, actor=WRITER, now=OPENED)
    acts.submit(article.pk, seen=2, remark="", actor=WRITER, now=OPENED)
    number = dispatched()
    cite(Done(order=number, seq=1), (article.published_id or 0,), actor=WRITER, now=OPENED)
    page = said(sign_in(Role.REVIEWER).get(f"{HERE}{article.pk}/"))
    assert "<ins>改过的内容。</ins>" in page
    assert "已有 1 件答复引用" in page
    assert "近 90 天 1 件" in page
    assert "市民将不再看到它。" in page
    # Who only reads sees what holds, and nothing of what is being made.
    read = said(sign_in(Role.SUPERVISOR).get(f"{HERE}{article.pk}/"))
    assert "改过的内容" not in read
    assert sign_in(Role.CALLBACK_AGENT).get(f"{HERE}{article.pk}/versions/2/").status_code == 404


def test_versions_are_held_side_by_side(sign_in: Sign) -> None:
    article = published()
    acts.rewrite(article.pk, _changed("拨打供水热线。"), base=1, actor=WRITER, now=OPENED)
    browser = sign_in(Role.REVIEWER)
    page = said(browser.get(f"{HERE}{article.pk}/versions/2/"))
    assert "与第 1 版的不同" in page
    assert "<del>" in page
    assert browser.get(f"{HERE}{article.pk}/versions/1/?against=2").status_code == 200
    assert browser.get(f"{HERE}{article.pk}/versions/1/?against=x").status_code == 200
    assert browser.get(f"{HERE}{article.pk}/versions/9/").status_code == 404


def test_what_is_due_waits_for_its_unit_and_is_gone_once_confirmed(sign_in: Sign) -> None:
    mine, other = units(2)
    article = published(title="快到期的", unit=mine, confirm_by=TODAY + timedelta(days=5))
    late = published(title="过了期的", unit=mine, confirm_by=TODAY + timedelta(days=1), now=OPENED)
    published(title="还早的", unit=mine)
    browser = sign_in(Role.LIAISON, mine)
    page = said(browser.get(f"{HERE}?queue=due"))
    assert page.index("过了期的") < page.index("快到期的")
    assert "还早的" not in page
    assert "快到期的" not in said(sign_in(Role.LIAISON, other).get(f"{HERE}?queue=due"))
    until = (TODAY + timedelta(days=100)).isoformat()
    done = browser.post(f"{HERE}{article.pk}/do/confirm/?queue=due", {"until": until})
    assert done.status_code == 302
    assert "快到期的" not in said(browser.get(f"{HERE}?queue=due"))
    refused = browser.post(f"{HERE}{late.pk}/do/confirm/?queue=due", {"until": "nonsense"})
    assert refused.status_code == 422
    with override_settings(JIEBAN_CLOCK_SHIFT=OPENED + timedelta(days=4) - datetime.now(UTC)):
        assert "超期未核实" in said(browser.get(f"{HERE}?queue=due"))


def test_an_objection_is_the_unit_s_task_until_it_is_settled(sign_in: Sign) -> None:
    mine, other = units(2)
    article = published(unit=mine)
    sign_in(Role.OPERATOR).post(f"{HERE}{article.pk}/do/object/", {"remark": "电话换了"})
    [objection] = Objection.objects.all()
    browser = sign_in(Role.HANDLER, mine)
    assert PLAIN.title in said(browser.get(f"{HERE}?queue=objected"))
    assert PLAIN.title not in said(sign_in(Role.HANDLER, other).get(f"{HERE}?queue=objected"))
    foreign = published(title="别的", unit=mine)
    sent = {"objection": str(objection.pk), "remark": "已改"}
    assert browser.post(f"{HERE}{foreign.pk}/do/settle/", sent).status_code == 404
    assert browser.post(f"{HERE}{article.pk}/do/settle/", sent | {"objection": "x"}).status_code == 404
    assert browser.post(f"{HERE}{article.pk}/do/settle/", sent).status_code == 302
    assert PLAIN.title not in said(browser.get(f"{HERE}?queue=objected"))
    assert "已改" in said(browser.get(f"{HERE}{article.pk}/"))


def test_orders_that_cite_it_are_shown_as_far_as_one_may_see_them(sign_in: Sign) -> None:
    mine, other = units(2)
    article = published()
    numbers = dispatched(to=mine), dispatched(to=other)
    for number in numbers:
        cite(Done(order=number, seq=2), (article.published_id or 0,), actor=WRITER, now=OPENED)
    page = said(sign_in(Role.HANDLER, mine).get(f"{HERE}{article.pk}/used/"))
    assert numbers[0] in page
    assert numbers[1] not in page
    assert "共 2 件" in page
    assert "有 1 件不在您的权限之内" in page
    everything = said(sign_in(Role.DISPATCHER).get(f"{HERE}{article.pk}/used/"))
    assert all(number in everything for number in numbers)
    nothing = said(sign_in(Role.ADMINISTRATOR).get(f"{HERE}{article.pk}/used/"))
    assert not any(number in nothing for number in numbers)
    assert sign_in(Role.REVIEWER).get(f"{HERE}{article.pk}/used/?page=2").status_code == 404


def test_empty_lists_say_what_to_do(sign_in: Sign) -> None:
    browser = sign_in(Role.OPERATOR)
    assert "写第一条" in said(browser.get(HERE))
    assert "写一条送审" in said(browser.get(f"{HERE}?q=鲸鱼"))
    assert "写到一半" in said(browser.get(f"{HERE}?queue=drafts"))
    assert "没有找到" in said(sign_in(Role.SUPERVISOR).get(f"{HERE}?q=鲸鱼"))


def test_the_list_narrows_by_unit_and_topic_and_has_pages(sign_in: Sign) -> None:
    mine, other = units(2)
    topic = next(iter(city().order_topics.values())).code
    for at in range(51):
        published(title=f"第{at:02}条", unit=mine, topics=(topic,))
    published(title="别家的", unit=other)
    browser = sign_in(Role.OPERATOR)
    page = said(browser.get(f"{HERE}?unit={mine}&topic={topic}"))
    assert "别家的" not in page
    assert "别家的" in said(browser.get(f"{HERE}?unit={other}"))
    older = page.split('" rel="next"')[0].rpartition('href="')[2].replace("&amp;", "&")
    assert said(browser.get(older)).count('class="entry"') == 1
    assert browser.get(f"{HERE}?page=0").status_code == 404


def test_an_article_opens_beside_the_list(sign_in: Sign) -> None:
    article = published()
    asked = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "order"}
    pane = said(sign_in(Role.OPERATOR).get(f"{HERE}{article.pk}/?q=水费", **asked))
    assert f'data-order="{article.pk}"' in pane
    assert "<html" not in pane
    assert "<mark>水费</mark>" in pane


def test_what_one_writes_is_shown_as_it_will_look_with_what_is_like_it(sign_in: Sign) -> None:
    published()
    got = sign_in(Role.OPERATOR).post(
        f"{HERE}preview/", {"title": "水费怎么查啊", "body": "- 一\r\n- <script>二"}
    )
    assert "<li>&lt;script&gt;二</li>" in said(got)
    assert "也许已经有了" in said(got)


@pytest.mark.parametrize("path", ["", "?q=水", "?queue=due", "{pk}/", "{pk}/used/"])
def test_pages_ask_the_database_as_often_however_many_there_are(path: str, sign_in: Sign) -> None:
    browser = sign_in(Role.REVIEWER)
    first = published(confirm_by=TODAY + timedelta(days=3), unit=units()[0])
    browser.get(HERE)
    counted = []
    for _ in range(2):
        for at in range(6):
            published(title=f"水费办法{at}", confirm_by=TODAY + timedelta(days=3))
            upkeep.object_to(first.pk, text=f"不对{at}{len(counted)}", actor=WRITER, now=OPENED)
            cite(Done(order=dispatched(), seq=2), (first.published_id or 0,), actor=WRITER, now=OPENED)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(HERE + path.format(pk=first.pk)).status_code == 200
        counted.append(sum("people_citydecision" not in each["sql"] for each in queries))
    assert counted[0] == counted[1]
    assert counted[0] <= 22


def test_a_file_is_looked_at_taken_in_and_waits_for_another(sign_in: Sign) -> None:
    published(), draft()
    browser = sign_in(Role.ADMINISTRATOR)
    out = browser.get(f"{HERE}files/export.toml")
    assert "attachment" in out.headers["Content-Disposition"]
    text = out.content.decode() + '\n[[article]]\ntitle = "新来的"\nbody = "内容。"\n'
    send = lambda then, body=text: browser.post(  # noqa: E731
        f"{HERE}files/", {"then": then, "file": SimpleUploadedFile("k.toml", body.encode())}
    )
    first = re.compile(r'<button class="main" name="then" value="(\w+)"')
    looked = send("look")
    assert "新来的" in said(looked)
    assert first.findall(said(browser.get(f"{HERE}files/"))) == ["look"], "one looks first"
    assert first.findall(said(looked)) == ["take"]
    assert Article.objects.count() == 2
    assert send("take").status_code == 200
    made = Article.objects.latest("pk")
    assert (made.making, Article.objects.count()) == (Making.SUBMITTED, 3)
    assert "要由另一个人审核" in said(browser.get(f"{HERE}{made.pk}/"))
    assert browser.post(f"{HERE}{made.pk}/do/publish/", {"seen": "1"}).status_code == 422
    acts.publish(made.pk, seen=1, remark="", actor=REVIEWER, now=OPENED)
    again = send("take")
    assert "没有变化 " in said(again)
    assert Article.objects.count() == 3
    assert fresh(made).making == Making.NONE
    for wrong in ("", "[[article", "x = 1", '[[article]]\ntitle = "无内容"', "[[article]]\nheading = 1"):
        assert send("take", wrong).status_code == 422, wrong
    assert browser.post(f"{HERE}files/", {"then": "take"}).status_code == 422


def test_several_are_published_at_once_and_what_is_refused_keeps_no_other_back(sign_in: Sign) -> None:
    browser = sign_in(Role.REVIEWER)
    browser.post(f"{HERE}new/", form(then="submit"))
    own = Article.objects.get()
    others = [submitted(replace(PLAIN, title=f"第{at}条")) for at in range(3)]
    acts.rewrite(others[2].pk, _changed("后来又改过。"), base=1, actor=WRITER, now=OPENED)
    acts.submit(others[2].pk, seen=2, remark="", actor=WRITER, now=OPENED)
    page = said(browser.get(f"{HERE}?queue=review"))
    assert f'value="{others[2].pk}:2"' in page
    picks = [f"{each.pk}:1" for each in (own, *others)]
    told = said(browser.post(f"{HERE}publish/", {"pick": [*picks, picks[1], "x:1", "999:1", f"{own.pk}:x"]}))
    assert "发布了 2 条" in told
    assert "没有发布 2 条" in told
    assert [fresh(each).published is not None for each in (own, *others)] == [False, True, True, False]
    assert "没有勾选" in said(browser.post(f"{HERE}publish/", {}))
    assert "没有勾选" in said(sign_in(Role.SUPERVISOR).post(f"{HERE}publish/", {"pick": picks}))


def test_the_rail_counts_the_articles_that_wait_for_one(sign_in: Sign) -> None:
    mine, other = units(2)
    due = published(title="快到期的", unit=mine, confirm_by=TODAY + timedelta(days=5))
    upkeep.object_to(due.pk, text="不对", actor=WRITER, now=OPENED)
    submitted(replace(PLAIN, unit=mine)), draft()
    wanted = {
        (Role.OPERATOR, None): None,
        (Role.SUPERVISOR, None): None,
        (Role.REVIEWER, None): 2,
        (Role.HEAD, mine): 2,
        (Role.LIAISON, mine): 1,
        (Role.LIAISON, other): 0,
    }
    assert {(role, unit): tasks(actor(role, unit), TODAY) for role, unit in wanted} == wanted
    for role, unit, shown in ((Role.HEAD, mine, "2"), (Role.LIAISON, other, "")):
        poll = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "queue"}
        page = said(sign_in(role, unit).get("/desk/unit/", **poll))
        assert f'<span id="waits-knowledge" class="count" hx-swap-oob="true">{shown}</span>' in page


def test_what_is_withdrawn_stays_to_be_read_and_nothing_of_its_next_text(sign_in: Sign) -> None:
    mine, other = units(2)
    article = published(unit=mine)
    acts.withdraw(article.pk, reason="政策废止", actor=REVIEWER, now=OPENED)
    head = sign_in(Role.HEAD, mine)
    assert PLAIN.title in said(head.get(f"{HERE}?queue=withdrawn"))
    assert PLAIN.title not in said(sign_in(Role.HEAD, other).get(f"{HERE}?queue=withdrawn"))
    assert PLAIN.title not in said(head.get(f"{HERE}?q=水费"))
    acts.rewrite(article.pk, replace(PLAIN, unit=mine, body="还没定的话。"), base=1, actor=WRITER, now=OPENED)
    read = said(sign_in(Role.SUPERVISOR).get(f"{HERE}{article.pk}/"))
    assert "已撤下" in read
    assert "政策废止" in read
    assert "还没定的话" not in read
    assert "还没定的话" in said(head.get(f"{HERE}{article.pk}/"))
    acts.submit(article.pk, seen=2, remark="", actor=WRITER, now=OPENED)
    acts.publish(article.pk, seen=2, remark="", actor=REVIEWER, now=OPENED)
    assert "还没定的话" in said(sign_in(Role.CALLBACK_AGENT).get(f"{HERE}{article.pk}/"))

"""Citing during a call and below a reply's form, and reading articles by the keyboard, in a real browser."""

from collections.abc import Iterator

import pytest
from articles import fresh, published, submitted
from axe import violations
from browsers import Sign
from cast import lead, plain_type, signed
from playwright.sync_api import Browser
from served import chromium, context_of, served, wait, watched

from jieban.desks.knowledge.models import Citation
from jieban.people.city import city
from jieban.people.roles import Role
from live_database import LiveDatabase

pytestmark = [pytest.mark.slow(3), pytest.mark.once]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


@pytest.fixture
def address(database: LiveDatabase) -> Iterator[str]:
    del database
    with served() as address:
        yield address


def test_a_call_is_answered_from_an_article(browser: Browser, address: str, sign_in: Sign) -> None:
    article = published()
    context = context_of(browser, address, sign_in(Role.OPERATOR))
    page = context.new_page()
    faults = watched(page)
    page.goto(f"{address}/desk/intake/")
    wait(page, "document.querySelector('.call.scripted') !== null")
    page.keyboard.type("13900000001")
    page.fill("#id_content", "请问水费在哪里查?")
    wait(page, "document.querySelector('#articles [data-cite]') !== null")
    page.click("#articles summary")
    assert page.is_visible("#articles .prose")
    page.click("#articles [data-cite]")
    assert "拨打供水热线" in page.input_value("#id_answer")
    assert page.is_checked("input[name=course][value=answer]")
    # What is cited outlives a reload, as all of the draft does; cited twice it is cited once.
    page.reload()
    wait(page, "document.querySelector('#cited [data-cited]') !== null")
    page.click("#articles [data-cite]")
    assert page.input_value("#cited input") == str(article.published_id)
    assert page.input_value("#id_answer").count("拨打供水热线") == 1
    page.click("#cited [data-uncite]")
    assert page.input_value("#cited input") == ""
    page.click("#articles [data-cite]")
    page.fill("#sought", "窗口")
    wait(page, "document.querySelector('#articles mark') !== null")
    assert violations(page) == []
    page.check(f"input[name=request_type][value={plain_type()}]", force=True)
    topic = next(iter(city().order_topics.values()))
    page.evaluate(f"document.querySelector('select[name=topic]').value = '{topic.code}'")
    page.keyboard.press("Control+Enter")
    page.click("#record")
    wait(page, "document.querySelector('#spoken') !== null")
    assert faults == []
    context.close()
    assert fresh(article).used == 1
    assert Citation.objects.get().version_id == article.published_id


def test_a_reply_cites_and_its_form_lists_articles(browser: Browser, address: str, sign_in: Sign) -> None:
    published(title="路灯不亮怎么办", questions=("路灯三天不亮",), body="先查电源。")
    number = signed()
    context = context_of(browser, address, sign_in(Role.HANDLER, lead()))
    page = context.new_page()
    faults = watched(page)
    page.goto(f"{address}/desk/orders/{number}/do/reply/?handling=1")
    wait(page, "document.querySelector('#act-articles [data-cite]') !== null")
    second = page.locator("#act-form textarea").nth(1)
    second.focus()
    page.click("#act-articles [data-cite]")
    assert second.input_value() == "先查电源。"
    assert page.input_value("#act-cited input")
    page.fill("#act-sought", "鲸鱼")
    wait(page, "document.querySelector('#act-articles').innerText.includes('没有找到')")
    assert violations(page) == []
    assert faults == []
    context.close()


def test_articles_are_gone_through_by_the_keyboard(browser: Browser, address: str, sign_in: Sign) -> None:
    for title in ("甲", "乙"):
        published(title=title, public=True)
    submitted()
    context = context_of(browser, address, sign_in(Role.REVIEWER))
    page = context.new_page()
    faults = watched(page)
    page.goto(f"{address}/desk/knowledge/")
    assert page.evaluate("document.activeElement.id") == "q"
    assert violations(page) == []
    page.keyboard.press("Tab")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    wait(page, "document.querySelector('#order article') !== null")
    assert page.evaluate("document.activeElement.tagName") == "H1"
    first = page.inner_text("#order h1")
    page.keyboard.press("j")
    wait(page, f"document.querySelector('#order h1').innerText !== '{first}'")
    assert violations(page) == []
    for path in ("new/", "?queue=review", "1/versions/1/", "1/used/", "1/edit/"):
        page.goto(f"{address}/desk/knowledge/{path}")
        assert violations(page) == [], path
    for path in ("/guides/", "/guides/1/"):
        page.goto(f"{address}{path}")
        assert violations(page) == [], path
    assert faults == []
    context.close()

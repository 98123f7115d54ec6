"""A call taken by the keyboard alone, in a real browser; what a reload, a closed tab and a lost connection leave."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from browsers import OPENED, Sign
from cast import recorded, row
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page
from served import chromium, context_of, served, wait, watched
from test_intake import DESK, call, number_in

from jieban.orders.face import face_of
from jieban.orders.models import Order
from jieban.orders.secrets import Matter
from jieban.people.actor import Actor
from jieban.people.city import city
from jieban.people.roles import Role
from live_database import LiveDatabase, settings

pytestmark = [pytest.mark.slow(2), pytest.mark.once]

FOCUS = "document.activeElement.id"
UNTAKEN = "document.querySelector('#untaken') && !document.querySelector('#untaken').hidden"
KEPT = "Object.keys(localStorage).filter((name) => name.startsWith('jieban:')).length"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


@pytest.fixture
def operator(database: LiveDatabase, sign_in: Sign) -> Client:
    del database
    return sign_in(Role.OPERATOR)


@pytest.fixture
def address(database: LiveDatabase) -> Iterator[str]:
    del database
    with served() as address:
        yield address


@pytest.fixture
def window(browser: Browser, address: str, operator: Client) -> Iterator[BrowserContext]:
    context = context_of(browser, address, operator)
    yield context
    context.close()


@pytest.fixture
def opened(window: BrowserContext, address: str) -> Callable[[], tuple[Page, list[str]]]:
    """Opens the desk in a new tab; gives it with what its console complains of."""

    def open_desk() -> tuple[Page, list[str]]:
        page = window.new_page()
        faults = watched(page)
        page.goto(f"{address}{DESK}")
        wait(page, "document.querySelector('.call.scripted') !== null")
        return page, faults

    return open_desk


Opened = Callable[[], tuple[Page, list[str]]]


def choose(page: Page, typed: str) -> None:
    """Type into the list that has the focus and take the first that fits."""
    page.keyboard.type(typed)
    page.keyboard.press("Enter")


def subtopic() -> tuple[str, str, str]:
    topic = next(each for each in city().order_topics.values() if each.subtopics)
    return topic.code, topic.subtopics[0].code, topic.subtopics[0].name


@pytest.mark.usefixtures("each_city")
def test_the_key_links_what_reads_alike_or_the_row_one_is_at(opened: Opened) -> None:
    meant = recorded(now=OPENED - timedelta(days=2))
    other = recorded(now=OPENED - timedelta(days=1), matter=Matter(content="公交车提前收班,末班车没有等到"))
    page, faults = opened()
    page.keyboard.type("13900000001")
    page.keyboard.press("F3")
    page.keyboard.type("小区的路灯还是不亮")
    wait(page, "document.querySelector('#caller [data-link]') !== null")
    wait(page, "document.querySelector('#similar [data-beside]') !== null")
    page.keyboard.press("F7")
    assert page.inner_text("#repeat-number") == meant
    page.keyboard.press("F7")
    assert page.input_value("#id_repeat_of") == ""
    page.focus(f"#caller [href='/desk/orders/{other}/']")
    page.keyboard.press("F7")
    assert page.inner_text("#repeat-number") == other
    assert faults == []


@pytest.mark.usefixtures("each_city")
def test_a_call_is_taken_by_the_keyboard_alone(opened: Opened) -> None:
    earlier = recorded(now=OPENED - timedelta(days=1))
    page, faults = opened()
    keys = page.keyboard
    assert page.evaluate(FOCUS) == "id_phone"
    keys.type("13900000001")
    wait(page, f"document.querySelector('#caller').innerText.includes('{earlier}')")
    keys.press("Enter")
    keys.type("买买提")
    keys.press("F3")
    topic, sub, name = subtopic()
    keys.type(f"小区的{name}没人管,路灯也不亮")
    wait(page, f"document.querySelector('[data-pick=topic]')?.dataset.value === '{topic}/{sub}'")
    keys.press("F6")
    keys.press("F4")
    assert name in page.input_value("#id_topic")
    keys.press("Enter")
    street = next(iter(city().streets.values()))
    assert page.evaluate(FOCUS) == "id_place"
    choose(page, street.short_name)
    assert page.evaluate(FOCUS) == "id_request_type_0"
    keys.press("2")
    wait(page, "document.querySelectorAll('#preview .owed').length === 4")
    keys.press("F7")
    assert page.inner_text("#repeat-number") == earlier
    keys.press("F10")
    keys.press("Enter")
    wait(page, f"document.querySelector('#order [data-order]')?.dataset.order === '{earlier}'")
    keys.press("Escape")
    keys.press("F8")
    assert page.evaluate(FOCUS) == "id_answer"
    keys.type("已告知来电人物业电话。")
    keys.press("Control+Enter")
    wait(page, "document.querySelector('#spoken') !== null")
    number = city().workflow.numbering.read(page.inner_text("#spoken"))
    wait(page, f"{FOCUS} === 'id_phone'")
    assert (page.input_value("#id_phone"), page.input_value("#id_content")) == ("", "")
    assert page.evaluate(KEPT) == 0
    keys.press("Control+Enter")
    page.wait_for_timeout(300)
    assert city().workflow.numbering.read(page.inner_text("#spoken")) == number
    assert Order.objects.count() == 2
    assert faults == []
    order = row(number)
    assert (order.state, order.topic, order.subtopic, order.street) == ("closed", topic, sub, street.code)
    assert order.request_type == list(city().request_types)[1]
    assert order.repeat_of_id == row(earlier).pk
    matter = face_of(Actor.system(), number).matter
    assert matter is not None
    assert matter.content == f"小区的{name}没人管,路灯也不亮"


def test_a_draft_survives_a_reload(opened: Opened) -> None:
    page, faults = opened()
    topic, sub, name = subtopic()
    page.keyboard.type("13900000009")
    page.keyboard.press("F3")
    page.keyboard.type("水管爆了")
    page.keyboard.press("F4")
    choose(page, name)
    page.check("#id_urgency_1", force=True)
    form = page.input_value("[name=form_id]")
    page.reload()
    wait(page, "document.querySelector('#id_content').value === '水管爆了'")
    assert page.input_value("#id_phone") == "13900000009"
    assert page.input_value("[name=topic]") == f"{topic}/{sub}"
    assert name in page.input_value("#id_topic")
    assert page.is_checked("#id_urgency_1")
    assert page.input_value("[name=form_id]") == form
    wait(page, "document.querySelector('#caller').innerText.includes('第一次来电')")
    assert faults == []


def test_a_closed_tab_s_draft_is_offered_in_the_next(opened: Opened) -> None:
    page, _ = opened()
    page.keyboard.type("13900000009")
    page.close()
    page, faults = opened()
    assert page.input_value("#id_phone") == ""
    assert "13900000009" in page.inner_text("#drafts")
    page.click("#drafts button >> nth=0")
    assert page.input_value("#id_phone") == "13900000009"
    page.close()
    page, _ = opened()
    page.click("#drafts button >> nth=1")
    assert page.is_hidden("#drafts")
    assert page.evaluate(KEPT) == 0
    assert faults == []


def test_nothing_is_lost_with_the_connection_and_nothing_recorded_twice(
    opened: Opened, window: BrowserContext, operator: Client
) -> None:
    page, _ = opened()
    page.keyboard.type("13900000009")
    page.keyboard.press("F3")
    page.keyboard.type("水管爆了")
    page.keyboard.press("F4")
    choose(page, subtopic()[2])
    page.check("#id_request_type_0", force=True)
    window.set_offline(offline=True)
    page.keyboard.press("Control+Enter")
    wait(page, "!document.querySelector('#lost').hidden")
    assert page.input_value("#id_content") == "水管爆了"
    # The form did arrive, though its answer never came back.
    sent = page.evaluate("Object.fromEntries(new FormData(document.querySelector('#call-form')))")
    known = number_in(operator.post(DESK, sent))
    window.set_offline(offline=False)
    page.keyboard.press("Control+Enter")
    wait(page, "document.querySelector('#spoken') !== null")
    assert city().workflow.numbering.read(page.inner_text("#spoken")) == known
    assert Order.objects.count() == 1


@pytest.mark.parametrize("where", ["", "/account/sessions/", "/account/logout/"])
def test_signing_out_leaves_nothing_in_the_browser(opened: Opened, address: str, where: str) -> None:
    page, _ = opened()
    page.keyboard.type("13900000009")
    assert page.evaluate(KEPT) == 1
    if where:
        page.goto(address + where)
        assert page.evaluate(KEPT) == 1
    page.click("form[action='/account/logout/'] button")
    page.wait_for_url("**/account/login/**")
    assert page.evaluate(KEPT) == 0
    assert page.evaluate(KEPT.replace("localStorage", "sessionStorage")) == 0


def test_what_somebody_else_or_yesterday_left_is_taken_away(opened: Opened) -> None:
    page, _ = opened()
    own = page.get_attribute("#call", "data-account")
    page.evaluate(
        """(own) => {
          const values = { phone: '1' };
          localStorage.setItem('jieban:call:999:a', JSON.stringify({ at: Date.now(), values }));
          localStorage.setItem(`jieban:call:${own}:b`, JSON.stringify({ at: Date.now() - 13 * 3600e3, values }));
          localStorage.setItem(`jieban:call:${own}:c`, JSON.stringify({ at: Date.now(), values }));
        }""",
        own,
    )
    page.reload()
    wait(page, "document.querySelector('#drafts') && !document.querySelector('#drafts').hidden")
    assert page.evaluate("Object.keys(localStorage)") == [f"jieban:call:{own}:c"]


def test_an_expired_session_keeps_the_call_and_comes_back_to_it(
    opened: Opened, window: BrowserContext
) -> None:
    page, _ = opened()
    page.keyboard.press("F3")
    page.keyboard.type("水管爆了")
    wait(page, f"{KEPT} === 1")
    kept = window.cookies()
    window.clear_cookies(name=settings.CSRF_COOKIE_NAME)
    page.keyboard.press("Control+Enter")
    wait(page, f"{UNTAKEN} && document.querySelector('#id_content').value === '水管爆了'")
    page.reload()
    wait(page, f"!({UNTAKEN}) && document.querySelector('#id_content').value === '水管爆了'")
    window.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/account/login/?next=/desk/intake/")
    # What was looked up meanwhile leads there, too.
    page.wait_for_load_state("networkidle")
    window.add_cookies(kept)
    page.goto(page.url.partition("/account/")[0] + DESK)
    wait(page, f"{UNTAKEN} && document.querySelector('#id_content').value === '水管爆了'")


def test_forms_sent_at_once_are_one_order(database: LiveDatabase, operator: Client) -> None:
    sent = call(operator)
    answers = database.in_threads(4, lambda _place: operator.post(DESK, sent).status_code)
    assert answers == [200] * 4
    assert Order.objects.count() == 1


@pytest.mark.usefixtures("each_city")
def test_a_list_is_chosen_from_by_any_spelling_and_never_by_mistake(opened: Opened) -> None:
    page, faults = opened()
    unit = next(
        each for each in city().units.values() if each.validity.covers(OPENED.date()) and each.aliases
    )
    page.keyboard.press("F8")
    page.focus("#id_unit")
    page.keyboard.type(unit.aliases[-1].upper())
    page.keyboard.press("Tab")
    assert page.input_value("[name=unit]") == unit.code
    assert page.input_value("#id_unit") == unit.name
    page.focus("#id_unit")
    page.keyboard.type("没有这样的单位")
    page.wait_for_selector(".combo .none:has-text('没有找到')")
    page.keyboard.press("Tab")
    assert page.query_selector(".combo .none:visible") is None
    assert page.input_value("[name=unit]") == unit.code
    assert page.input_value("#id_unit") == unit.name
    page.focus("#id_unit")
    page.keyboard.press("Delete")
    page.keyboard.press("Tab")
    assert page.input_value("[name=unit]") == ""
    assert faults == []


def test_a_call_can_be_put_aside_for_another(opened: Opened) -> None:
    page, faults = opened()
    page.keyboard.type("13900000009")
    page.keyboard.press("F2")
    wait(
        page, "document.querySelector('#id_phone').value === '' && !document.querySelector('#drafts').hidden"
    )
    page.keyboard.type("13900000008")
    page.click("#drafts button >> nth=0")
    assert page.input_value("#id_phone") == "13900000009"
    assert "13900000008" in page.inner_text("#drafts")
    assert faults == []


def test_what_is_wrong_has_the_focus_and_keys_go_on_working(opened: Opened) -> None:
    page, _ = opened()
    page.keyboard.press("F3")
    page.keyboard.type("水管爆了")
    page.keyboard.press("Control+Enter")
    wait(page, f"document.querySelector('.wrong') !== null && {FOCUS} === 'id_phone'")
    page.keyboard.type("13900000009")
    page.keyboard.press("F4")
    choose(page, subtopic()[2])
    page.focus("#id_request_type_0")
    page.keyboard.press("1")
    page.keyboard.press("Control+Enter")
    wait(page, "document.querySelector('#spoken') !== null")
    wait(page, f"{KEPT} === 0")

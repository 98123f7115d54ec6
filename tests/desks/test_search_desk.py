"""The search's page: for whom, what stands in its address, what is kept, and the list as a workbook."""

from io import BytesIO
from typing import Any
from urllib.parse import quote

import openpyxl
import pytest
from browsers import OPENED, Sign
from cast import MINUTE, MONDAY, dispatched, lead, recorded, units
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jieban.desks.search.models import SavedView
from jieban.desks.search.views import MOST_VIEWS
from jieban.orders.search import limit
from jieban.orders.secrets import Contact, Matter
from jieban.people.city import city
from jieban.people.roles import POST_ROLES, UNIT_ROLES, Role

pytestmark = pytest.mark.django_db
HERE = "/desk/search/"


def test_it_is_open_to_the_centre_and_units_and_to_no_others(sign_in: Sign) -> None:
    closed = {Role.LEADER, Role.ANALYST, Role.ADMINISTRATOR}
    recorded()
    for role in POST_ROLES:
        browser = sign_in(role, lead() if role in UNIT_ROLES else None)
        for path in (HERE, f"{HERE}?q={quote('路灯')}", f"{HERE}list.xlsx"):
            assert browser.get(path).status_code == (403 if role in closed else 200), (role, path)


def test_a_unit_finds_what_is_in_its_hands(sign_in: Sign) -> None:
    mine, other = units(2)
    number, hidden = dispatched(to=mine), dispatched(to=other)
    browser = sign_in(Role.LIAISON, mine)
    page = browser.get(f"{HERE}?q={quote('路灯')}").content.decode()
    assert number in page
    assert hidden not in page
    assert 'class="entry"' not in browser.get(f"{HERE}?q={hidden}").content.decode()
    assert browser.get(f"{HERE}{hidden}/").status_code == 404
    assert browser.get(f"{HERE}{number}/?q={quote('路灯')}").status_code == 200


@pytest.mark.usefixtures("each_city")
def test_what_is_chosen_stands_in_the_address_and_on_the_page(sign_in: Sign) -> None:
    number, other = dispatched(to=lead()), recorded()
    browser = sign_in(Role.DISPATCHER)
    page = browser.get(f"{HERE}?unit={lead()}&state=dispatched&since=2025-04-21").content.decode()
    assert number in page
    assert other not in page
    assert f'<option value="{lead()}" selected>' in page
    assert 'value="2025-04-21"' in page
    assert other in browser.get(f"{HERE}?unit=nonsense&since=yesterday").content.decode()
    assert browser.get(f"{HERE}?after=nonsense").status_code == 404


def test_who_may_not_look_for_numbers_is_told_so(sign_in: Sign) -> None:
    recorded()
    told = "您的岗位不能按来电号码查"
    supervisor, operator = sign_in(Role.SUPERVISOR), sign_in(Role.OPERATOR)
    for typed in ("13900000001", "139 0000 0001"):
        assert told in supervisor.get(HERE, {"q": typed}).content.decode()
        assert 'class="entry"' in operator.get(HERE, {"q": typed}).content.decode()
    assert told not in supervisor.get(HERE, {"q": "没有的"}).content.decode()
    assert told not in operator.get(HERE, {"q": "13900000009"}).content.decode()


def test_pages_lead_on_and_back(sign_in: Sign) -> None:
    numbers = [recorded(now=MONDAY + at * MINUTE / 10) for at in range(52)]
    browser = sign_in(Role.OPERATOR)
    page = browser.get(f"{HERE}?q={quote('路灯')}").content.decode()
    assert numbers[-1] in page
    assert numbers[0] not in page
    older = page.split('" rel="next"')[0].rpartition('href="')[2].replace("&amp;", "&")
    second = browser.get(older).content.decode()
    assert all((number in second) == (number in numbers[:2]) for number in numbers)
    assert "回到最新" in second


def test_nothing_found_says_what_to_do(sign_in: Sign) -> None:
    page = sign_in(Role.OPERATOR).get(f"{HERE}?q={quote('鲸鱼')}").content.decode()
    assert "没有符合的工单" in page


def test_an_order_opens_beside_the_list(sign_in: Sign) -> None:
    number = recorded()
    browser = sign_in(Role.OPERATOR)
    asked = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "order"}
    pane = browser.get(f"{HERE}{number}/?q={quote('路灯')}", **asked).content.decode()
    assert f'data-order="{number}"' in pane
    assert "<html" not in pane
    assert f'href="{HERE}?q={quote("路灯")}">返回查询结果</a>' in pane, (
        "back to what was found, on a telephone"
    )
    assert "返回队列" not in pane


def test_views_are_kept_for_oneself(sign_in: Sign) -> None:
    mine, other = sign_in(Role.OPERATOR), sign_in(Role.REVIEWER)
    kept = mine.post(
        f"{HERE}views/", {"name": " 待派  路灯 ", "query": f"q={quote('路灯')}&state=recorded&x=1"}
    )
    assert kept.headers["Location"] == f"{HERE}?q={quote('路灯')}&state=recorded"
    [view] = SavedView.objects.all()
    assert view.name == "待派 路灯"
    assert "待派 路灯" in mine.get(HERE).content.decode()
    assert "待派 路灯" not in other.get(HERE).content.decode()
    mine.post(f"{HERE}views/", {"name": "待派 路灯", "query": "state=closed"})
    assert SavedView.objects.get().query == "state=closed"
    assert other.post(f"{HERE}views/{view.pk}/forget/").status_code == 404
    assert mine.get(f"{HERE}views/{view.pk}/forget/").status_code == 405
    assert mine.post(f"{HERE}views/{view.pk}/forget/").status_code == 302
    assert not SavedView.objects.exists()
    mine.post(f"{HERE}views/", {"name": "", "query": "state=closed"})
    mine.post(f"{HERE}views/", {"name": "全部", "query": ""})
    assert not SavedView.objects.exists()


def test_who_keeps_as_many_views_as_there_may_be_is_told_so(sign_in: Sign) -> None:
    browser = sign_in(Role.DISPATCHER)
    for number in range(MOST_VIEWS):
        assert "存满" not in browser.get(f"{HERE}?q=x").content.decode()
        browser.post(f"{HERE}views/", {"name": f"视图 {number}", "query": "q=x"})
    page = browser.get(f"{HERE}?q=x").content.decode()
    assert f"已存满 {MOST_VIEWS} 个视图" in page
    assert 'id="view-name"' not in page
    browser.post(f"{HERE}views/", {"name": "多出来的", "query": "q=x"})
    assert SavedView.objects.count() == MOST_VIEWS


def test_the_list_as_a_workbook_without_formulas_and_without_persons(sign_in: Sign) -> None:
    about = Matter(content="路灯", summary='=HYPERLINK("http://x","y")')
    number = recorded(matter=about, contact=Contact(name="买买提·艾力", phone="13900000001"))
    recorded(matter=Matter(content="水管"))
    answer = sign_in(Role.OPERATOR).get(f"{HERE}list.xlsx?q={quote('路灯')}")
    # By the city's clock: the server's own may be another.
    assert answer.headers["Content-Disposition"] == f'attachment; filename="jieban-{OPENED:%Y%m%d-%H%M}.xlsx"'
    data = b"".join(answer.streaming_content)
    sheet = openpyxl.load_workbook(BytesIO(data)).active
    head, only = sheet.iter_rows()
    assert [cell.value for cell in head][:2] == ["工单编号", "受理时间"]
    assert only[0].value == number
    assert (only[-1].value, only[-1].data_type) == ('=HYPERLINK("http://x","y")', "s")
    said = " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row)
    assert "13900000001" not in said
    assert "买买提" not in said


def test_the_page_costs_the_same_however_much_is_found(sign_in: Sign) -> None:
    browser = sign_in(Role.REVIEWER)
    browser.get(HERE)  # the first page of a session writes it down
    counts = []
    for more in (2, 20):
        for _ in range(more):
            recorded()
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(f"{HERE}?q={quote('路灯')}").status_code == 200
        counts.append(len(queries))
    # Whether the index gathers or the latest are walked through is decided by how many there may be: a statement apart.
    assert abs(counts[0] - counts[1]) <= 1
    # session, account, posts; the latest, how frequent the words are, what the index gathers, its rows, what is sealed;
    # views; orders, secrets, handlings of the rows; the session's own bookkeeping
    assert max(counts) <= 18


def test_a_name_is_told_to_be_one(sign_in: Sign) -> None:
    name = city().units[lead()].name
    page = sign_in(Role.OPERATOR).get(f"{HERE}?q={quote(name)}").content.decode()
    assert f"“{name}”按名称查找" in page


def test_what_an_address_asks_that_nobody_knows_is_told(sign_in: Sign) -> None:
    number, browser = recorded(), sign_in(Role.REVIEWER)
    asked = "unit=closed-long-ago&topic=nonsense&since=2025-13-01&until=0001-01-01"
    page = browser.get(f"{HERE}?{asked}").content.decode()
    assert "“承办单位、分类、受理自、受理至”认不出" in page
    assert number in page
    assert "认不出" not in browser.get(f"{HERE}?state=recorded&unit=").content.decode()
    long = browser.get(f"{HERE}?q={'路' * 3000}").content.decode()
    assert "只用了前 100 个字" in long


def test_a_search_that_takes_too_long_says_that_it_asks_for_too_much(
    sign_in: Sign, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = recorded()
    browser = sign_in(Role.OPERATOR)
    # The least time there is. SQLite looks at it after each step; PostgreSQL gets something that takes longer.
    monkeypatch.setattr(limit, "MOST_SECONDS", -1.0)
    monkeypatch.setattr(limit, "_STEPS", 1)

    def slowly(execute: Any, sql: str, *rest: Any) -> Any:
        slow = connection.vendor == "postgresql" and '"orders_order' in sql
        return execute("SELECT pg_sleep(5)", None, *rest[1:]) if slow else execute(sql, *rest)

    for headers, status in (({}, 422), ({"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "found"}, 200)):
        with connection.execute_wrapper(slowly):
            answer = browser.get(f"{HERE}?q={quote('路灯')}", **headers)
        assert answer.status_code == status
        page = answer.content.decode()
        assert "查的范围太大" in page
        assert "请多写几个字" in page
        assert "没有符合的工单" not in page
        assert number not in page

"""The administrator's desk: who may, what each act does and leaves on record, and what the city's pages show."""

import io
import re
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from browsers import OPENED, Sign
from cast import lead
from django.contrib.auth import SESSION_KEY
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jieban.people.accounts import add_account, give_post
from jieban.people.administration import appoint, give_password, open_account
from jieban.people.city import city
from jieban.people.models import Account, AccountChange, Post
from jieban.people.roles import POST_ROLES, UNIT_ROLES, Role
from jieban.profile.load import load_profile

pytestmark = pytest.mark.django_db

DESK = "/desk/administration/"
PARTS = (
    "",
    "changes/",
    "units/",
    "topics/",
    "deadlines/",
    "calendar/",
    "templates/",
    "profile/",
    "add/",
)
TODAY = OPENED.date()


def other(username: str = "guli") -> Account:
    return add_account(username=username, display_name="古丽", now=OPENED)


def of(username: str = "guli", act: str = "") -> str:
    return f"{DESK}people/{username}/{act}"


@pytest.mark.usefixtures("each_city")
def test_every_page_is_the_administrators_and_nobody_elses(sign_in: Sign) -> None:
    other()
    paths = [DESK + part for part in PARTS] + [of(), f"{DESK}profile/files/"]
    for role in POST_ROLES:
        browser = sign_in(role, lead() if role in UNIT_ROLES else None)
        for path in paths:
            answer = browser.get(path)
            assert answer.status_code == (200 if role is Role.ADMINISTRATOR else 403), (role, path)
            if answer.status_code == 200 and not path.endswith("files/"):
                assert "style=" not in answer.content.decode()
    for path in paths:
        assert Client().get(path).headers["Location"].startswith("/account/login/")


def test_no_act_is_done_by_anybody_else_or_without_a_form(sign_in: Sign) -> None:
    account = other()
    post = give_post(account=account, role=Role.LEADER, unit=None, first=TODAY, last=None, profile=city())
    acts = ("switch/", "password/", "second-step/", f"posts/{post.pk}/end/", "")
    for role in (Role.DISPATCHER, Role.LEADER, Role.ANALYST):
        browser = sign_in(role)
        for act in acts:
            assert browser.post(of(act=act), {"active": "0", "last": "2025-05-01"}).status_code == 403, act
        assert browser.post(f"{DESK}add/", {"username": "x-1", "display_name": "x"}).status_code == 403
    administrator = sign_in(Role.ADMINISTRATOR)
    for act in ("switch/", "password/", "second-step/"):
        assert administrator.get(of(act=act)).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(Account.objects.get(username="administrator"))
    assert strict.post(of(act="switch/"), {"active": "0"}).status_code == 403
    account.refresh_from_db()
    assert account.is_active
    assert not AccountChange.objects.exists()


def test_a_new_account_gets_a_password_that_is_shown_once_and_lets_them_in(sign_in: Sign) -> None:
    browser = sign_in(Role.ADMINISTRATOR)
    answer = browser.post(f"{DESK}add/", {"username": "Mai", "display_name": "买买提·艾力"})
    page = answer.content.decode()
    found = re.search(r"<code>([a-z2-9-]{17})</code>", page)
    assert found is not None
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert found[1] not in browser.get(of("mai")).content.decode()
    account = Account.objects.get(username="mai")
    assert found[1] not in account.password
    entered = Client()
    entered.post("/account/login/", {"login": "mai", "password": found[1]})
    assert entered.session[SESSION_KEY] == str(account.pk)
    assert entered.get("/desk/").headers["Location"] == "/account/password/change/"
    told = [(each.act, each.by and each.by.username) for each in AccountChange.objects.order_by("id")]
    assert told == [("add", "administrator"), ("give_password", "administrator")]


@pytest.mark.parametrize("username", ["", "古丽", "a", "guli"])
def test_an_account_that_cannot_be_is_refused_and_the_form_kept(username: str, sign_in: Sign) -> None:
    other()
    answer = sign_in(Role.ADMINISTRATOR).post(f"{DESK}add/", {"username": username, "display_name": "另一位"})
    assert answer.status_code == 422
    assert "另一位" in answer.content.decode()
    assert not AccountChange.objects.exists()


def test_disabling_ends_the_session_and_enabling_lets_back_in(sign_in: Sign) -> None:
    browser, theirs = sign_in(Role.ADMINISTRATOR), sign_in(Role.DISPATCHER)
    assert theirs.get("/desk/dispatch/").status_code == 200
    assert browser.post(of("dispatcher", "switch/"), {"active": "0"}).status_code == 302
    assert theirs.get("/desk/dispatch/").status_code == 302
    assert "已停用" in browser.get(of("dispatcher")).content.decode()
    assert "设置岗位</button>" not in browser.get(of("dispatcher")).content.decode()
    browser.post(of("dispatcher", "switch/"), {"active": "0"})  # again: nothing happens
    browser.post(of("dispatcher", "switch/"), {"active": "1"})
    assert theirs.get("/desk/dispatch/").status_code == 200
    assert [each.act for each in AccountChange.objects.order_by("id")] == ["disable", "enable"]


def test_a_new_password_ends_the_sessions_of_its_holder(sign_in: Sign) -> None:
    browser = sign_in(Role.ADMINISTRATOR)
    account = other()
    password = give_password(by=None, account=account, now=OPENED)
    theirs = Client()
    theirs.post("/account/login/", {"login": "guli", "password": password})
    assert SESSION_KEY in theirs.session
    page = browser.post(of(act="password/")).content.decode()
    assert "只显示这一次" in page
    assert theirs.get("/account/password/change/").headers["Location"].startswith("/account/login/")


@pytest.mark.usefixtures("each_city")
def test_a_post_is_given_shown_and_ended_with_its_history(sign_in: Sign) -> None:
    other()
    unit = lead()
    browser = sign_in(Role.ADMINISTRATOR)
    form = {"role": "handler", "unit": unit, "first": TODAY.isoformat(), "last": ""}
    assert browser.post(of(), form).status_code == 302
    post = Post.objects.get(account__username="guli")
    assert (post.role, post.unit, post.valid_from, post.valid_to) == ("handler", unit, TODAY, None)
    page = browser.get(of()).content.decode()
    assert "在岗" in page
    assert city().unit_name(unit, TODAY) in page
    again = browser.post(of(), form)
    assert again.status_code == 422
    assert 'role="alert"' in again.content.decode()
    last = (TODAY + timedelta(days=3)).isoformat()
    ending = of(act=f"posts/{post.pk}/end/")
    assert browser.get(ending).status_code == 200
    assert browser.post(ending, {"last": "2000-01-01"}).status_code == 422
    assert browser.post(ending, {"last": last}).status_code == 302
    post.refresh_from_db()
    assert str(post.valid_to) == last
    changes = list(AccountChange.objects.order_by("id"))
    assert [(each.act, each.role, each.unit) for each in changes] == [
        ("give_post", "handler", unit),
        ("end_post", "handler", unit),
    ]
    assert str(changes[1].valid_to) == last
    assert "岗位到期" in browser.get(f"{DESK}changes/").content.decode()


@pytest.mark.parametrize(
    ("role", "within"), [("handler", False), ("dispatcher", True), ("citizen", False), ("", False)]
)
def test_a_post_that_cannot_be_is_refused(role: str, within: bool, sign_in: Sign) -> None:
    other()
    form = {"role": role, "unit": lead() if within else "", "first": TODAY.isoformat()}
    answer = sign_in(Role.ADMINISTRATOR).post(of(), form)
    assert answer.status_code == 422
    assert 'class="wrong"' in answer.content.decode()
    assert not Post.objects.filter(account__username="guli").exists()


def test_nobody_administers_themselves(sign_in: Sign) -> None:
    browser = sign_in(Role.ADMINISTRATOR)
    mine = Post.objects.get(account__username="administrator")
    page = browser.get(of("administrator")).content.decode()
    assert "您自己的账号" in page
    assert "结束…" not in page
    form = {
        "role": "reviewer",
        "unit": "",
        "first": TODAY.isoformat(),
        "active": "0",
        "last": TODAY.isoformat(),
    }
    for act in ("switch/", "password/", "second-step/", f"posts/{mine.pk}/end/", ""):
        answer = browser.post(of("administrator", act), form)
        assert answer.status_code == 422, act
        assert "不能在这里改自己的账号" in answer.content.decode(), act
    assert Post.objects.filter(account__username="administrator").count() == 1
    assert not AccountChange.objects.exists()


def test_somebody_elses_post_is_not_ended_under_another_name(sign_in: Sign) -> None:
    other()
    browser = sign_in(Role.ADMINISTRATOR)
    mine = Post.objects.get(account__username="administrator")
    assert browser.get(of(act=f"posts/{mine.pk}/end/")).status_code == 404
    assert browser.get(of("nobody")).status_code == 404


def test_the_record_is_never_changed_not_even_by_the_database() -> None:
    account = open_account(by=None, username="guli", display_name="古丽", now=OPENED)
    for change in (
        lambda: AccountChange.objects.update(act="disable"),
        lambda: AccountChange.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            change()
    assert AccountChange.objects.get().account == account


def test_what_is_refused_leaves_no_record() -> None:
    account = other()
    with pytest.raises(Exception, match="unit"):
        appoint(
            by=None,
            account=account,
            role=Role.HANDLER,
            unit=None,
            first=TODAY,
            last=None,
            profile=city(),
            now=OPENED,
        )
    assert not AccountChange.objects.exists()


def test_people_are_found_by_username_name_and_unit(sign_in: Sign) -> None:
    unit = lead()
    browser = sign_in(Role.ADMINISTRATOR)
    sign_in(Role.HANDLER, unit)
    other("guli")
    gone = add_account(username="old", display_name="老张", now=OPENED)
    gone.is_active = False
    gone.save()
    handler = f"handler-{unit.lower()}"[:32]

    def found(**asked: str) -> set[str]:
        page = browser.get(DESK, asked).content.decode()
        return set(re.findall(r'people/([a-z0-9._-]+)/">', page))

    assert found() == {"administrator", handler, "guli"}
    assert found(q="gul") == {"guli"}
    assert found(q="古") == {"guli"}
    assert found(q=city().units[unit].short_name) == {handler}
    assert found(q="老张") == set()
    assert found(q="老张", shown="all") == found(shown="disabled") == {"old"}
    assert "没有找到" in browser.get(DESK, {"q": "<b>%_"}).content.decode()
    for wrong in ({"shown": "x"}, {"page": "0"}, {"page": "x"}, {"page": "²"}):
        assert browser.get(DESK, wrong).status_code == 404


def test_a_page_of_people_costs_the_same_however_many_there_are(sign_in: Sign) -> None:
    browser = sign_in(Role.ADMINISTRATOR)
    browser.get(DESK)
    counts = []
    for begin, end in ((0, 3), (3, 70)):
        for index in range(begin, end):
            account = open_account(by=None, username=f"p{index:03}", display_name="某", now=OPENED)
            give_post(account=account, role=Role.LEADER, unit=None, first=TODAY, last=None, profile=city())
        for path in (DESK, f"{DESK}changes/"):
            with CaptureQueriesContext(connection) as queries:
                page = browser.get(path).content.decode()
            counts.append(len(queries))
    assert "第 1 页" in page
    assert counts[:2] == counts[2:]
    # the city, session, account, posts of the day; the accounts and their posts; the session's own bookkeeping
    assert max(counts) <= 12
    assert "p069" in browser.get(DESK, {"page": "2"}).content.decode()


def test_the_page_of_an_account_costs_the_same_however_much_was_done_to_it(sign_in: Sign) -> None:
    account = other()
    browser = sign_in(Role.ADMINISTRATOR)
    browser.get(of())
    counts = []
    for begin in (0, 40):
        for index in range(begin, begin + 20):
            first = TODAY + timedelta(days=2 * index)
            appoint(
                by=None,
                account=account,
                role=Role.LEADER,
                unit=None,
                first=first,
                last=first,
                profile=city(),
                now=OPENED,
            )
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(of()).status_code == 200
        counts.append(len(queries))
    # the city, session, account, posts of the day; the account, its posts, its changes, its codes; bookkeeping
    assert counts[0] == counts[1] <= 14


@pytest.mark.parametrize("part", PARTS[2:])
def test_what_holds_in_the_city_asks_the_database_nothing(part: str, sign_in: Sign) -> None:
    browser = sign_in(Role.ADMINISTRATOR)
    browser.get(DESK)
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(DESK + part).status_code == 200
    told = [query["sql"] for query in queries]
    assert len(told) <= 10, (
        told
    )  # whether the city changed, what waits for a second, who asks, and the session's own bookkeeping
    assert not [sql for sql in told if "orders_" in sql]


# What holds in the city.


@pytest.mark.usefixtures("each_city")
def test_the_calculator_gives_the_deadlines_that_an_order_gets(sign_in: Sign) -> None:
    from cast import MONDAY, recorded  # noqa: PLC0415  # the orders' own

    from jieban.orders.models import Clock, Order  # noqa: PLC0415  # as above

    number = recorded()
    order = Order.objects.get(number=number)
    at = MONDAY.astimezone(city().clock.tz)
    asked = {
        "type": order.request_type,
        "urgency": order.urgency,
        "channel": order.channel,
        "at": f"{at:%Y-%m-%dT%H:%M}",
    }
    page = sign_in(Role.ADMINISTRATOR).get(f"{DESK}deadlines/", asked).content.decode()
    clocks = Clock.objects.filter(order=order, level="order")
    assert clocks
    for clock in clocks:
        assert f"{clock.due_at.astimezone(city().clock.tz):%Y-%m-%d %H:%M}" in page
    for rule in city().deadline_rules:
        assert f'id="{rule.id}"' in page


def test_a_year_that_the_calendar_does_not_know_gives_no_guess(sign_in: Sign) -> None:
    browser = sign_in(Role.ADMINISTRATOR)
    kind = next(iter(city().request_types))
    channel = next(iter(city().channels))
    asked = {"type": kind, "urgency": "normal", "channel": channel, "at": "2091-03-01T10:00"}
    page = browser.get(f"{DESK}deadlines/", asked)
    assert page.status_code == 200
    assert "待日历" in page.content.decode()
    assert "还没有 2091 年的放假安排" in browser.get(f"{DESK}calendar/", {"year": "2091"}).content.decode()
    for wrong in ({"at": "x", "type": kind}, {"at": "2025-05-01T10:00", "type": "none"}):
        assert browser.get(f"{DESK}deadlines/", {**asked, **wrong}).status_code == 422
    for year in ("x", "1", "99999"):
        assert browser.get(f"{DESK}calendar/", {"year": year}).status_code == 404


@pytest.mark.usefixtures("each_city")
def test_the_calendar_shows_each_day_as_the_clock_counts_it(sign_in: Sign) -> None:
    page = sign_in(Role.ADMINISTRATOR).get(f"{DESK}calendar/", {"year": "2025"}).content.decode()
    shown = re.findall(r'<span class="day (\w+)(?: now)?" title', page)
    assert len(shown) == 365
    calendar = city().clock.calendar
    first = TODAY.replace(month=1, day=1)
    days = [first + timedelta(days=index) for index in range(365)]
    assert shown == [calendar.day(day).kind.value for day in days]
    assert page.count(' now"') == 1


@pytest.mark.usefixtures("each_city")
def test_units_stand_with_what_they_were_and_became(sign_in: Sign) -> None:
    page = sign_in(Role.ADMINISTRATOR).get(f"{DESK}units/").content.decode()
    for unit in city().units.values():
        assert f">{unit.name}<" in page
        if unit.successor is not None:
            assert city().units[unit.successor].name in page
    assert page.count('<tr class="gone">') == sum(
        not unit.validity.covers(TODAY) for unit in city().units.values()
    )


@pytest.mark.usefixtures("each_city")
def test_the_files_that_come_out_are_the_profile_that_is_in_force(sign_in: Sign, tmp_path: Path) -> None:
    answer = sign_in(Role.ADMINISTRATOR).get(f"{DESK}profile/files/")
    packed = b"".join(answer.streaming_content)
    assert city().version[:12] in answer.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert not [name for name in archive.namelist() if name.startswith("/") or ".." in name]
        archive.extractall(tmp_path)
    assert load_profile(str(tmp_path / city().name)).version == city().version

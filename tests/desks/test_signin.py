"""Signing in: what is refused and in which words, what ends a session, and what the library's pages leave out."""

import re
from types import SimpleNamespace

import pytest
from allauth.core.internal import ratelimit
from allauth.usersessions.models import UserSession
from browsers import OPENED
from django.contrib.auth import SESSION_KEY
from django.db import connection
from django.http import HttpResponse
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from jieban.desks.signin import seen
from jieban.people.accounts import add_account, give_post, set_active
from jieban.people.administration import give_password
from jieban.people.city import city
from jieban.people.models import Account, AccountChange
from jieban.people.roles import Role

pytestmark = pytest.mark.django_db

LOGIN = "/account/login/"
CHANGE = "/account/password/change/"
SECRET = "qiu-gao-qi-shuang-9"  # noqa: S105  # made up
OTHER = "bing-tang-hu-lu-88"


def person(username: str = "guli", role: Role = Role.DISPATCHER) -> Account:
    account = add_account(username=username, display_name="haoguli", now=OPENED)
    account.set_password(SECRET)
    account.save()
    give_post(account=account, role=role, unit=None, first=OPENED.date(), last=None, profile=city())
    return account


def enter(
    username: str = "guli", password: str = SECRET, *, browser: Client | None = None, to: str = LOGIN
) -> tuple[Client, HttpResponse]:
    browser = browser or Client()
    return browser, browser.post(to, {"login": username, "password": password})


def is_in(browser: Client) -> bool:
    return browser.get("/desk/dispatch/").status_code == 200


def said(answer: HttpResponse) -> str:
    """The page's words, without what differs by chance or repeats what was typed."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
    return re.sub(r'name="login" value="[^"]*"|value="[^"]*" maxlength', "", page)


@pytest.mark.parametrize(
    "path",
    [
        "signup/",
        "email/",
        "confirm-email/",
        "confirm-email/abc/",
        "password/set/",
        "password/reset/",
        "password/reset/done/",
        "password/reset/key/1-abc/",
        "login/code/",
        "login/code/confirm/",
        "phone/verify/",
        "phone/change/",
        "3rdparty/",
        "2fa/webauthn/",
        "2fa/trust/",
        "",
    ],
)
def test_what_the_library_has_besides_is_not_there(path: str) -> None:
    assert Client().get(f"/account/{path}").status_code == 404


def test_the_page_asks_for_account_and_password_and_for_nothing_else() -> None:
    page = Client().get(LOGIN).content.decode()
    assert re.findall(r'<input[^>]* name="(\w+)"', page) == ["csrfmiddlewaretoken", "login", "password"]
    assert "placeholder" not in page
    for word in ("注册", "邮箱", "电子邮件", "Sign", "style=", "<script"):
        assert word not in page


def test_one_comes_in_and_goes_out_again() -> None:
    person()
    browser, answer = enter(" GULI ")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/desk/")
    assert is_in(browser)
    assert browser.post("/account/logout/").headers["Location"] == LOGIN
    assert not is_in(browser)


def test_one_comes_back_to_where_one_was_going_but_never_elsewhere() -> None:
    person()
    _, home = enter(to=f"{LOGIN}?next=/desk/dispatch/%3Fqueue%3Dreturns")
    assert home.headers["Location"] == "/desk/dispatch/?queue=returns"
    for away in ("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"):
        browser = Client()
        answer = browser.post(LOGIN, {"login": "guli", "password": SECRET, "next": away})
        assert answer.headers["Location"] == "/desk/", away


def test_unknown_and_wrong_are_told_alike() -> None:
    person()
    wrong, unknown = enter("guli", "not-it-at-all")[1], enter("nobody", "not-it-at-all")[1]
    assert wrong.status_code == unknown.status_code == 200
    assert said(wrong) == said(unknown)
    assert "账号或密码不对" in said(wrong)


def test_an_unknown_account_costs_as_much_hashing_as_a_wrong_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    person()
    from django.contrib.auth import hashers  # noqa: PLC0415  # what is counted

    done: list[str] = []
    kind = type(hashers.get_hasher())
    real = kind.encode
    monkeypatch.setattr(kind, "encode", lambda *a, **k: (done.append("x"), real(*a, **k))[1])
    enter("guli", "not-it-at-all")
    once = len(done)
    enter("nobody", "not-it-at-all")
    assert (once, len(done)) == (1, 2)


def test_after_five_wrong_tries_the_right_one_is_refused_too_for_five_minutes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    person()
    person("mai")
    for _ in range(5):
        assert "账号或密码不对" in enter("guli", "not-it-at-all")[1].content.decode()
    browser, locked = enter()
    assert "已暂停登录" in locked.content.decode()
    assert "5 分钟" in locked.content.decode()
    assert SESSION_KEY not in browser.session
    elsewhere = Client(REMOTE_ADDR="10.0.0.9")
    assert SESSION_KEY not in enter(browser=elsewhere)[0].session  # it is the account that is locked
    assert SESSION_KEY in enter("mai")[0].session  # and no other
    import time  # noqa: PLC0415  # the clock that is put on

    monkeypatch.setattr(
        ratelimit, "time", SimpleNamespace(**{**vars(time), "time": lambda: time.time() + 301})
    )
    assert SESSION_KEY in enter()[0].session


def test_a_right_password_is_no_failed_try() -> None:
    person()
    for _ in range(8):
        assert SESSION_KEY in enter()[0].session


def test_an_address_that_tries_many_accounts_is_refused_and_another_is_not() -> None:
    person()
    for index in range(30):
        enter(f"nobody-{index}", "not-it-at-all")
    browser, refused = enter()
    assert "已暂停登录" in refused.content.decode()
    assert SESSION_KEY not in browser.session
    assert SESSION_KEY in enter(browser=Client(REMOTE_ADDR="10.0.0.9"))[0].session


def test_with_a_proxy_in_front_the_address_is_the_browsers() -> None:
    person()
    with override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=1):
        for index in range(30):
            enter(f"nobody-{index}", "x", browser=Client(HTTP_X_FORWARDED_FOR="8.8.8.8, 10.1.1.1"))
        assert SESSION_KEY not in enter(browser=Client(HTTP_X_FORWARDED_FOR="10.1.1.1"))[0].session
        assert SESSION_KEY in enter(browser=Client(HTTP_X_FORWARDED_FOR="10.1.1.1, 10.2.2.2"))[0].session


def test_a_disabled_account_is_out_at_once_and_stays_out() -> None:
    account = person()
    browser, _ = enter()
    assert is_in(browser)
    set_active(account=account, active=False)
    assert browser.get("/desk/dispatch/").headers["Location"].startswith(LOGIN)
    assert browser.get("/account/2fa/").headers["Location"].startswith(LOGIN)
    back, answer = enter()
    assert answer.headers["Location"] == "/account/inactive/"
    assert "已停用" in back.get("/account/inactive/").content.decode()
    assert SESSION_KEY not in back.session
    assert "账号或密码不对" in enter(password="not-it-at-all")[1].content.decode()  # noqa: S106  # made up


def change(browser: Client, new: str, old: str = SECRET, again: str | None = None) -> HttpResponse:
    return browser.post(CHANGE, {"oldpassword": old, "password1": new, "password2": again or new})


def test_a_new_password_ends_the_other_sessions_and_not_this_one() -> None:
    person()
    mine, other = enter()[0], enter()[0]
    answer = change(mine, OTHER)
    assert answer.status_code == 302
    assert "密码已修改" in mine.get(answer.headers["Location"]).content.decode()
    assert is_in(mine)
    assert not is_in(other)
    assert SESSION_KEY not in enter()[0].session
    assert SESSION_KEY in enter(password=OTHER)[0].session
    assert AccountChange.objects.get().act == "choose_password"


@pytest.mark.parametrize(
    ("new", "old", "again"),
    [
        ("kurz-7890", SECRET, None),
        ("1234567890123", SECRET, None),
        ("qiugaoqishuang", SECRET, None),
        ("a1a1a1a1a1a1", SECRET, None),
        ("password1234", SECRET, None),
        ("zuohaoguli1", SECRET, None),
        (SECRET, SECRET, None),
        (OTHER, "not-it-at-all", None),
        (OTHER, SECRET, OTHER + "x"),
    ],
    ids=[
        "short",
        "figures",
        "letters",
        "the same two",
        "common",
        "like the account",
        "the same",
        "old one wrong",
        "not twice the same",
    ],
)
def test_a_password_that_will_not_do_is_refused_and_nothing_changes(
    new: str, old: str, again: str | None
) -> None:
    person()
    browser, _ = enter()
    answer = change(browser, new, old, again)
    assert answer.status_code == 200
    wrong = re.findall(r'class="wrong">([^<]+)<', answer.content.decode())
    assert wrong
    assert not re.search("[A-Za-z]", "".join(wrong)), "the framework's own words"
    assert SESSION_KEY in enter()[0].session
    assert not AccountChange.objects.exists()


def test_a_password_that_was_given_lets_one_choose_ones_own_and_nothing_else() -> None:
    account = person()
    given = give_password(by=None, account=account, now=OPENED)
    browser, _ = enter(password=given)
    for path in ("/desk/", "/desk/dispatch/", "/account/2fa/", "/account/sessions/"):
        assert browser.get(path).headers["Location"] == CHANGE
    assert browser.post("/desk/orders/X/do/urge/").headers["Location"] == CHANGE
    assert "一次性密码" in browser.get(CHANGE).content.decode()
    assert change(browser, given, given).status_code == 200
    assert not is_in(browser)
    assert change(browser, OTHER, given).status_code == 302
    assert is_in(browser)
    assert [each.act for each in AccountChange.objects.order_by("id")] == ["give_password", "choose_password"]


def test_sessions_are_listed_and_the_others_can_be_ended() -> None:
    person()
    mine = enter()[0]
    other = enter(browser=Client(HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"))[0]
    page = mine.get("/account/sessions/").content.decode()
    assert page.count("<tr>") == 3
    assert page.count("本次登录") == 1
    assert page.index("本次登录") < page.index("Firefox · Windows"), (
        "one's own first, though the other is newer"
    )
    assert mine.post("/account/sessions/").status_code == 302
    assert is_in(mine)
    assert not is_in(other)
    assert mine.get("/account/sessions/").content.decode().count("<tr>") == 2


def test_whoever_only_looks_writes_seldom() -> None:
    person()
    browser = enter()[0]
    assert is_in(browser)
    last = UserSession.objects.get()
    with CaptureQueriesContext(connection) as asked:
        assert is_in(browser)
    assert [each["sql"] for each in asked if not each["sql"].startswith("SELECT")] == []
    UserSession.objects.update(last_seen_at=last.last_seen_at - seen.EVERY)
    assert is_in(browser)
    assert UserSession.objects.get().last_seen_at >= last.last_seen_at
    assert browser.get("/desk/", REMOTE_ADDR="10.2.2.2").status_code == 302
    assert UserSession.objects.get().ip == "10.2.2.2", "that is told at once"


def test_forms_want_their_token() -> None:
    person()
    strict = Client(enforce_csrf_checks=True)
    answer = enter(browser=strict)[1]
    assert answer.status_code == 403
    assert "页面已过期" in answer.content.decode()
    assert SESSION_KEY not in strict.session
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', strict.get(LOGIN).content.decode())
    assert token is not None
    form = {"login": "guli", "password": SECRET, "csrfmiddlewaretoken": token[1]}
    assert strict.post(LOGIN, form).status_code == 302
    assert strict.post("/account/logout/").status_code == 403


def test_whoever_is_signed_in_needs_no_sign_in_and_strangers_see_no_page_of_an_account() -> None:
    person()
    browser, _ = enter()
    assert browser.get(LOGIN).headers["Location"] == "/desk/"
    for path in (
        CHANGE,
        "/account/2fa/",
        "/account/2fa/totp/activate/",
        "/account/2fa/recovery-codes/",
        "/account/sessions/",
    ):
        assert browser.get(path).status_code in {200, 302, 404}
        assert Client().get(path).headers["Location"].startswith(LOGIN), path


@override_settings(ALLOWED_HOSTS=["hotline.example", "127.0.0.1"])
def test_an_account_is_locked_whatever_the_browser_calls_this_house_and_however_the_name_is_written() -> None:
    person()
    hosts = ("hotline.example", "hotline.example:1", "hotline.example:2", "127.0.0.1:3", "127.0.0.1")
    for at, host in enumerate(hosts):
        name = ("guli", "GULI", " guli ", "gulı", "ｇuli")[at]
        Client(HTTP_HOST=host).post(LOGIN, {"login": name, "password": "wrong"})
    for host in (*hosts, "hotline.example:4"):
        browser, answer = enter(browser=Client(HTTP_HOST=host))
        assert "已暂停登录" in answer.content.decode(), host
        assert SESSION_KEY not in browser.session


def test_an_account_page_is_kept_by_no_cache_and_runs_nothing_but_what_clears_up_behind_one() -> None:
    person()
    browser, _ = enter()
    for path in (
        CHANGE,
        "/account/2fa/",
        "/account/2fa/totp/activate/",
        "/account/sessions/",
        "/account/logout/",
    ):
        answer = browser.get(path, follow=True)
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "style=" not in page, path
        assert re.findall(r"<script[^>]*desks/(\w+)", page) == ["leave"] * page.count("<script"), path
        assert "no-store" in answer.headers["Cache-Control"], path
        assert "<?xml" not in page, path


def test_asking_for_the_page_costs_the_database_next_to_nothing_and_signing_in_little() -> None:
    person()
    browser = Client()
    with CaptureQueriesContext(connection) as queries:
        browser.get(LOGIN)
    assert len(queries) == 1, "whether the city changed"
    with CaptureQueriesContext(connection) as queries:
        assert enter(browser=browser)[1].status_code == 302
    counted = [query["sql"] for query in queries if "desks_shared" in query["sql"]]
    # Tries of the address, failed ones of the address and of the account: each locked, read, written and let go; those
    # that failed taken back as the password was right; and what has run out is swept with each that is written.
    assert len(counted) <= 25, counted
    # The account, its codes, the session and its record, each looked for and written.
    assert len(queries) - len(counted) <= 20, [query["sql"] for query in queries]


def test_behind_a_proxy_forms_come_by_https_and_cookies_go_by_it() -> None:
    person()
    told = {"SESSION_COOKIE_SECURE": True, "CSRF_COOKIE_SECURE": True}
    with override_settings(**told, SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https")):
        strict = Client(enforce_csrf_checks=True, HTTP_X_FORWARDED_PROTO="https", HTTP_HOST="testserver")
        token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', strict.get(LOGIN).content.decode())
        assert token is not None
        form = {"login": "guli", "password": SECRET, "csrfmiddlewaretoken": token[1]}
        assert strict.post(LOGIN, form, HTTP_ORIGIN="https://evil.example").status_code == 403
        assert strict.post(LOGIN, form, HTTP_ORIGIN="https://testserver").status_code == 302
        assert {name: bool(each["secure"]) for name, each in strict.cookies.items()} == {
            "jieban": True,
            "jieban-form": True,
        }
        assert strict.cookies["jieban"]["httponly"]

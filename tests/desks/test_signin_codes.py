"""One-time codes: setting them up, signing in with them, recovery codes, and those of whom they are required."""

import hmac
import re
import struct
import time
from base64 import b32decode
from hashlib import sha1

import pytest
from allauth.mfa.models import Authenticator
from browsers import OPENED
from django.contrib.auth import SESSION_KEY
from django.http import HttpResponse
from django.test import Client, override_settings

from jieban.desks.signin.second import SecondStep
from jieban.kernel.sealing import BadSeal
from jieban.people.accounts import add_account, give_post
from jieban.people.administration import reset_second_step
from jieban.people.city import city
from jieban.people.models import Account, AccountChange
from jieban.people.roles import Role

pytestmark = pytest.mark.django_db

SECRET = "qiu-gao-qi-shuang-9"  # noqa: S105  # made up
ACTIVATE, DEACTIVATE = "/account/2fa/totp/activate/", "/account/2fa/totp/deactivate/"
STEP = "/account/2fa/authenticate/"


def person(role: Role = Role.DISPATCHER) -> Account:
    account = add_account(username="guli", display_name="古丽", now=OPENED)
    account.set_password(SECRET)
    account.save()
    give_post(account=account, role=role, unit=None, first=OPENED.date(), last=None, profile=city())
    return account


def enter() -> tuple[Client, HttpResponse]:
    browser = Client()
    return browser, browser.post("/account/login/", {"login": "guli", "password": SECRET})


def sure(browser: Client) -> Client:
    """The browser, in which it was confirmed a moment ago who sits there."""
    browser.post("/account/reauthenticate/", {"password": SECRET})
    return browser


def totp(secret: str, steps: int = 0) -> str:
    """RFC 6238 by hand: what a telephone shows now, or some steps of 30 seconds later."""
    counter = struct.pack(">Q", int(time.time()) // 30 + steps)
    digest = hmac.new(b32decode(secret), counter, sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def secret_on(page: str) -> str:
    found = re.search(r"<code>([A-Z2-7]{32})</code>", page)
    assert found is not None
    return found[1]


def set_up() -> tuple[str, list[str]]:
    """Codes for the account; gives the secret and the recovery codes."""
    browser = sure(enter()[0])
    secret = secret_on(browser.get(ACTIVATE).content.decode())
    answer = browser.post(ACTIVATE, {"code": totp(secret)})
    assert answer.headers["Location"] == "/account/2fa/recovery-codes/"
    codes = re.findall(
        r"<li><code>(\w+)</code></li>", browser.get(answer.headers["Location"]).content.decode()
    )
    assert len(codes) == 10
    return secret, codes


def test_the_picture_stands_in_the_page_and_breaks_no_rule_of_it() -> None:
    person()
    page = sure(enter()[0]).get(ACTIVATE).content.decode()
    assert "<svg" in page
    assert "<?xml" not in page
    assert "style=" not in page
    assert "data:image" not in page


def test_with_codes_a_password_alone_is_not_enough() -> None:
    account = person()
    secret, _ = set_up()
    browser, answer = enter()
    assert answer.headers["Location"] == STEP
    assert SESSION_KEY not in browser.session
    assert browser.get("/desk/dispatch/").headers["Location"].startswith("/account/login/")
    wrong = browser.post(STEP, {"code": "000000" if totp(secret, 1) != "000000" else "111111"})
    assert "验证码不对" in wrong.content.decode()
    assert SESSION_KEY not in browser.session
    assert browser.post(STEP, {"code": totp(secret)}).status_code == 302
    assert browser.session[SESSION_KEY] == str(account.pk)


def test_a_code_is_good_once() -> None:
    person()
    secret, _ = set_up()
    code = totp(secret)
    assert enter()[0].post(STEP, {"code": code}).status_code == 302
    assert "验证码不对" in enter()[0].post(STEP, {"code": code}).content.decode()


def test_a_code_is_good_once_for_as_long_as_it_would_be_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    person()
    secret, _ = set_up()
    code, clock = totp(secret, 1), time.time  # of a telephone that is half a minute ahead
    assert enter()[0].post(STEP, {"code": code}).status_code == 302
    # The library forgets after half a minute that it was used, and takes it for a minute and a half.
    for later in (31, 59):
        monkeypatch.setattr(time, "time", lambda later=later: clock() + later)
        for typed in (code, f" {code[:3]}-{code[3:]}"):
            browser, _ = enter()
            assert "验证码不对" in browser.post(STEP, {"code": typed}).content.decode()
            assert SESSION_KEY not in browser.session
    assert enter()[0].post(STEP, {"code": totp(secret, 1)}).status_code == 302


def test_guessing_codes_is_stopped_even_for_the_right_one() -> None:
    person()
    secret, _ = set_up()
    browser, _ = enter()
    wrong = "000000" if totp(secret) != "000000" else "111111"
    for _ in range(5):
        browser.post(STEP, {"code": wrong})
    answer = browser.post(STEP, {"code": totp(secret)})
    assert answer.status_code == 200
    assert "已暂停登录" in answer.content.decode()
    assert SESSION_KEY not in browser.session


def test_a_recovery_code_lets_one_in_once() -> None:
    person()
    _, codes = set_up()
    assert enter()[0].post(STEP, {"code": codes[0]}).status_code == 302
    assert enter()[0].post(STEP, {"code": codes[0]}).status_code == 200
    browser, _ = enter()
    browser.post(STEP, {"code": codes[1]})
    page = browser.get("/account/2fa/").content.decode()
    assert "还剩 8 个" in page
    assert codes[2] not in page


def test_secrets_are_sealed_where_they_are_kept() -> None:
    person()
    secret, codes = set_up()
    for row in Authenticator.objects.all():
        kept = str(row.data)
        assert secret not in kept
        assert not any(code in kept for code in codes)
    step = SecondStep()
    assert step.decrypt(step.encrypt("abc")) == "abc"
    assert step.encrypt("abc") != step.encrypt("abc")
    sealed = step.encrypt("abc")
    other = sealed[:-6] + ("A" if sealed[-6] != "A" else "B") + sealed[-5:]
    with pytest.raises(BadSeal):
        step.decrypt(other)


def test_whoever_needs_codes_is_led_to_set_them_up_and_then_works() -> None:
    person(Role.ADMINISTRATOR)
    with override_settings(JIEBAN_TWO_STEP_ROLES=frozenset({"administrator"})):
        browser, _ = enter()
        for path in ("/desk/", "/desk/administration/"):
            assert browser.get(path).headers["Location"] == ACTIVATE
        page = sure(browser).get(ACTIVATE).content.decode()
        assert "您的岗位要求两步验证" in page
        assert "以后再说" not in page
        browser.post(ACTIVATE, {"code": totp(secret_on(page))})
        assert browser.get("/desk/administration/").status_code == 200
        refused = browser.get(DEACTIVATE).content.decode()
        assert "不能停用" in refused
        browser.post(DEACTIVATE)
    assert Authenticator.objects.filter(type="totp").exists()


def test_whoever_needs_none_may_put_them_off_again() -> None:
    person()
    set_up()
    browser, _ = enter()
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    browser.post(STEP, {"code": codes[0]})
    assert sure(browser).post(DEACTIVATE).status_code == 302
    assert not Authenticator.objects.exists()
    assert enter()[1].headers["Location"] == "/desk/"


def test_whoever_lost_their_telephone_is_let_in_by_an_administrator() -> None:
    account = person()
    set_up()
    reset_second_step(by=None, account=account, now=OPENED)
    assert not Authenticator.objects.exists()
    assert enter()[1].headers["Location"] == "/desk/"
    assert AccountChange.objects.get().act == "reset_second_step"


def test_what_is_sensitive_asks_who_one_is_and_again_after_a_while() -> None:
    person()
    browser, _ = enter()
    answer = browser.get(ACTIVATE)
    where = answer.headers["Location"]
    assert where.startswith("/account/reauthenticate/?next=")
    assert "确认身份" in browser.get(where).content.decode()
    assert "密码不对" in browser.post(where, {"password": "x"}).content.decode()
    assert browser.get(ACTIVATE).status_code == 302
    assert browser.post(where, {"password": SECRET}).headers["Location"] == ACTIVATE
    assert browser.get(ACTIVATE).status_code == 200
    session = browser.session
    session["account_authentication_methods"] = [
        {**each, "at": each["at"] - 3600} for each in session["account_authentication_methods"]
    ]
    session.save()
    assert browser.get(ACTIVATE).status_code == 302


def test_confirming_leads_to_no_other_place() -> None:
    person()
    browser, _ = enter()
    answer = browser.post("/account/reauthenticate/?next=https://evil.example/", {"password": SECRET})
    assert "evil" not in answer.headers["Location"]


def test_no_browser_keeps_what_the_pages_of_an_account_show() -> None:
    person()
    set_up()
    browser, _ = enter()
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    browser.post(STEP, {"code": codes[0]})
    sure(browser)
    for page in ("recovery-codes/", "recovery-codes/download/", ""):
        answer = browser.get(f"/account/2fa/{page}")
        assert answer.status_code == 200
        assert "no-store" in answer.headers["Cache-Control"], page
    for page in ("sessions/", "password/change/", "logout/", "reauthenticate/"):
        assert "no-store" in browser.get(f"/account/{page}").headers["Cache-Control"], page

"""Signing in while the desks' clock is moved: pages agree with it, and nothing that protects an account goes by it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from browsers import OPENED, Sign
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client, override_settings
from django.utils import timezone

from jieban.desks.shell.moment import now
from jieban.desks.shell.words import moment
from jieban.people.accounts import add_account, give_post
from jieban.people.city import city
from jieban.people.models import Account
from jieban.people.roles import Role

pytestmark = pytest.mark.django_db

SECRET = "qiu-gao-qi-shuang-9"  # noqa: S105  # made up
BACK = OPENED + timedelta(days=10) - datetime.now(UTC)
"""As a demonstration's, which was made long after the days of its orders."""


@pytest.fixture
def guli() -> Account:
    account = add_account(username="guli", display_name="haoguli", now=OPENED)
    account.set_password(SECRET)
    account.save()
    give_post(
        account=account,
        role=Role.DISPATCHER,
        unit=None,
        first=OPENED.date(),
        last=None,
        profile=city(),
    )
    cache.clear()
    return account


def entered(password: str = SECRET) -> Client:
    browser = Client()
    browser.post("/account/login/", {"login": "guli", "password": password})
    return browser


def is_in(browser: Client) -> bool:
    return (
        browser.get("/desk/").status_code == 302 and "login" not in browser.get("/desk/").headers["Location"]
    )


def instants(page: str) -> list[str]:
    return re.findall(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}", page)


@pytest.mark.usefixtures("guli")
def test_pages_tell_of_sign_ins_by_the_clock_that_they_show() -> None:
    with override_settings(JIEBAN_CLOCK_SHIFT=BACK):
        before = moment(now())
        first, second = entered(), entered()
        assert is_in(first)
        page = second.get("/account/sessions/").content.decode()
        assert len(instants(page)) >= 3, "when each was begun, and when the other was last used"
        assert {before, moment(now())} >= set(instants(page))


def test_an_administrator_sees_the_last_sign_in_by_the_same_clock(guli: Account, sign_in: Sign) -> None:
    with override_settings(JIEBAN_CLOCK_SHIFT=BACK):
        before = moment(now())
        assert is_in(entered())
        administrator = sign_in(Role.ADMINISTRATOR)
        for path in ("/desk/administration/", f"/desk/administration/people/{guli.username}/"):
            page = administrator.get(path)
            assert page.status_code == 200, path
            shown = instants(page.content.decode())
            assert before in shown or moment(now()) in shown, path
            assert moment(timezone.now()) not in shown, path


@pytest.mark.usefixtures("guli")
def test_a_sign_in_ends_by_the_real_clock() -> None:
    with override_settings(JIEBAN_CLOCK_SHIFT=BACK):
        browser = entered()
        kept = Session.objects.get(session_key=browser.session.session_key)
        assert kept.expire_date > timezone.now(), "not long ago by the clock that was set back"
        kept.expire_date = timezone.now() - timedelta(seconds=1)
        kept.save()
        assert not is_in(browser), "though by the clock that was set back it has years to go"


@pytest.mark.usefixtures("guli")
def test_a_lock_out_lasts_whatever_the_desks_clock_says() -> None:
    for _ in range(5):
        entered("wrong")
    assert not is_in(entered())
    for shift in (BACK, timedelta(days=900)):
        with override_settings(JIEBAN_CLOCK_SHIFT=shift):
            assert not is_in(entered()), shift

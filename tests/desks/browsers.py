"""Who visits the desks in tests, and when."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.test import Client

from jieban.people.accounts import add_account, give_post
from jieban.people.city import city
from jieban.people.roles import Role

Sign = Callable[..., Client]
"""`sign_in(role, unit=None)`: a browser in which a new account with that post is signed in."""

OPENED = datetime.fromisoformat("2025-04-21T11:30+08:00")
"""When the desks are visited: an hour after the cast's MONDAY."""


def signed_in(role: Role, unit: str | None = None) -> Client:
    """A browser in which a new account of a role (of a unit) is signed in."""
    name = f"{role.value.replace('_', '-')}{'' if unit is None else '-' + unit.lower()}"[:32]
    account = add_account(username=name, display_name=role.value, now=OPENED)
    give_post(account=account, role=role, unit=unit, first=OPENED.date(), last=None, profile=city())
    browser = Client()
    browser.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
    return browser

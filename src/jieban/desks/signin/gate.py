"""Around the pages of signing in: a given password is replaced first, and no browser keeps what they show."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from jieban.people.models import Account

_OPEN: Final = ("account_change_password", "account_logout")
_PAGES: Final = "/account/"


class OwnPassword:
    """Leads whoever signed in with a password that was given to them to the page where they choose their own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on, or lead there."""
        account = request.user
        if isinstance(account, Account) and account.password_once:
            open_to = [reverse(name) for name in _OPEN]
            if request.path not in open_to:
                return HttpResponseRedirect(open_to[0])
        answer = self._next(request)
        if request.path.startswith(_PAGES):
            # Recovery codes, sessions: a shared computer must not bring them back once somebody signed out.
            answer.headers.setdefault("Cache-Control", "private, no-store")
        return answer

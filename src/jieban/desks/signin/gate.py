"""Whoever signed in with a password that was given to them chooses their own before anything else."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from jieban.people.models import Account

_OPEN: Final = ("account_change_password", "account_logout")


class OwnPassword:
    """Leads to the page where a password is chosen."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on, or lead there."""
        account = request.user
        if isinstance(account, Account) and account.password_once:
            open_to = [reverse(name) for name in _OPEN]
            if request.path not in open_to:
                return HttpResponseRedirect(open_to[0])
        return self._next(request)

"""Whoever visits: the actor of a request, and the desk at which they sit."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from urllib.parse import urlsplit, urlunsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from jieban.desks.shell.again import sign_in_and_send_again, stood_on, typed
from jieban.desks.shell.desks import BY_ID, Desk, desks_of
from jieban.desks.shell.moment import now
from jieban.desks.signin.required import owes_codes
from jieban.people.actor import Actor, actor_of
from jieban.people.city import city
from jieban.people.models import Account


@dataclass(frozen=True, kw_only=True, slots=True)
class Visit:
    """A request of somebody signed in: who, with the posts of the day, at which instant, at which desk."""

    request: HttpRequest
    account: Account
    actor: Actor
    now: datetime
    desk: Desk | None = None

    @property
    def desks(self) -> tuple[Desk, ...]:
        """The desks that the rail shows."""
        return desks_of(self.actor)

    @property
    def partial(self) -> bool:
        """Whether a piece of the page was asked for (htmx), and not a whole one after going back in history."""
        headers = self.request.headers
        return headers.get("HX-Request") == "true" and headers.get("HX-History-Restore-Request") != "true"


View = Callable[..., HttpResponseBase]
_ACTOR = "jieban_actor"
"""Where a request keeps who made it."""


def visit_of(request: HttpRequest, desk: Desk | None = None) -> Visit | None:
    """The visit of whoever is signed in; None for a stranger. Raises AccountDisabled. One query a request."""
    account = request.user
    if not isinstance(account, Account) or not account.is_authenticated:
        return None
    at = now()
    # Of one that ended in a refusal, whose page shows the desks, they are known already.
    actor: Actor | None = getattr(request, _ACTOR, None)
    if actor is None:
        actor = actor_of(account, at.astimezone(city().clock.tz).date())
        setattr(request, _ACTOR, actor)
    return Visit(request=request, account=account, actor=actor, now=at, desk=desk)


def _sign_in_first(request: HttpRequest) -> HttpResponse:
    """To the sign-in, and back afterwards. A piece of a page can't hold it: the page itself goes there (htmx).

    What a form brought that somebody typed is given back to be sent again.
    """
    if request.headers.get("HX-Request") != "true":
        if typed(request):
            return sign_in_and_send_again(request)
        return redirect_to_login(stood_on(request) if request.method == "POST" else request.get_full_path())
    page = urlsplit(request.headers.get("HX-Current-URL", ""))
    answer = HttpResponse(status=401)
    answer.headers["HX-Redirect"] = redirect_to_login(
        urlunsplit(("", "", page.path or "/desk/", page.query, ""))
    ).url
    return answer


def at_desk(*ids: str) -> Callable[[View], View]:
    """A view of these desks: strangers are asked to sign in, and who works at none of them is refused (403).

    Of whom one-time codes are required is led to set them up.

    Without ids the page is everybody's who is signed in. The view is given the `Visit` in place of the request.
    """
    open_to = tuple(BY_ID[each] for each in ids)

    def wrap(view: View) -> View:
        @wraps(view)
        def seen(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            visit = visit_of(request)
            if visit is None:
                return _sign_in_first(request)
            if owes_codes(visit.account, visit.actor):
                return HttpResponseRedirect(reverse("mfa_activate_totp"))
            mine = next((desk for desk in open_to if visit.actor.roles & desk.roles), None)
            if open_to and mine is None:
                raise PermissionDenied
            if mine is not None:
                visit = Visit(
                    request=request, account=visit.account, actor=visit.actor, now=visit.now, desk=mine
                )
            answer = view(visit, *args, **kwargs)
            if isinstance(answer, HttpResponse):
                # What one person sees is nobody else's, in no cache.
                answer.headers.setdefault("Cache-Control", "private, no-store")
            return answer

        return seen

    return wrap

"""Around every open page: the city's name and the hotline's number, and that nobody else keeps what one person sees."""

import re
from collections.abc import Callable, Mapping
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from jieban.desks.shell.moment import now
from jieban.desks.shell.pages import public_page
from jieban.people.city import city

_CALLED = re.compile(r"[0-9]{5,}")


def open_page(
    request: HttpRequest, template: str, context: Mapping[str, object], *, status: int = 200
) -> HttpResponse:
    """A page of the open pages, by the name of its template."""
    around = {
        "telephone": telephone(),
        "mailboxes": city().mailboxes.valid_on(city().clock.local_date(now())),
        "said": None,
        **context,
    }
    return public_page(request, f"citizen/{template}.html", around, status=status)


def telephone() -> str:
    """The number that is dialled, as the hotline's name has it; empty where it has none."""
    found = _CALLED.search(city().publication.hotline)
    return found.group() if found is not None else ""


def personal(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A view whose pages are one person's: no cache keeps them, no search engine lists them."""

    @wraps(view)
    def seen(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        answer = view(request, *args, **kwargs)
        answer.headers.setdefault("Cache-Control", "private, no-store")
        answer.headers.setdefault("X-Robots-Tag", "noindex")
        return answer

    return seen

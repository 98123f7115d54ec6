"""Answers: a whole page with the rail around it, a piece of one, and what a refusal looks like."""

from collections.abc import Mapping
from hashlib import sha256

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers

from jieban.desks.shell.arriving import NoRoom
from jieban.desks.shell.given import number_in
from jieban.desks.shell.moment import now
from jieban.desks.shell.told import take
from jieban.desks.shell.visit import Visit
from jieban.kernel.errors import JiebanError
from jieban.orders.errors import Busy, NoSuchOrder, NotAllowed, WrongState
from jieban.people.city import city

_LAST_PAGE = 1000
_STATUS: tuple[tuple[type[JiebanError], int], ...] = (
    (NoSuchOrder, 404),
    (NotAllowed, 403),
    (WrongState, 409),
    (Busy, 503),
    (NoRoom, 507),
)


def page(visit: Visit, template: str, context: Mapping[str, object], *, status: int = 200) -> HttpResponse:
    """A page of a desk, or the piece of it that was asked for: templates tell by `visit.partial`."""
    just_done = () if visit.partial else take(visit.request)
    around = {"visit": visit, "city": city(), "now": visit.now, "just_done": just_done, **context}
    return HttpResponse(render_to_string(template, around, visit.request, using="pages"), status=status)


def public_page(
    request: HttpRequest, template: str, context: Mapping[str, object], *, status: int = 200
) -> HttpResponse:
    """A page that needs nobody to be signed in."""
    around = {"visit": None, "city": city(), "now": now(), **context}
    return HttpResponse(render_to_string(template, around, request, using="pages"), status=status)


def status_of(refused: JiebanError) -> int:
    """The HTTP status of a refusal: what was typed is 422 unless something more exact is known."""
    return next((status for kind, status in _STATUS if isinstance(refused, kind)), 422)


def page_number(request: HttpRequest) -> int:
    """The page of a list that is asked for; the first is 1. 404 for what is none."""
    wanted = number_in(request.GET.get("page", "1"))
    if wanted is None or not 1 <= wanted <= _LAST_PAGE:
        raise Http404
    return wanted


def unless_known(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """304 for a piece that the page has already, so that what refreshes by itself costs next to nothing."""
    tag = f'"{sha256(answer.content).hexdigest()[:32]}"'
    # What went packed came with the tag as a weak one.
    if request.headers.get("If-None-Match") in {tag, f"W/{tag}"}:
        answer = HttpResponseNotModified()
    answer.headers["ETag"] = tag
    # Said of the 304 as well: browsers take its headers for those of what they keep, and would keep it no longer.
    answer.headers["Cache-Control"] = "private, no-cache"
    # The same address gives the whole page, too, which a browser going back must not find in the piece's place.
    patch_vary_headers(answer, ("HX-Request", "HX-Target", "Cookie", "Accept-Encoding"))
    return answer

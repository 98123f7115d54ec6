"""Answers: a whole page with the rail around it, a piece of one, and what a refusal looks like."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from jieban.desks.shell.moment import now
from jieban.desks.shell.visit import Visit
from jieban.kernel.errors import JiebanError
from jieban.orders.errors import Busy, NoSuchOrder, NotAllowed, WrongState
from jieban.people.city import city

_STATUS: tuple[tuple[type[JiebanError], int], ...] = (
    (NoSuchOrder, 404),
    (NotAllowed, 403),
    (WrongState, 409),
    (Busy, 503),
)


def page(visit: Visit, template: str, context: Mapping[str, object], *, status: int = 200) -> HttpResponse:
    """A page of a desk, or the piece of it that was asked for: templates tell by `visit.partial`."""
    around = {"visit": visit, "city": city(), "now": visit.now, **context}
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

"""The poll of pages that have no queue of their own to ask for."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from jieban.desks.live.pieces import pieces
from jieban.desks.shell.pages import page, unless_known
from jieban.desks.shell.visit import Visit, at_desk


@require_safe
@at_desk()
def live(visit: Visit) -> HttpResponse:
    """What waits, and who else has the order open that the page has; 304 where nothing changed."""
    return unless_known(visit.request, page(visit, "live/pieces.html", pieces(visit)))

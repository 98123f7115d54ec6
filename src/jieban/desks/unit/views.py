"""The page of this desk."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from jieban.desks.queues.views import queue_page
from jieban.desks.shell.visit import Visit, at_desk
from jieban.desks.unit.queues import queues_of


@require_safe
@at_desk("unit")
def desk(visit: Visit, number: str | None = None) -> HttpResponse:
    """The queues, and the order that is open beside them."""
    return queue_page(visit, queues_of(visit.actor), number)

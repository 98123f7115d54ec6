"""The page of this desk."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from jieban.desks.queues.views import queue_page
from jieban.desks.review.queues import QUEUES
from jieban.desks.shell.visit import Visit, at_desk


@require_safe
@at_desk("review")
def desk(visit: Visit, number: str | None = None) -> HttpResponse:
    """The queues, and the order that is open beside them."""
    return queue_page(visit, QUEUES, number)

"""The page of this desk."""

from django.http import HttpResponse

from jieban.desks.dispatch.queues import QUEUES
from jieban.desks.queues.views import queue_page
from jieban.desks.shell.visit import Visit, at_desk


@at_desk("dispatch")
def desk(visit: Visit, number: str | None = None) -> HttpResponse:
    """The queues, and the order that is open beside them."""
    return queue_page(visit, QUEUES, number)

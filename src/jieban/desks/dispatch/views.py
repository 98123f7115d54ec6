"""The page of this desk."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from jieban.desks.bulk.views import bulk_page
from jieban.desks.dispatch.queues import QUEUES
from jieban.desks.queues.views import queue_page
from jieban.desks.shell.visit import Visit, at_desk


@require_safe
@at_desk("dispatch")
def desk(visit: Visit, number: str | None = None) -> HttpResponse:
    """The queues, and the order that is open beside them."""
    return queue_page(visit, QUEUES, number)


@at_desk("dispatch")
def bulk(visit: Visit) -> HttpResponse:
    """One act on several orders."""
    return bulk_page(visit, QUEUES)

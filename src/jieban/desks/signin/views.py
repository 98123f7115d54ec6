"""Where somebody begins who has signed in."""

from django.http import HttpResponse, HttpResponseRedirect

from jieban.desks.shell.pages import page
from jieban.desks.shell.visit import Visit, at_desk


@at_desk()
def start(visit: Visit) -> HttpResponse:
    """To the first desk of one's posts; who holds none is told so."""
    if visit.desks:
        return HttpResponseRedirect(visit.desks[0].path)
    return page(visit, "signin/no_post.html", {})

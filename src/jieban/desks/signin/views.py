"""Where somebody begins who has signed in; and the page where they choose their password."""

from typing import Any

from allauth.account.views import PasswordChangeView
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from jieban.desks.shell.pages import page
from jieban.desks.shell.visit import Visit, at_desk
from jieban.people.models import Account


@require_safe
@at_desk()
def start(visit: Visit) -> HttpResponse:
    """To the first desk of one's posts; who holds none is told so."""
    if visit.desks:
        return HttpResponseRedirect(visit.desks[0].path)
    return page(visit, "signin/no_post.html", {})


@method_decorator(login_required, name="dispatch")
class PasswordChange(PasswordChangeView):  # type: ignore[misc]  # the library is untyped
    """The library's page; without its way out to setting a first password, which an administrator gives."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """404 for an account without a password."""
        account = request.user
        if isinstance(account, Account) and not account.has_usable_password():
            raise Http404
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer

"""What stands between the server and every view: the city is that of the moment, and refusals become pages."""

from collections.abc import Callable
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse

from jieban.desks.shell.errors import error_page, not_found, not_so
from jieban.desks.shell.moment import now
from jieban.desks.shell.pages import status_of
from jieban.kernel.errors import JiebanError
from jieban.orders.texts import storable
from jieban.people.city import serving
from jieban.people.city_in_force import look

_METHOD: Final = 405


class CityInForce:
    """Looks, once a request, whether the city's data were changed, and serves the request with what it found."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on within the city in force."""
        with serving(look(now()).profile):
            return self._next(request)


class Refusals:
    """Shows a typed refusal that no view has turned into something better: what is wrong, and what to do.

    So it does for an address that was opened otherwise than it can be, of which Django's answer is empty.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; refusals are caught below. No address has a sign that no database can hold."""
        if not storable(request.path):
            return not_found(request, Http404())
        answer = self._next(request)
        if answer.status_code != _METHOD or answer.streaming or answer.content:
            return answer
        said = not_so(request)
        said.headers["Allow"] = answer.headers["Allow"]
        return said

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """The page of a refusal; None leaves every other fault to Django."""
        if not isinstance(fault, JiebanError):
            return None
        return error_page(request, status_of(fault), fault.what, fault.fix or "", typed=True)

"""The desks' addresses, and some that fail, as a fault of ours would."""

from typing import NoReturn

from django.db import OperationalError
from django.http import HttpRequest
from django.urls import path

from jieban.desks import urls

FAULT = "a fault with 13900000001 in it"


def _fails(request: HttpRequest) -> NoReturn:
    del request
    raise RuntimeError(FAULT)


def _away(request: HttpRequest) -> NoReturn:
    del request
    raise OperationalError(FAULT)


urlpatterns = [
    path("desk/fails/", _fails),
    path("desk/away/", _away),
    path("fails/", _fails),
    *urls.urlpatterns,
]
handler400, handler403, handler404, handler500 = (
    urls.handler400,
    urls.handler403,
    urls.handler404,
    urls.handler500,
)

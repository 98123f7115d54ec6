"""How much a request may bring: looked at before anything of it is read."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from django.http import HttpRequest, HttpResponse

from jieban.desks.shell.errors import error_page
from jieban.kernel.i18n import tr

TOO_LARGE: Final = 413
MIB: Final = 1 << 20
PLAIN: Final = 4 * MIB
"""What a form without files may bring, and whoever isn't signed in to a page that takes files from those who are."""

V = TypeVar("V", bound=Callable[..., Any])
_MARK: Final = "_takes_files_up_to"


def takes_files(most: Callable[[], int], *, strangers: bool = False) -> Callable[[V], V]:
    """A view that takes files, of at most `most()` bytes in one request; `strangers`: also of who isn't signed in."""

    def mark(view: V) -> V:
        setattr(view, _MARK, (most, strangers))
        return view

    return mark


class RequestLimit:
    """Refuses what is too large by its announced length, before the body is read; what isn't announced is not read.

    Files that are taken go to the disk as they come (Django's upload handlers), so that memory is bounded, too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; lengths are looked at below."""
        return self._next(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., object], args: object, kwargs: object
    ) -> HttpResponse | None:
        """The page of a refusal (413); None lets the request through."""
        del args, kwargs
        most, strangers = getattr(view, _MARK, (None, False))
        open_to = most is not None and (strangers or request.user.is_authenticated)
        limit = most() if open_to and most is not None else PLAIN
        announced = request.META.get("CONTENT_LENGTH") or "0"
        if announced.isdigit() and int(announced) <= limit:
            return None
        what = tr("一次提交的内容超过 {most} MB,没有接收。", most=limit // MIB)
        return error_page(request, TOO_LARGE, what, tr("请分几次上传,或压缩后再传。"))

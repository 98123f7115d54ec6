"""A form that came when nobody was signed in any more: what was typed is given back, to be sent once somebody is.

It stays in the browser: here nothing of it is kept. A page with scripts goes to the sign-in at once and puts it back
into the form after that (static/desks/live.js); without scripts this page itself holds it.
"""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from jieban.desks.shell.moment import now
from jieban.kernel.i18n import tr
from jieban.people.city import city

_TOKEN: Final = "csrfmiddlewaretoken"  # noqa: S105  # a field's name
_UNSEEN: Final = frozenset({_TOKEN, "seen", "back", "handling", "queue", "next"})
"""Fields that nobody types."""


def typed(request: HttpRequest) -> bool:
    """Whether a form brings something that somebody filled in."""
    wanted = "text/html" in request.headers.get("Accept", "text/html")
    return (
        wanted
        and request.method == "POST"
        and any(
            value.strip() for name, values in request.POST.lists() if name not in _UNSEEN for value in values
        )
    )


def stood_on(request: HttpRequest) -> str:
    """The page of ours on which the form stood; else the address that it was sent to."""
    given = urlsplit(request.headers.get("Referer", ""))
    if given.netloc == request.get_host() and given.path.startswith(("/desk/", "/account/")):
        return urlunsplit(("", "", given.path, given.query, ""))
    return request.get_full_path()


def sign_in_and_send_again(request: HttpRequest) -> HttpResponse:
    """Asks to sign in, and holds what was typed meanwhile."""
    said = {
        "what": tr("登录已经结束,刚才的没有提交。"),
        "fix": tr("您写的都还在。请重新登录,回到刚才的页面再提交。"),
        "name": tr("重新登录"),
        "onward": redirect_to_login(stood_on(request)).url,
        "without": tr("请在新窗口里登录,然后回到这一页,点“再次提交”。"),
    }
    return _page(request, "shell/again.html", said, status=401)


def send_again(request: HttpRequest, *, inside: bool) -> HttpResponse:
    """Asks to send once more what came with an old token, from a page of ours: looked at, and sent with a new one."""
    said = {
        "what": tr("页面打开得太久了,刚才的没有提交。"),
        "fix": tr("您写的都还在。请看一遍,再提交一次。"),
        "name": tr("回到刚才的页面"),
        "onward": stood_on(request) if inside else request.get_full_path(),
        "without": tr("核对后点“再次提交”。"),
    }
    return _page(request, "shell/again.html" if inside else "citizen/again.html", said, status=403)


def from_our_page(request: HttpRequest) -> bool:
    """Whether a form stood on a page of this house, as the browser says: forms of others are never given back."""
    origin = request.headers.get("Origin") or request.headers.get("Referer", "")
    return urlsplit(origin).netloc == request.get_host()


def words_of(request: HttpRequest) -> tuple[str, ...]:
    """What a form brings in words; what isn't words is codes of choices, which tell nobody anything."""
    given = [(name, value) for name, values in request.POST.lists() for value in values]
    return tuple(value for name, value in given if name not in _UNSEEN and not value.isascii())


def _page(request: HttpRequest, template: str, said: Mapping[str, str], *, status: int) -> HttpResponse:
    fields = [(name, value) for name, values in request.POST.lists() if name != _TOKEN for value in values]
    context = {
        **said,
        "visit": None,
        "city": city(),
        "now": now(),
        "telephone": "",
        "said": None,
        "fields": fields,
        "words_typed": words_of(request),
        "files": [file.name for name in request.FILES for file in request.FILES.getlist(name)],
        "to": request.get_full_path(),
        "status": status,
    }
    answer = HttpResponse(render_to_string(template, context, request, using="pages"), status=status)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer

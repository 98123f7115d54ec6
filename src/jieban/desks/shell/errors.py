"""The pages of what went wrong, in the words of the city and never of the machine."""

import logging
import sys
from typing import Final

from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from jieban.desks.citizen.pages import open_page
from jieban.desks.shell import again
from jieban.desks.shell.numbered import number_of
from jieban.desks.shell.pages import page, public_page
from jieban.desks.shell.visit import Visit, visit_of
from jieban.kernel.errors import JiebanError
from jieban.kernel.i18n import tr

_INSIDE = ("/desk/", "/account/")
"""Where somebody works; everywhere else are citizens."""
_TRY_AGAIN: Final = "10"
"""Seconds after which a program may ask again."""
_LOG: Final = logging.getLogger("django.request")
_BARE: Final = (
    '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>{what}</title>'
    "<h1>{what}</h1><p>{fix}</p><p>{number}</p></html>"
)


def error_page(
    request: HttpRequest, status: int, what: str, fix: str, *, frame: bool = True, typed: bool = False
) -> HttpResponse:
    """The page of what went wrong, with the way back to where one was: a desk, or the open pages.

    Whoever is signed in keeps the rail beside it, unless `frame` says that nothing more is to be asked of the database;
    into a page that is open already (htmx) only the piece goes, above the form that was sent. `typed`: what came with a
    form is shown, so that it can be copied.
    """
    told: dict[str, object] = {"what": what, "fix": fix, "number": number_of(request)}
    if not request.path.startswith(_INSIDE):
        return open_page(request, "error", told, status=status)
    if request.headers.get("HX-Request") == "true":
        piece = public_page(request, "shell/error_piece.html", told, status=status)
        if request.method == "POST":
            piece.headers["HX-Reswap"] = "afterbegin"
        return piece
    told["words_typed"] = again.words_of(request) if typed and request.method == "POST" else ()
    visit = _visit(request) if frame else None
    if visit is None:
        return public_page(request, "shell/error.html", told, status=status)
    answer = page(visit, "shell/error.html", told, status=status)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _visit(request: HttpRequest) -> Visit | None:
    """Who visits; None where that can't be told."""
    if not hasattr(request, "user"):
        return None
    try:
        return visit_of(request)
    except (JiebanError, DatabaseError):
        return None


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: nothing that a page of ours sends."""
    del exception
    return error_page(
        request, 400, tr("这个请求不完整,或者格式不对,没有处理。"), tr("请返回上一页重试。"), frame=False
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: not there, or not this person's business."""
    del exception
    if not request.path.startswith(_INSIDE):
        return error_page(request, 404, tr("没有这个页面。"), tr("请核对地址,或从首页进去找。"))
    fix = tr("请核对地址或编号;若无误,则该内容不在您的权限之内。")
    return error_page(request, 404, tr("没有这个页面或工单。"), fix)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: a desk at which this person doesn't work."""
    del exception
    return error_page(
        request, 403, tr("您的岗位没有这个工作台。"), tr("请选择您自己的工作台,或请系统管理员调整岗位。")
    )


def not_so(request: HttpRequest) -> HttpResponse:
    """405: an address that only takes what a form sends, opened by itself; or the other way round."""
    fix = tr("它只接收表单提交的内容,请从首页进去。")
    if request.path.startswith(_INSIDE):
        fix = tr("它只接收表单提交的内容,请从工作台进去。")
    return error_page(request, 405, tr("这个地址不能直接打开。"), fix)


def bad_token(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of a form that was open too long, or came from elsewhere; one from here is given back to be sent again."""
    del reason
    inside = request.path.startswith(_INSIDE)
    if again.from_our_page(request):
        if request.headers.get("HX-Request") == "true":
            # As where a sign-in ended: the page keeps what is typed, and opens anew (static/desks/live.js).
            answer = HttpResponse(status=401)
            answer.headers["HX-Redirect"] = again.stood_on(request)
            return answer
        if again.typed(request) and not request.path.startswith("/account/"):
            return again.send_again(request, inside=inside)
    return error_page(request, 403, tr("页面已过期,没有提交。"), tr("请返回上一页,刷新后再提交。"))


def failed(request: HttpRequest) -> HttpResponse:
    """500: a fault of ours; 503 where the database is away."""
    away = isinstance(sys.exception(), OperationalError | InterfaceError)
    status, what, fix = _away(request) if away else _fault(request)
    try:
        answer = error_page(request, status, what, fix, frame=False)
    except Exception:  # noqa: BLE001  # whatever it is, it is logged
        # Whatever keeps the page from being made, somebody waits for an answer.
        _LOG.exception("the page of a fault failed, too", extra={"request": request})
        number = tr("编号 {number}", number=number_of(request))
        answer = HttpResponse(_BARE.format(what=what, fix=fix, number=number), status=status)
    if away:
        answer.headers["Retry-After"] = _TRY_AGAIN
    return answer


def _fault(request: HttpRequest) -> tuple[int, str, str]:
    if request.path.startswith(_INSIDE):
        return 500, tr("系统出错,本次操作没有保存。"), tr("请稍后再试;若仍出错,请告知系统管理员。")
    return 500, tr("出错了,刚才的没有保存。"), tr("是我们这边出了问题。请稍后再试,或拨打热线。")


def _away(request: HttpRequest) -> tuple[int, str, str]:
    """Where a connection broke nobody knows how far it had come: it isn't said that nothing was saved."""
    if request.method == "POST":
        fix = tr("刚才提交的可能没有保存:请过一会儿打开来看,没有的再提交一次。")
    elif request.path.startswith(_INSIDE):
        fix = tr("请过一会儿再试;若仍如此,请告知系统管理员。")
    else:
        fix = tr("请过一会儿再试,或拨打热线。")
    return 503, tr("数据库暂时不能用。") if request.path.startswith(_INSIDE) else tr("系统暂时不能用。"), fix

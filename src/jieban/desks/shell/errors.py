"""The pages of what went wrong, in the words of the city and never of the machine."""

from django.http import HttpRequest, HttpResponse

from jieban.desks.citizen.pages import open_page
from jieban.desks.shell.pages import public_page
from jieban.kernel.i18n import tr

_INSIDE = ("/desk/", "/account/")
"""Where somebody works; everywhere else are citizens."""


def error_page(request: HttpRequest, status: int, what: str, fix: str) -> HttpResponse:
    """The page of what went wrong, with the way back to where one was: a desk, or the open pages."""
    if not request.path.startswith(_INSIDE):
        return open_page(request, "error", {"what": what, "fix": fix}, status=status)
    return public_page(request, "shell/error.html", {"what": what, "fix": fix}, status=status)


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
        request, 403, tr("您的岗位没有这个工作台。"), tr("请从左侧选择您的工作台,或请系统管理员调整岗位。")
    )


def bad_token(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of a form that was open too long, or came from elsewhere."""
    del reason
    return error_page(request, 403, tr("页面已过期,没有提交。"), tr("请返回上一页,刷新后再提交。"))


def failed(request: HttpRequest) -> HttpResponse:
    """500: a fault of ours."""
    if not request.path.startswith(_INSIDE):
        return error_page(
            request, 500, tr("出错了,刚才的没有保存。"), tr("是我们的毛病。请稍后再试,或拨打热线。")
        )
    return error_page(
        request, 500, tr("系统出错,本次操作没有保存。"), tr("请稍后再试;若仍出错,请告知系统管理员。")
    )

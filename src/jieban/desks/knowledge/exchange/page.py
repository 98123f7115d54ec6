"""The page on which an administrator takes articles in from a file, and all there are out into one."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from jieban.desks.knowledge.errors import BadArticle
from jieban.desks.knowledge.exchange.files import MOST_BYTES, Filed, decoded, read
from jieban.desks.knowledge.exchange.moving import Becomes, moves, take_in
from jieban.desks.knowledge.exchange.past import file_of_all
from jieban.desks.knowledge.models import Article
from jieban.desks.knowledge.rights import Right, may_ever
from jieban.desks.shell import words
from jieban.desks.shell.arriving import NoRoom, left_out
from jieban.desks.shell.limits import MIB, takes_files
from jieban.desks.shell.pages import page, status_of
from jieban.desks.shell.visit import Visit, at_desk
from jieban.kernel.errors import JiebanError
from jieban.kernel.i18n import later, tr
from jieban.people.city import city

BECOMES = {Becomes.NEW: later("新增"), Becomes.VERSION: later("改为新版"), Becomes.SAME: later("没有变化")}


@takes_files(lambda: MOST_BYTES + MIB)
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk("knowledge")
def exchange(visit: Visit) -> HttpResponse:
    """What a file would do, or taking it in: all of it or nothing."""
    _check(visit)
    context: dict[str, object] = {
        "there": Article.objects.count(),
        "moves": (),
        "done": False,
        "refused": None,
        "becomes": BECOMES,
    }
    if visit.request.method != "POST":
        return page(visit, "knowledge/exchange.html", context)
    try:
        filed = _filed(visit)
        if visit.request.POST.get("then") == "take":
            done = take_in(filed, actor=visit.actor, now=visit.now)
            return page(visit, "knowledge/exchange.html", {**context, "moves": done, "done": True})
        return page(visit, "knowledge/exchange.html", {**context, "moves": moves(filed)})
    except JiebanError as refused:
        return page(
            visit, "knowledge/exchange.html", {**context, "refused": refused}, status=status_of(refused)
        )


@require_safe
@at_desk("knowledge")
def export(visit: Visit) -> HttpResponse:
    """All articles as a file, with `?past` all that was written and done before."""
    _check(visit)
    past = "past" in visit.request.GET
    answer = HttpResponse(file_of_all(visit.now, past=past), content_type="application/toml; charset=utf-8")
    name = f"knowledge-{city().name}{'-history' if past else ''}.toml"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _check(visit: Visit) -> None:
    if not may_ever(visit.actor, Right.MOVE):
        raise PermissionDenied


def _filed(visit: Visit) -> tuple[Filed, ...]:
    given = visit.request.FILES.get("file")
    if left_out(visit.request, "file"):
        raise NoRoom
    if given is None:
        raise BadArticle(tr("没有选择文件。"), fix=tr("请选择导出的或照样写成的 .toml 文件。"))
    return read(decoded(given.read()), words.local(visit.now).date())

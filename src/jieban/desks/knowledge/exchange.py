"""The page on which an administrator takes articles in from a file, and all there are out into one."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from jieban.desks.knowledge.errors import BadArticle
from jieban.desks.knowledge.files import MOST_BYTES, Filed, read, states_of, written_as_file
from jieban.desks.knowledge.models import Article
from jieban.desks.knowledge.moving import Becomes, moves, take_in
from jieban.desks.knowledge.rights import Right, may_ever
from jieban.desks.shell import words
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
    """All articles as a file: what holds, and what is written where nothing holds."""
    _check(visit)
    articles = Article.objects.select_related("published", "latest").order_by("pk")
    heading = tr("{title}知识库,{at}", title=city().title, at=words.moment(visit.now))
    text = written_as_file((row for each in articles.iterator() for row in states_of(each)), heading)
    answer = HttpResponse(text, content_type="application/toml; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="knowledge-{city().name}.toml"'
    return answer


def _check(visit: Visit) -> None:
    if not may_ever(visit.actor, Right.MOVE):
        raise PermissionDenied


def _filed(visit: Visit) -> tuple[Filed, ...]:
    given = visit.request.FILES.get("file")
    if given is None:
        raise BadArticle(tr("没有选择文件。"), fix=tr("请选择导出的或照样写成的 .toml 文件。"))
    try:
        text = given.read().decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise BadArticle(tr("文件不是 UTF-8 编码的文字。"), fix=tr("请另存为 UTF-8 编码再导入。")) from fault
    return read(text.replace("\r\n", "\n"), words.local(visit.now).date())

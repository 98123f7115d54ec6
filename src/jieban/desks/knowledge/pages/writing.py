"""Writing articles: the form, what it becomes, and how it will look."""

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_POST

from jieban.desks.knowledge.articles import acts
from jieban.desks.knowledge.articles.acts import latest_of
from jieban.desks.knowledge.articles.difference import difference
from jieban.desks.knowledge.articles.find import alike
from jieban.desks.knowledge.articles.text import blocks
from jieban.desks.knowledge.errors import NoSuchArticle, Outdated
from jieban.desks.knowledge.pages.address import address_of, kept_of, status_for
from jieban.desks.knowledge.pages.forms import WriteForm
from jieban.desks.knowledge.pages.lists import shown_of
from jieban.desks.knowledge.pages.page import article_for, rights_of, told
from jieban.desks.knowledge.rights import Right, may_ever
from jieban.desks.shell.pages import page
from jieban.desks.shell.visit import Visit, at_desk
from jieban.desks.shell.words import local
from jieban.kernel.errors import JiebanError

_CONFLICT = 409
_MOST_ALIKE = 4


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk("knowledge")
def new(visit: Visit) -> HttpResponse:
    """Write a new article."""
    if not may_ever(visit.actor, Right.WRITE):
        raise PermissionDenied
    if visit.request.method != "POST":
        return _write_page(visit, WriteForm(actor=visit.actor, now=visit.now))
    form = WriteForm(visit.request.POST, actor=visit.actor, now=visit.now)
    if not form.is_valid():
        return _write_page(visit, form, status=422)
    try:
        article = acts.write(form.written(), actor=visit.actor, now=visit.now)
        _hand_in(visit, article.pk)
    except JiebanError as refused:
        return _write_page(visit, form, refused=refused, status=status_for(refused))
    return HttpResponseRedirect(f"{address_of(article.pk)}?queue=drafts")


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk("knowledge")
def edit(visit: Visit, pk: int) -> HttpResponse:
    """Write another version. The text to begin with is the unpublished one, else that which holds."""
    try:
        article = article_for(visit.actor, pk)
    except NoSuchArticle as fault:
        raise Http404 from fault
    if Right.WRITE not in rights_of(article, visit.actor, local(visit.now).date()):
        raise PermissionDenied
    latest = latest_of(article)
    before = latest if article.making != "none" else shown_of(article)
    about = {"article": article, "before": before}
    form = WriteForm(actor=visit.actor, now=visit.now, before=before)
    form.initial["base"] = latest.number
    if visit.request.method != "POST":
        return _write_page(visit, form, about)
    form = WriteForm(visit.request.POST, actor=visit.actor, now=visit.now, before=before)
    if not form.is_valid():
        return _write_page(visit, form, about, status=422)
    try:
        base = form.cleaned_data["base"] or 0
        acts.rewrite(pk, form.written(), base=base, actor=visit.actor, now=visit.now)
        _hand_in(visit, pk)
    except Outdated as refused:
        again = visit.request.POST.copy()
        again["base"] = str(latest.number)
        form = WriteForm(again, actor=visit.actor, now=visit.now, before=before)
        changed = difference(told(latest, visit.now), _typed(form))
        return _write_page(visit, form, {**about, "changed": changed}, refused=refused, status=_CONFLICT)
    except JiebanError as refused:
        return _write_page(visit, form, about, refused=refused, status=status_for(refused))
    return HttpResponseRedirect(f"{address_of(pk)}?{kept_of(visit)}")


@require_POST
@at_desk("knowledge")
def preview(visit: Visit) -> HttpResponse:
    """A text as it will look, and what is there already on the like."""
    given = visit.request.POST
    day = local(visit.now).date()
    own = given.get("article", "")
    like = alike(f"{given.get('title', '')}\n{given.get('questions', '')}", (), day, most=_MOST_ALIKE)
    context = {
        "body": blocks(given.get("body", "").replace("\r\n", "\n")),
        "like": [each for each in like if str(each.pk) != own],
    }
    return page(visit, "knowledge/preview.html", context)


def _write_page(
    visit: Visit,
    form: WriteForm,
    about: Mapping[str, object] | None = None,
    *,
    refused: JiebanError | None = None,
    status: int = 200,
) -> HttpResponse:
    body = form["body"].value() or ""
    context = {
        "article": None,
        "changed": (),
        "form": form,
        "refused": refused,
        "body": blocks(str(body).replace("\r\n", "\n")),
        "like": (),
        "here": kept_of(visit),
        **(about or {}),
    }
    return page(visit, "knowledge/write.html", context, status=status)


def _hand_in(visit: Visit, pk: int) -> None:
    """What is saved with the other button goes to a second person at once."""
    if visit.request.POST.get("then") != "submit":
        return
    article = article_for(visit.actor, pk)
    if article.making == "open":
        acts.submit(pk, seen=latest_of(article).number, remark="", actor=visit.actor, now=visit.now)


def _typed(form: WriteForm) -> str:
    return str(form.data.get("body", "")).replace("\r\n", "\n")

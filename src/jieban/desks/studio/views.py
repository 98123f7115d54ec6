"""The studio's pages: the list of reports, a report in the making, its preview, its wording and what is done to it."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from csp.decorators import csp_update
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe

from jieban.desks.shell.pages import page, status_of
from jieban.desks.shell.visit import Visit, at_desk
from jieban.desks.studio import acts
from jieban.desks.studio.documents import download, web_page
from jieban.desks.studio.errors import Outdated, StudioRefused
from jieban.desks.studio.models import Draft, Verdict, Version, VersionFile
from jieban.desks.studio.pages import Typed, draft_page, list_page, typed_of
from jieban.desks.studio.periods import OTHER, offered, wanted
from jieban.desks.studio.place import kept, preview
from jieban.desks.studio.preview import WORDING, page_of
from jieban.desks.studio.public import WEB, name_of
from jieban.desks.studio.sentences import rewordings_in, sentences_in, worded
from jieban.desks.studio.wording import Passage, bound, left_out, passages_of
from jieban.desks.work.rights import Right, may
from jieban.kernel.errors import JiebanError
from jieban.kernel.i18n import tr
from jieban.people.actor import Actor
from jieban.people.city import city
from jieban.report.document import Edition
from jieban.report.rewording import Rewording

_PIECE = "draft"
_PUBLISH = "publish"
_FREEZE = "freeze"
Done = Callable[[int, str, Actor, datetime], None]


def _judged(verdict: Verdict) -> Done:
    return lambda key, remark, actor, now: acts.judge(key, verdict, remark=remark, actor=actor, now=now)


_ACTS: dict[str, Done] = {
    "propose": lambda key, remark, actor, now: acts.propose(key, remark=remark, actor=actor, now=now),
    "approve": _judged(Verdict.APPROVED),
    "return": _judged(Verdict.RETURNED),
    "discard": lambda key, _remark, actor, now: acts.discard(key, actor=actor, now=now),
    "again": lambda key, _remark, actor, now: acts.again(key, actor=actor, now=now),
}


@require_safe
@at_desk("studio")
def start(visit: Visit) -> HttpResponse:
    """Reports in the making, published ones, and the form that begins another."""
    return _start(visit, None)


@require_POST
@at_desk("studio")
def begin(visit: Visit) -> HttpResponse:
    """Begin a report; what is refused comes back with the list."""
    if not may(visit.actor, Right.MAKE_REPORT):
        raise PermissionDenied
    form = visit.request.POST
    try:
        period = wanted(form, visit.now)
        made = acts.begin(
            period,
            correction=form.get("correction", ""),
            carry="carry" in form,
            actor=visit.actor,
            now=visit.now,
        )
    except JiebanError as refused:
        return _start(visit, refused)
    return HttpResponseRedirect(f"/desk/studio/{made.pk}/")


@csp_update({"frame-src": ["'self'"]})
@require_safe
@at_desk("studio")
def draft(visit: Visit, key: int) -> HttpResponse:
    """A report in the making: preview, wording, checks, history."""
    return _draft(visit, _row(key))


@require_safe
@at_desk("studio")
def preview_page(visit: Visit, key: int, edition: str) -> HttpResponse:
    """The report as it will look, for the frame in the draft's page."""
    del visit
    row = _row(key)
    latest = row.edits.order_by("-serial").first()
    if latest is None or edition not in {each.value for each in Edition}:
        raise Http404
    try:
        return web_page(page_of(preview(row.pk, latest.serial), edition))
    except FileNotFoundError as fault:
        raise Http404 from fault


@csp_update({"frame-src": ["'self'"]})
@require_POST
@at_desk("studio")
def wording(visit: Visit, key: int) -> HttpResponse:
    """Save a wording. What is refused comes back as it was typed."""
    if not may(visit.actor, Right.MAKE_REPORT):
        raise PermissionDenied
    row = _row(key)
    typed = typed_of(visit.request.POST)
    if typed is None:
        raise Http404
    try:
        passages, rewordings = _passages(row, typed), _rewordings(row, typed)
        acts.edit(
            key,
            passages,
            rewordings,
            issue_on=_issue(row, typed),
            chosen=typed.chosen,
            base=typed.base,
            actor=visit.actor,
            now=visit.now,
        )
    except JiebanError as refused:
        return _draft(visit, row, refused=refused, typed=typed)
    return HttpResponseRedirect(f"/desk/studio/{key}/")


@csp_update({"frame-src": ["'self'"]})
@require_POST
@at_desk("studio")
def do(visit: Visit, key: int, what: str) -> HttpResponse:
    """One of the acts on a report."""
    row = _row(key)
    if what not in {_PUBLISH, _FREEZE} and what not in _ACTS:
        raise Http404
    try:
        if what == _FREEZE:
            key = acts.freeze_again(key, actor=visit.actor, now=visit.now).pk
        elif what == _PUBLISH:
            seen = bool(visit.request.POST.get("persons-seen"))
            acts.publish(key, persons_seen=seen, actor=visit.actor, now=visit.now)
        else:
            _ACTS[what](key, visit.request.POST.get("remark", ""), visit.actor, visit.now)
    except JiebanError as refused:
        return _draft(visit, row, refused=refused)
    return HttpResponseRedirect("/desk/studio/" if what == "discard" else f"/desk/studio/{key}/")


@require_safe
@at_desk("studio")
def words_file(visit: Visit, key: int) -> HttpResponseBase:
    """The words of the latest wording as a file, which `jieban report --wording` takes."""
    del visit
    row = _row(key)
    latest = row.edits.order_by("-serial").first()
    if latest is None:
        raise Http404
    try:
        return download(
            preview(row.pk, latest.serial) / WORDING, "toml", f"{city().name}-{row.period}-wording"
        )
    except FileNotFoundError as fault:
        raise Http404 from fault


@require_POST
@at_desk("studio")
def withdraw(visit: Visit, key: int) -> HttpResponse:
    """Take back what was published of a report."""
    row = _row(key)
    version = Version.objects.filter(draft=row).first()
    if version is None:
        raise Http404
    try:
        acts.withdraw(version.pk, why=visit.request.POST.get("remark", ""), actor=visit.actor, now=visit.now)
    except JiebanError as refused:
        return _draft(visit, row, refused=refused)
    return HttpResponseRedirect(f"/desk/studio/{key}/")


@require_safe
@at_desk("studio")
def internal_file(visit: Visit, key: int) -> HttpResponseBase:
    """A file of a published version, the internal edition too."""
    del visit
    found = VersionFile.objects.select_related("version").filter(pk=key).first()
    if found is None:
        raise Http404
    if found.form == WEB:
        return web_page(kept(found.digest))
    return download(kept(found.digest), found.form, name_of(found))


def _row(key: int) -> Draft:
    found = Draft.objects.select_related("corrects").filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def _start(visit: Visit, refused: JiebanError | None) -> HttpResponse:
    form = visit.request.POST
    context = {
        **list_page(visit),
        "offered": offered(visit.now),
        "other": OTHER,
        "refused": refused,
        "typed": {name: form.get(name, "") for name in ("period", "first", "last", "correction")},
        "carry": "carry" in form or refused is None,
    }
    return page(visit, "studio/list.html", context, status=200 if refused is None else status_of(refused))


def _draft(
    visit: Visit, row: Draft, *, refused: JiebanError | None = None, typed: Typed | None = None
) -> HttpResponse:
    row.refresh_from_db()
    context: dict[str, Any] = {**draft_page(visit, row, typed), "refused": refused, "piece_id": _PIECE}
    if visit.partial and visit.request.headers.get("HX-Target") == _PIECE:
        piece = page(visit, "studio/working.html", context)
        if context["task"] is None or not context["task"].under_way:
            piece.headers["HX-Refresh"] = "true"  # what was waited for changes the whole page
        return piece
    status = 200 if refused is None else 409 if isinstance(refused, Outdated) else status_of(refused)
    return page(visit, "studio/draft.html", context, status=status)


def _passages(row: Draft, typed: Typed) -> tuple[Passage, ...]:
    """What was typed as passages with bound figures. Raises BoundFigure, Outdated."""
    edits = {each.serial: passages_of(each.text) for each in row.edits.all()}
    base, first = edits.get(typed.base), edits.get(0)
    if base is None or first is None or len(base) != len(typed.texts):
        raise _other_page()
    known = [passage for passages in edits.values() for passage in passages]
    made = [
        bound(own.theme, text, own, known)
        for own, text, out in zip(base, typed.texts, typed.out, strict=True)
        if not out and text.strip()
    ]
    missing = left_out(first, base)
    made += [missing[at] for at in typed.back if at < len(missing)]
    if typed.new.strip():
        themes = [each.theme for each in (*base, *first)]
        theme = typed.new_theme.strip() or (themes[-1] if themes else tr("其他建议"))
        made.append(bound(theme, typed.new, None, known))
    return tuple(made)


def _rewordings(row: Draft, typed: Typed) -> tuple[Rewording, ...]:
    """What was typed of the body, where it isn't as it was made. Raises BadWording, Outdated."""
    sentences = sentences_in(row)
    if not typed.body.texts:
        return rewordings_in(row.edits.get(serial=typed.base))
    if len(typed.body.texts) != len(sentences):
        raise _other_page()
    return worded(sentences, typed.body)


def _issue(row: Draft, typed: Typed) -> date | None:
    """The day that was chosen, None for none. Raises StudioRefused. A form without the field leaves it as it is."""
    if typed.issue is None:
        return row.edits.get(serial=typed.base).issue_on
    if not typed.issue:
        return None
    try:
        return date.fromisoformat(typed.issue)
    except ValueError as fault:
        raise StudioRefused(
            tr("“{day}”不是日期。", day=typed.issue), fix=tr("请写成 2025-05-07,或者留空。")
        ) from fault


def _other_page() -> Outdated:
    return Outdated(tr("这一稿和打开时不同了。"), fix=tr("请刷新页面再改。"))

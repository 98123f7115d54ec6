"""What was changed of the city: everything that was wanted and decided, and deciding on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from jieban.desks.administration.effects.changes import effects_of, reply_preview
from jieban.desks.administration.effects.comparison import Comparison
from jieban.desks.administration.effects.leaning import kept_by_orders
from jieban.desks.administration.people import ON_A_PAGE
from jieban.desks.administration.sheet import sheet
from jieban.desks.administration.words.differences import differences
from jieban.desks.administration.words.names import document_words
from jieban.desks.shell.pages import page_number, status_of
from jieban.desks.shell.visit import Visit, at_desk
from jieban.kernel.errors import JiebanError
from jieban.kernel.i18n import tr
from jieban.people import city_changes
from jieban.people.city import city
from jieban.people.errors import CityMoved, NotYours
from jieban.people.models import CityChange, CityDecision, Verdict
from jieban.profile.documents.changes import Change, read_changes

_MOVED = 409
_WORDS = 2000


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A change in a list: what, of which document, by whom, and how it `stands`."""

    id: int
    at: datetime
    by: str
    title: str
    why: str
    document: str
    first_day: date
    stands: str
    waits: bool


@require_safe
@at_desk("administration")
def everything(visit: Visit) -> HttpResponse:
    """All changes, the latest first; those that wait for a second administrator above."""
    number = page_number(visit.request)
    begin = (number - 1) * ON_A_PAGE
    found = CityChange.objects.select_related("by").prefetch_related("decisions").order_by("-id")
    listed = list(found[begin : begin + ON_A_PAGE + 1])
    waiting = list(found.filter(decisions__isnull=True)) if number == 1 else []
    today = city().clock.local_date(visit.now)
    context = {
        "waiting": [_row(each, today) for each in waiting],
        "rows": [_row(each, today) for each in listed[:ON_A_PAGE]],
        "number": number,
        "more": len(listed) > ON_A_PAGE,
    }
    return sheet(visit, "city/", "city", context)


@require_safe
@at_desk("administration")
def one(visit: Visit, change: int) -> HttpResponse:
    """A change: its differences, what it would do while it waits, and what became of it."""
    return _page(visit, _change(change))


@require_POST
@at_desk("administration")
def decide(visit: Visit, change: int) -> HttpResponse:
    """Accept, refuse, withdraw or undo, as `do` says."""
    found = _change(change)
    why = " ".join(visit.request.POST.get("why", "").split())[:_WORDS]
    try:
        match visit.request.POST.get("do"):
            case "accept":
                _not_in_use(read_changes(found.changes))
                city_changes.accept(by=visit.account, change=found, why=why, now=visit.now)
            case "refuse":
                city_changes.refuse(by=visit.account, change=found, why=why, now=visit.now)
            case "withdraw":
                city_changes.withdraw(by=visit.account, change=found, why=why, now=visit.now)
            case "undo":
                back = city_changes.undo(found)
                _not_in_use(back)
                undone = city_changes.propose(
                    by=visit.account,
                    changes=back,
                    title=tr("撤销“{title}”", title=found.title),
                    why=why or tr("撤销第 {n} 号变更", n=found.pk),
                    first_day=city().clock.local_date(visit.now),
                    now=visit.now,
                )
                found = undone
            case _:
                raise Http404
    except JiebanError as refused:
        return _page(visit, found, refused=refused)
    return HttpResponseRedirect(reverse("administration-city-change", args=[found.pk]))


def _not_in_use(changes: tuple[Change, ...]) -> None:
    """Raises NotYours if one takes out what orders name: that is ended instead, so that they can still be read."""
    if kept := kept_by_orders(changes):
        raise NotYours(kept, fix=tr("请改用“停用”或“撤并”:写明最后一日,旧工单照样显示。"))


def _page(visit: Visit, change: CityChange, refused: JiebanError | None = None) -> HttpResponse:
    today = city().clock.local_date(visit.now)
    changes = read_changes(change.changes)
    decisions = list(change.decisions.select_related("by").order_by("number"))
    waits = not decisions
    context = {
        "change": change,
        "row": _row(change, today),
        "differences": differences(changes),
        "decisions": [(each, _verdict(each, change, today), _who(each.by)) for each in decisions],
        "waits": waits,
        "own": change.by_id == visit.account.pk,
        "coming": _coming(change, decisions, today),
        "holds": _accepted(decisions) and not _coming(change, decisions, today),
        "refused": refused,
        "preview": _preview(visit, change, changes) if waits else None,
    }
    return sheet(visit, "city/", "change", context, status=200 if refused is None else _status(refused))


def _preview(visit: Visit, change: CityChange, changes: tuple[Change, ...]) -> Mapping[str, object]:
    day = max(change.first_day, city().clock.local_date(visit.now))
    try:
        before, after = city_changes.as_of(day)[0], city_changes.trial(changes, day).profile
    except JiebanError as moved:
        return {"moved": moved, "effects": (), "reply": None}
    if after is None:
        return {"moved": None, "effects": (tr("现在的配置已容不下这项变更。"),), "reply": None}
    compared = Comparison(before=before, after=after, first_day=day, now=visit.now)
    return {"moved": None, "effects": effects_of(changes, compared), "reply": reply_preview(changes, after)}


def _change(pk: int) -> CityChange:
    found = CityChange.objects.select_related("by").prefetch_related("decisions").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _row(change: CityChange, today: date) -> Row:
    decisions = sorted(change.decisions.all(), key=lambda each: each.number)
    stands = tr("待审核") if not decisions else _verdict(decisions[-1], change, today)
    if _accepted(decisions):
        coming = _coming(change, decisions, today)
        stands = tr("{day} 起生效", day=change.first_day) if coming else tr("已生效")
    return Row(
        id=change.pk,
        at=change.at,
        by=_who(change.by),
        title=change.title,
        why=change.why,
        document=document_words(change.document),
        first_day=change.first_day,
        stands=stands,
        waits=not decisions,
    )


def _accepted(decisions: list[CityDecision]) -> bool:
    return bool(decisions) and decisions[-1].verdict == Verdict.ACCEPTED


def _coming(change: CityChange, decisions: list[CityDecision], today: date) -> bool:
    return _accepted(decisions) and change.first_day > today


def _verdict(decision: CityDecision, change: CityChange, today: date) -> str:
    """What was decided; nobody else had to agree to what holds because whoever wanted it saved it."""
    if decision.verdict == Verdict.ACCEPTED and decision.by_id == change.by_id:
        return tr("已保存") if change.first_day > today else tr("保存并生效")
    return {
        Verdict.ACCEPTED: tr("已同意"),
        Verdict.REFUSED: tr("未同意"),
        Verdict.WITHDRAWN: tr("已撤回"),
    }[Verdict(decision.verdict)]


def _who(by: object) -> str:
    return str(getattr(by, "display_name", "")) or tr("命令行")


def _status(refused: JiebanError) -> int:
    return _MOVED if isinstance(refused, CityMoved) else status_of(refused)

"""The one way in which every edit goes: a form, what it would do, and then on record."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from jieban.desks.administration.declared.fields import EditForm, Field
from jieban.desks.administration.declared.ground import Ground
from jieban.desks.administration.editing.wanted import NotSo, Wanted, told_at
from jieban.desks.administration.effects.changes import effects_of, reply_preview
from jieban.desks.administration.effects.comparison import Comparison
from jieban.desks.administration.sheet import sheet
from jieban.desks.administration.words.differences import differences
from jieban.desks.shell.visit import Visit
from jieban.kernel.errors import JiebanError
from jieban.kernel.i18n import tr
from jieban.people.city import city
from jieban.people.city_changes import as_of, check_seen, needs_second, propose, trial
from jieban.people.city_in_force import last_decision
from jieban.people.errors import CityMoved, CityRefused
from jieban.profile.city import Profile
from jieban.profile.documents.faults import Fault

_TYPED_WRONG, _MOVED = 422, 409


@dataclass(frozen=True, kw_only=True, slots=True)
class Edit:
    """What a page lets edit: its fields, what stands in them, and what what is typed makes of the ground.

    `dated` for what has no days of its own: the form asks from which day it holds. `build` may raise NotSo.
    """

    part: str
    title: str
    lead: str
    fields: Sequence[Field]
    initial: Mapping[str, object]
    build: Callable[[EditForm, Ground], Wanted]
    back: str
    dated: bool = False
    context: Mapping[str, object] = field(default_factory=dict)


@dataclass(kw_only=True, slots=True)
class _Shown:
    """What the page shows besides the form."""

    seen: int
    refused: JiebanError | None = None
    faults: tuple[str, ...] = ()
    preview: Mapping[str, object] | None = None
    status: int = 200


def edit_page(visit: Visit, edit: Edit) -> HttpResponse:
    """The form; with `do=preview` what it would do, with `do=save` done."""
    today = city().clock.local_date(visit.now)
    given = visit.request.POST if visit.request.method == "POST" else None
    form = EditForm(edit.fields, given, dated=edit.dated, today=today, initial=dict(edit.initial))
    shown = _Shown(seen=(last_decision() or (0, ""))[0])
    if given is not None:
        answer = _answered(visit, edit, form, shown)
        if answer is not None:
            return answer
    context = {"edit": edit, "form": form, "shown": shown, **edit.context}
    return sheet(visit, edit.part, "edit", context, status=shown.status)


def _answered(visit: Visit, edit: Edit, form: EditForm, shown: _Shown) -> HttpResponse | None:
    """The redirect to what was saved; None, with `shown` filled, for a page."""
    shown.status = _TYPED_WRONG
    if not form.is_valid():
        return None
    try:
        found = _tried(visit, edit, form, shown)
        if found is None:
            return None
        if visit.request.POST.get("do") == "save":
            return _saved(visit, form, found[0])
        before = city() if form.first_day <= form.today else as_of(form.first_day)[0]
    except (CityMoved, CityRefused) as refused:
        shown.refused, shown.status = refused, _MOVED if isinstance(refused, CityMoved) else _TYPED_WRONG
        return None
    wanted, after = found
    compared = Comparison(before=before, after=after, first_day=form.first_day, now=visit.now)
    shown.status = 200
    shown.preview = {
        "title": wanted.title,
        "differences": differences(wanted.changes),
        "effects": effects_of(wanted.changes, compared),
        "reply": reply_preview(wanted.changes, after),
        "second": needs_second(wanted.changes),
        "first_day": form.first_day,
    }
    return None


def _tried(visit: Visit, edit: Edit, form: EditForm, shown: _Shown) -> tuple[Wanted, Profile] | None:
    """What is wanted and the city with it; None with the form's errors. Raises CityMoved and CityRefused."""
    ground = Ground.now() if form.first_day <= form.today else Ground(texts=as_of(form.first_day)[1])
    try:
        wanted = edit.build(form, ground)
    except NotSo as wrong:
        form.add_error(wrong.key, wrong.why)
        return None
    if not wanted.changes:
        form.add_error(None, tr("没有任何改动。"))
        return None
    check_seen(wanted.changes, _seen(visit, shown.seen))
    tried = trial(wanted.changes, form.first_day)
    if tried.profile is None:
        _tell(form, shown, told_at(tried.faults, tried.texts, wanted.places))
        return None
    return wanted, tried.profile


def _saved(visit: Visit, form: EditForm, wanted: Wanted) -> HttpResponse:
    change = propose(
        by=visit.account,
        changes=wanted.changes,
        title=wanted.title,
        why=form.cleaned_data["why"],
        first_day=form.first_day,
        now=visit.now,
    )
    return HttpResponseRedirect(reverse("administration-city-change", args=[change.pk]))


def _seen(visit: Visit, latest: int) -> int:
    """The decision as of which the form was opened, as the form says."""
    given = visit.request.POST.get("seen", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < len(str(1 << 31)) else latest


def _tell(form: EditForm, shown: _Shown, told: Sequence[tuple[str | None, Fault]]) -> None:
    """Each fault beside its field; those of no field above the form."""
    rest = []
    for key, fault in told:
        said = f"{fault.what}{fault.fix}"
        if key is not None and key in form.fields:
            form.add_error(key, said)
        else:
            rest.append(said)
    shown.faults = tuple(dict.fromkeys(rest))

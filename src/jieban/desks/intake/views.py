"""The page of a call, and the panels beside it."""

from django.http import Http404, HttpResponse, HttpResponseNotAllowed, QueryDict

from jieban.desks.intake.beside import looked_at
from jieban.desks.intake.cite import CITE, cited
from jieban.desks.intake.form import CallForm, new_form_id
from jieban.desks.intake.record import Taken, TakenOtherwise, take
from jieban.desks.shell.pages import page, status_of
from jieban.desks.shell.telephones import doubt
from jieban.desks.shell.visit import Visit, at_desk
from jieban.kernel.errors import JiebanError

PANELS = ("preview", "caller", "similar", "articles")
_STEP = "step"
"""What a button asks for: nothing to record, `look` to look first, `link:person:NUMBER`, `unlink`, `cite:VERSION`."""


@at_desk("intake")
def desk(visit: Visit) -> HttpResponse:
    """The form of a call, and recording it. What is refused comes back with everything that was filled in."""
    if visit.request.method != "POST":
        return _page(visit, CallForm(visit.now))
    step = visit.request.POST.get(_STEP, "")
    if step:
        given = _linked(visit.request.POST, step)
        form = CallForm(visit.now, cited(given, step) if step.startswith(CITE) else given)
        form.is_valid()
        return _page(visit, form, looked=True)
    form = CallForm(visit.now, visit.request.POST)
    if not form.is_valid():
        return _page(visit, form, looked=True, status=422)
    try:
        taken = take(form, visit.actor, visit.now)
    except TakenOtherwise as refused:
        again = visit.request.POST.copy()
        again["form_id"] = new_form_id()
        form = CallForm(visit.now, again)
        form.is_valid()
        return _page(visit, form, looked=True, refused=refused, status=409)
    except JiebanError as refused:
        return _page(visit, form, looked=True, refused=refused, status=status_of(refused))
    return _page(visit, CallForm(visit.now), taken=taken, sent=form.cleaned_data["form_id"])


@at_desk("intake")
def panel(visit: Visit, panel: str) -> HttpResponse:
    """A panel for the form as far as it is filled in. What is typed comes in the body, never in an address."""
    if panel not in PANELS:
        raise Http404
    if visit.request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    form = CallForm(visit.now, visit.request.POST)
    form.is_valid()
    shown = {panel: looked_at(panel, form, visit.actor, visit.now)}
    return page(visit, f"intake/{panel}.html", {"form": form, "panel": panel, "doubt": _doubt(form), **shown})


def _doubt(form: CallForm) -> str | None:
    """What to ask whoever calls about their number; it is recorded all the same if they know no better."""
    return doubt(form.data.get("phone", ""))


def _linked(given: QueryDict, step: str) -> QueryDict:
    """The form with the link that a button sets or takes away."""
    changed = given.copy()
    verb, _, rest = step.partition(":")
    if verb == "link":
        changed["repeat_by"], _, changed["repeat_of"] = rest.partition(":")
    elif verb == "unlink":
        changed["repeat_by"] = changed["repeat_of"] = ""
    return changed


def _page(
    visit: Visit,
    form: CallForm,
    *,
    looked: bool = False,
    taken: Taken | None = None,
    sent: str = "",
    refused: JiebanError | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = {each: looked_at(each, form, visit.actor, visit.now) if looked else None for each in PANELS}
    context = {
        "form": form,
        "taken": taken,
        "sent": sent,
        "refused": refused,
        "wrong": status != 200 and form.is_bound,  # noqa: PLR2004  # the status of success
        "doubt": _doubt(form),
        **shown,
    }
    template = "intake/call.html" if visit.partial else "intake/desk.html"
    return page(visit, template, context, status=status)

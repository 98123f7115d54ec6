"""Following one's own order: by its number and the telephone number left with it, or the code given out at filing.

Whether a number exists nobody learns here: every wrong pair is answered alike, and tries are counted before they are
looked at.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from jieban.desks.citizen import ticket
from jieban.desks.citizen.forms import (
    MOST_PHOTOS,
    FindForm,
    PhotosForm,
    RatingForm,
    SupplementForm,
    UrgeForm,
    WithdrawForm,
)
from jieban.desks.citizen.limits import URGE, WRONG_BY_ADDRESS, WRONG_BY_ORDER, address_of, give_back, take
from jieban.desks.citizen.pages import open_page, personal
from jieban.desks.citizen.photos import FIELD, keep_photos, most_bytes, photo_kind
from jieban.desks.citizen.telling import told_of
from jieban.desks.evidence.serving import hand_out
from jieban.desks.order.since import done_since
from jieban.desks.shell.arriving import left_out
from jieban.desks.shell.given import number_in
from jieban.desks.shell.limits import takes_files
from jieban.desks.shell.moment import now as this_moment
from jieban.desks.shell.pages import status_of
from jieban.kernel.i18n import tr
from jieban.ledger.schema import Satisfaction
from jieban.orders.access import order_for
from jieban.orders.actions.callback import Outcome, record_callback
from jieban.orders.actions.pauses import resume_handling
from jieban.orders.actions.supervise import urge_order
from jieban.orders.actions.withdrawal import withdraw_evidence
from jieban.orders.errors import ActRefused, NoSuchOrder, WrongState
from jieban.orders.evidence.exhibits import exhibit_for
from jieban.orders.models import Evidence
from jieban.orders.numbers import typed_number
from jieban.orders.requesters import proven_requester
from jieban.people.actor import Actor
from jieban.people.acts import Act

Given = dict[str, Any]
_SAID = "done"


@personal
def find(request: HttpRequest) -> HttpResponse:
    """The form that asks for number and proof; a right pair leads to the order."""
    form = FindForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        status = 200 if request.method != "POST" else 422
        return open_page(request, "find", {"form": form, "fault": None, "hint": None}, status=status)
    number, hint = typed_number(form.cleaned_data["number"])
    now, address = this_moment(), address_of(request)
    # Counted first and given back if right, so that many tries at once are all counted.
    allowed = take(WRONG_BY_ADDRESS, address, now)
    if not (take(WRONG_BY_ORDER, number, now) and allowed):
        fault = tr("试的次数太多了。请过一小时再试,或拨打热线查询。")
        return open_page(request, "find", {"form": form, "fault": fault, "hint": None}, status=429)
    actor = proven_requester(number, form.cleaned_data["proof"])
    if actor is None:
        fault = tr("编号和电话(或查询码)对不上,请核对后再试。")
        told = {"form": form, "fault": fault, "hint": hint.what if hint is not None else None}
        return open_page(request, "find", told, status=422)
    give_back(WRONG_BY_ADDRESS, address)
    give_back(WRONG_BY_ORDER, number)
    answer = HttpResponseRedirect(reverse("mine", args=(number,)))
    ticket.remember(request, answer, actor)
    return answer


@require_safe
@personal
def show(request: HttpRequest, number: str) -> HttpResponse:
    """The order; whoever's it isn't is asked for number and proof, whether it is there or not."""
    actor = ticket.remembered(request)
    if actor is None:
        return HttpResponseRedirect(reverse("follow"))
    try:
        return _page(request, actor, number, said=_said(request))
    except NoSuchOrder:
        return HttpResponseRedirect(reverse("follow"))


@require_safe
@personal
def photo(request: HttpRequest, number: str, serial: int) -> HttpResponseBase:
    """A photo that the requester sent along; 404 for what isn't there, and for what somebody else brought."""
    actor = ticket.remembered(request)
    if actor is None:
        return HttpResponseRedirect(reverse("follow"))
    try:
        order_for(actor, number)
    except NoSuchOrder:
        return HttpResponseRedirect(reverse("follow"))
    try:
        return hand_out(request, exhibit_for(actor, number, serial), f"{number}-{serial}")
    except (NoSuchOrder, FileNotFoundError) as fault:
        raise Http404 from fault


@require_POST
@personal
def leave(request: HttpRequest) -> HttpResponse:
    """Nothing stays on this telephone."""
    answer = HttpResponseRedirect(reverse("home"))
    ticket.forget(answer)
    del request
    return answer


@takes_files(most_bytes, strangers=True)
@require_POST
@personal
def act(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """One of the few acts that are the requester's own."""
    actor = ticket.remembered(request)
    if actor is None:
        return HttpResponseRedirect(reverse("follow"))
    if name not in ACTS:
        raise Http404
    form = ACTS[name][0](request.POST)
    try:
        order_for(actor, number)
    except NoSuchOrder:
        return HttpResponseRedirect(reverse("follow"))
    fault, status = _refused(request, number, actor, name, form)
    # Of two that came at once the second is refused once the first is done.
    if fault is None or _done(request, number, actor, name):
        return HttpResponseRedirect(f"{reverse('mine', args=(number,))}?{_SAID}={name}")
    return _page(request, actor, number, form=(name, form), fault=fault, status=status)


def _refused(
    request: HttpRequest, number: str, actor: Actor, name: str, form: forms.Form
) -> tuple[str | None, int]:
    """Do the act, unless that was done with this form before; why it could not be done, if so, and the status."""
    if _done(request, number, actor, name):
        return None, 200
    if not form.is_valid():
        return tr("有几项需要改一下,改好后再提交。"), 422
    try:
        return ACTS[name][1](request, number, actor, form.cleaned_data, this_moment()), 422
    except ActRefused as refused:
        # In what an act says of states a citizen finds no way; the page shows where it stands now.
        return f"{refused.what}{refused.fix or ''}", status_of(refused)


def _done(request: HttpRequest, number: str, actor: Actor, name: str) -> bool:
    """Whether this very form was sent before: a touch more does nothing, and says the same."""
    seen = number_in(request.POST.get("seen", ""))
    if name not in _ONCE or seen is None:
        return False
    handling = number_in(request.POST.get("handling", "")) if _ONCE[name] is Act.RESUME else None
    return bool(done_since(order_for(actor, number), seen, _ONCE[name], handling, actor))


def _urge(request: HttpRequest, number: str, actor: Actor, given: Given, now: datetime) -> str | None:
    del request
    if not take(URGE, number, now):
        return tr("今天已经催过了,承办单位已收到。请明天再催,或拨打热线。")
    try:
        urge_order(order=number, actor=actor, now=now, remark=given["remark"] or None)
    except ActRefused:
        give_back(URGE, number)
        raise
    return None


def _rate(request: HttpRequest, number: str, actor: Actor, given: Given, now: datetime) -> str | None:
    del request
    outcome = Outcome(
        reached=True,
        contacted=given["contacted"],
        resolved=given["resolved"],
        satisfaction=Satisfaction(given["satisfaction"]),
        remark=given["remark"] or None,
    )
    record_callback(order=number, outcome=outcome, actor=actor, now=now)
    return None


def _supplement(request: HttpRequest, number: str, actor: Actor, given: Given, now: datetime) -> str | None:
    # Photos first: once the unit goes on, it is to have them.
    _, refused = keep_photos(request, number, actor, now)
    if refused:
        return "".join(refused)
    resume_handling(order=number, handling=given["handling"], remark=given["remark"], actor=actor, now=now)
    return None


def _photos(request: HttpRequest, number: str, actor: Actor, given: Given, now: datetime) -> str | None:
    del given
    if not request.FILES.getlist(FIELD) and not left_out(request, FIELD):
        return tr("还没有选照片。")
    _, refused = keep_photos(request, number, actor, now)
    return "".join(refused) or None


def _withdraw(request: HttpRequest, number: str, actor: Actor, given: Given, now: datetime) -> str | None:
    del request
    photo = given["photo"]
    try:
        withdraw_evidence(order=number, evidence=photo, reason=given["reason"], actor=actor, now=now)
    except WrongState:
        # A touch more finds it done.
        own = Evidence.objects.filter(order__number=number, serial=photo, added_by=actor.ref)
        if not own.filter(removed_at__isnull=False).exists():
            raise
    return None


Do = Callable[[HttpRequest, str, Actor, Given, datetime], str | None]
ACTS: Mapping[str, tuple[type[forms.Form], Do]] = {
    "urge": (UrgeForm, _urge),
    "rate": (RatingForm, _rate),
    "supplement": (SupplementForm, _supplement),
    "photos": (PhotosForm, _photos),
    "withdraw": (WithdrawForm, _withdraw),
}
"""What a requester can do; what is offered follows from policy and moves, and the act looks again."""

_ONCE: Mapping[str, Act] = {"urge": Act.URGE, "rate": Act.RECORD_CALLBACK, "supplement": Act.RESUME}
"""The acts that a form does once. Photos are known by what is in them."""


def _said(request: HttpRequest) -> str | None:
    told = {
        "urge": tr("已催办,承办单位会看到。"),
        "rate": tr("谢谢您的评价,已经记下。"),
        "supplement": tr("您的答复已转给承办单位,它会接着办理。"),
        "photos": tr("照片已收下。"),
        "withdraw": tr("照片已撤下,谁也看不到了。"),
    }
    return told.get(request.GET.get(_SAID, ""))


def _page(
    request: HttpRequest,
    actor: Actor,
    number: str,
    *,
    form: tuple[str, forms.Form] | None = None,
    fault: str | None = None,
    said: str | None = None,
    status: int = 200,
) -> HttpResponse:
    blank: dict[str, forms.Form] = {name: kind() for name, (kind, _) in ACTS.items()}
    context = {
        "told": told_of(actor, number, this_moment()),
        "forms": blank | ({form[0]: form[1]} if form is not None else {}),
        "opened": form[0] if form is not None else None,
        "fault": fault,
        "said": said,
        "photos": photo_kind(),
        "most_photos": MOST_PHOTOS,
    }
    return open_page(request, "mine", context, status=status)

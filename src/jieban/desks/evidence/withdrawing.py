"""Taking back evidence that was brought by mistake: asked why, told what becomes of it, done once."""

from django import forms
from django.http import Http404, HttpResponse, HttpResponseRedirect

from jieban.desks.evidence.gallery import Item, item_of
from jieban.desks.order.acting import fields
from jieban.desks.order.origin import at_origin, back_of
from jieban.desks.order.views import beside, pane_after
from jieban.desks.presence.here import be_here
from jieban.desks.shell import words
from jieban.desks.shell.pages import page, status_of
from jieban.desks.shell.told import tell
from jieban.desks.shell.visit import Visit, at_desk
from jieban.kernel.errors import JiebanError
from jieban.kernel.i18n import tr
from jieban.orders.access import handlings_for, order_for
from jieban.orders.actions.withdrawal import check_withdrawal, withdraw_evidence
from jieban.orders.engine.perform import look
from jieban.orders.errors import Redacted, WrongState
from jieban.orders.evidence.exhibits import exhibit_for
from jieban.orders.models import Evidence, Handling, Order, Petition
from jieban.people.acts import Act
from jieban.people.city import city
from jieban.people.policy import may_ever
from jieban.people.units import answering

_REFUSED = 422


@at_desk()
def withdraw(visit: Visit, number: str, serial: int) -> HttpResponse:
    """The form that asks why, and the act. What is withdrawn already is told, to whoever asks again.

    Raises NoSuchOrder, and NotAllowed for who may not; 404 for a piece that isn't there or isn't theirs to see.
    """
    order = order_for(visit.actor, number)
    if not may_ever(visit.actor, Act.WITHDRAW_EVIDENCE):
        raise Http404
    piece = Evidence.objects.select_related("handling").filter(order=order, serial=serial).first()
    if piece is None:
        raise Http404
    handling = piece.handling.serial if piece.handling is not None else None
    if handling is not None and not handlings_for(visit.actor).filter(order=order, serial=handling).exists():
        raise Http404
    look(Act.WITHDRAW_EVIDENCE, order=number, actor=visit.actor, now=visit.now, handling=handling)
    if piece.removed_at is not None:
        return _gone(visit, number)
    if (refused := _refusal(visit, order, piece)) is not None:
        return _over(visit, order, refused)
    if visit.request.method != "POST":
        be_here(visit, order, Act.WITHDRAW_EVIDENCE.value)
        return _form(visit, order, piece, _WhyForm())
    return _do(visit, order, piece, _WhyForm(visit.request.POST))


def _do(visit: Visit, order: Order, piece: Evidence, form: "_WhyForm") -> HttpResponse:
    if not form.is_valid():
        return _form(visit, order, piece, form, status=_REFUSED)
    try:
        withdraw_evidence(
            order=order.number,
            handling=piece.handling.serial if piece.handling is not None else None,
            evidence=piece.serial,
            reason=form.cleaned_data["reason"],
            actor=visit.actor,
            now=visit.now,
        )
    except JiebanError as refused:
        # Of two that came at once the second finds it done.
        if Evidence.objects.filter(pk=piece.pk, removed_at__isnull=False).exists():
            return _gone(visit, order.number)
        return _form(visit, order, piece, form, refused=refused, status=status_of(refused))
    said = tr("已撤下:{kind}", kind=words.evidence_kind(piece.kind, piece.added_at))
    return _after(visit, order.number, said)


class _WhyForm(forms.Form):
    def __init__(self, *given: object) -> None:
        super().__init__(*given)  # type: ignore[arg-type]  # as Django's own
        self.fields["reason"] = fields.text(tr("原因"))


def _refusal(visit: Visit, order: Order, piece: Evidence) -> JiebanError | None:
    """What the act would refuse it for as the order stands, so that nobody fills in a form in vain."""
    profile = city()
    acting = answering(visit.actor, profile, profile.clock.local_date(max(visit.now, order.last_at)))
    handlings = list(Handling.objects.filter(order=order))
    petitions = list(Petition.objects.filter(order=order))
    try:
        check_withdrawal(acting, order, piece, handlings=handlings, petitions=petitions)
    except (Redacted, WrongState) as refused:
        return refused
    return None


def _gone(visit: Visit, number: str) -> HttpResponse:
    return _after(visit, number, tr("这件证据此前已经撤下,谁在何时为何撤下见留痕。"))


def _after(visit: Visit, number: str, said: str) -> HttpResponse:
    if visit.partial:
        return pane_after(visit, number, said)
    tell(visit.request, said, [number])
    return HttpResponseRedirect(back_of(visit, number))


def _over(visit: Visit, order: Order, refused: JiebanError) -> HttpResponse:
    context = {
        "number": order.number,
        "act_name": words.act(Act.WITHDRAW_EVIDENCE),
        "handling": None,
        "refused": refused,
        "back": back_of(visit, order.number),
        **beside(visit, order.number),
    }
    template = "order/over.html" if visit.partial else "order/over_page.html"
    return page(at_origin(visit), template, context, status=status_of(refused))


def _form(
    visit: Visit,
    order: Order,
    piece: Evidence,
    form: forms.Form,
    *,
    refused: JiebanError | None = None,
    status: int = 200,
) -> HttpResponse:
    item: Item = item_of(order.number, exhibit_for(visit.actor, order.number, piece.serial))
    context = {
        "number": order.number,
        "item": item,
        "form": form,
        "days": city().workflow.retention.withdrawn_days,
        "refused": refused,
        "back": back_of(visit, order.number),
        **beside(visit, order.number),
    }
    template = "evidence/withdraw.html" if visit.partial else "evidence/withdraw_page.html"
    return page(at_origin(visit), template, context, status=status)

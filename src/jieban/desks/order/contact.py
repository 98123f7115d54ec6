"""Reading a requester's contact in full: asked for, with its purpose, and recorded."""

from contextlib import suppress
from typing import Any

from django import forms
from django.http import HttpResponse

from jieban.desks.bulk.rehearse import ChangedSince, if_unchanged
from jieban.desks.order.acting import fields
from jieban.desks.order.origin import at_origin, back_of
from jieban.desks.order.page import order_context
from jieban.desks.shell.pages import page, status_of
from jieban.desks.shell.visit import Visit, at_desk
from jieban.kernel.errors import JiebanError
from jieban.kernel.i18n import tr, tr_later
from jieban.orders.access import order_for
from jieban.orders.actions.contacts import PURPOSE_NAMES, Purpose, just_read, read_contact
from jieban.orders.engine.perform import look
from jieban.orders.errors import Busy
from jieban.orders.secrets import Contact
from jieban.people.acts import Act

_FIRST = {"callback": Purpose.CALL_BACK, "review": Purpose.REVIEW, "unit": Purpose.HANDLE}
"""What the contact is most likely read for at a desk: chosen beforehand, and to be changed."""

_TRIES = 5


@at_desk()
def contact(visit: Visit, number: str) -> HttpResponse:
    """Asks what for, then shows the name and number once: they stand on no page by themselves.

    Raises NoSuchOrder, and NotAllowed for who may not.
    """
    order_for(visit.actor, number)
    look(Act.READ_CONTACT, order=number, actor=visit.actor, now=visit.now)
    likely = next((_FIRST[desk.id] for desk in visit.desks if desk.id in _FIRST), Purpose.CLARIFY)
    choices = [(each.value, tr_later(name)) for each, name in PURPOSE_NAMES.items()]
    asked = {"purpose": fields.choice(tr("用途"), choices, hint=tr("谁在何时为何查看,记入留痕。"))}
    kind = type("contact_form", (forms.Form,), asked)
    form = (
        kind(visit.request.POST)
        if visit.request.method == "POST"
        else kind(initial={"purpose": likely.value})
    )
    context: dict[str, object] = {
        "number": number,
        "form": form,
        "read": None,
        "refused": None,
        "back": back_of(visit, number),
    }
    status = 200
    if form.is_bound and form.is_valid():
        try:
            context["read"] = _read(visit, number, form.cleaned_data["purpose"])
        except JiebanError as refused:
            context["refused"], status = refused, status_of(refused)
    elif form.is_bound:
        status = 422
    if not visit.partial:
        context |= {"order": order_context(visit, number), "return_to": context["back"]}
    template = "order/contact.html" if visit.partial else "order/contact_page.html"
    return page(at_origin(visit), template, context, status=status)


def _read(visit: Visit, number: str, purpose: str) -> Contact:
    """The contact, of which the trail tells once however often the button is touched."""
    asked: dict[str, Any] = {"order": number, "purpose": purpose, "actor": visit.actor, "now": visit.now}
    for _ in range(_TRIES):
        # Before the look at what was read: what is written meanwhile is seen in the next round.
        seen = order_for(visit.actor, number).events
        if (read := just_read(**asked)) is not None:
            return read
        with suppress(ChangedSince):
            return if_unchanged({number: seen}, lambda: read_contact(**asked))
    raise Busy(tr("工单正由他人操作,暂时不能查看。"), fix=tr("请稍后再试。"))

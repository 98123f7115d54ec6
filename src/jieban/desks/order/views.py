"""Opening an act's form and doing the act."""

from collections.abc import Sequence
from functools import partial

from django import forms
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from jieban.desks.bulk.rehearse import ChangedSince, if_unchanged
from jieban.desks.order.acting.forms import FORMS, Place, form_class
from jieban.desks.order.acting.needs import mark_lacking, needs_of
from jieban.desks.order.origin import at_origin, back_of, origin_of, own_address
from jieban.desks.order.otherwise import filled_otherwise, remember, told_of
from jieban.desks.order.page import opened, order_context
from jieban.desks.order.since import Done, Since, done_since, since
from jieban.desks.presence.here import be_here
from jieban.desks.shell import words
from jieban.desks.shell.given import number_in
from jieban.desks.shell.pages import page, status_of
from jieban.desks.shell.told import tell
from jieban.desks.shell.visit import Visit, at_desk
from jieban.kernel.errors import JiebanError
from jieban.kernel.i18n import tr
from jieban.orders.access import handlings_for, order_for
from jieban.orders.engine.perform import look
from jieban.orders.errors import Busy, Missing, WrongState
from jieban.orders.models import Handling, Order, Petition
from jieban.orders.moves import MOVES
from jieban.orders.possible import possible
from jieban.people.acts import Act

_SEEN = "seen"
_TRIES = 5
"""How often an act is begun again because something was done to the order that is nothing to whoever does it."""


@require_safe
@at_desk()
def show(visit: Visit, number: str) -> HttpResponse:
    """An order on a page of its own: what every link to an order leads to, with the way back to there."""
    origin = origin_of(visit)
    context = {"order": opened(visit, number), "number": number, "origin": origin}
    if visit.partial:
        return page(at_origin(visit), "order/pane.html", {**context, "return_to": back_of(visit, number)})
    return page(at_origin(visit), "order/page.html", {**context, "return_to": own_address(number, origin)})


@at_desk()
def act(visit: Visit, number: str, name: str) -> HttpResponse:
    """An act's form, and the act itself. What is refused comes back with the form as it was filled in.

    Raises NoSuchOrder, and NotAllowed for who may not do it: nobody is asked to fill in what would be refused then.
    404 for an act that has no form, or one on a handling without that.
    """
    order = order_for(visit.actor, number)
    serial = serial_of(visit.request.GET.get("handling") or visit.request.POST.get("handling"))
    try:
        wanted = Act(name)
        kind = form_class(wanted, order, visit.now, _handling(visit, order, serial))
    except (ValueError, KeyError) as fault:
        raise Http404 from fault
    if (MOVES[wanted].handling is None) != (serial is None):
        raise Http404
    look(wanted, order=number, actor=visit.actor, now=visit.now, handling=serial)
    if visit.request.method != "POST":
        if not _offered(visit, order, wanted, serial):
            return _over(visit, order, wanted, serial)
        be_here(visit, order, wanted.value)
        return _form_page(visit, order, wanted, serial, kind())
    form = kind(visit.request.POST)
    # Before anything else: what was chosen from need not be there any more once it is done.
    if done := done_since(order, _seen(visit, order), wanted, serial, visit.actor):
        return _done_before(visit, order, wanted, serial, form, done=done)
    if not form.is_valid():
        return _form_page(visit, order, wanted, serial, form, status=422)
    return _do(visit, order, wanted, serial, form)


def _do(visit: Visit, order: Order, wanted: Act, serial: int | None, form: forms.Form) -> HttpResponse:
    """Do what a form says to the order as it was seen: sent twice it is done once, what others did is told first."""
    place = Place(order=order.number, handling=serial, actor=visit.actor, now=visit.now)
    seen = _seen(visit, order)
    for _ in range(_TRIES):
        if done := done_since(order, seen, wanted, serial, visit.actor):
            return _done_before(visit, order, wanted, serial, form, done=done)
        if others := since(order, seen, visit.actor):
            return _form_page(visit, order, wanted, serial, form, others=others, status=409)
        try:
            if_unchanged({order.number: order.events}, partial(_did, order, wanted, place, form))
        except ChangedSince:
            order = order_for(visit.actor, order.number)
        except JiebanError as refused:
            if isinstance(refused, Missing):
                mark_lacking(form, needs_of(visit.actor, wanted, order, serial))
            return _form_page(visit, order, wanted, serial, form, refused=refused, status=status_of(refused))
        else:
            return _after(visit, order.number, wanted)
    raise Busy(tr("工单正由他人操作,暂时不能写入,本次操作没有保存。"), fix=tr("请稍后再试。"))


def _did(order: Order, wanted: Act, place: Place, form: forms.Form) -> None:
    FORMS[wanted].do(place, form.cleaned_data)
    remember(order, order.events, form)


def _done_before(
    visit: Visit, order: Order, wanted: Act, serial: int | None, form: forms.Form, *, done: Sequence[Done]
) -> HttpResponse:
    """Says that it is done, as for whatever is sent twice; unless this says something else, which would be lost."""
    if not filled_otherwise(order, done, visit.actor, form):
        return _after(visit, order.number, wanted)
    over = not _offered(visit, order, wanted, serial)
    said, name = told_of(order_context(visit, order.number).trail, words.act(wanted), done), words.act(wanted)
    other = WrongState(
        tr("您刚才已经办过“{act}”({said}),与这次填的不同;这次的没有保存。", act=name, said=said)
        if said
        else tr("您刚才已经办过“{act}”,与这次填的不同;这次的没有保存。", act=name),
        fix=tr("工单现在不能再“{act}”,这次填的还在下面:请看工单现状,要改的用现在可以进行的操作。", act=name)
        if over
        else tr("这次填的还在下面。请先看工单现状,仍要补充的再提交一次。"),
    )
    return _form_page(visit, order, wanted, serial, form, refused=other, over=over, status=status_of(other))


def _offered(visit: Visit, order: Order, wanted: Act, serial: int | None) -> bool:
    """Whether the act is possible as the order stands: a form that can only be refused is not opened."""
    handlings = list(Handling.objects.filter(order=order))
    petitions = list(Petition.objects.filter(order=order))
    offers = possible(visit.actor, order, handlings, petitions, now=visit.now)
    return any(each.act is wanted and each.handling == serial for each in offers)


def _over(visit: Visit, order: Order, wanted: Act, serial: int | None) -> HttpResponse:
    """Says that it isn't the act's time to who opens its form all the same: by going back, or a second time."""
    over = WrongState(
        tr("工单 {number} 现在不能“{act}”。", number=order.number, act=words.act(wanted)),
        fix=tr("可能刚刚办过,或别人已经办了:请看工单现状,最近的操作在留痕里。"),
    )
    context = {
        "number": order.number,
        "act_name": words.act(wanted),
        "handling": serial,
        "refused": over,
        "back": back_of(visit, order.number),
        **beside(visit, order.number),
    }
    template = "order/over.html" if visit.partial else "order/over_page.html"
    return page(at_origin(visit), template, context, status=status_of(over))


def serial_of(given: str | None) -> int | None:
    """The serial of a handling as an address or a form names it; 404 for what is none."""
    if not given:
        return None
    serial = number_in(given)
    if serial is None:
        raise Http404
    return serial


def _handling(visit: Visit, order: Order, serial: int | None) -> Handling | None:
    """The handling that is acted on, if this person sees it."""
    return None if serial is None else handlings_for(visit.actor).filter(order=order, serial=serial).first()


def _seen(visit: Visit, order: Order) -> int:
    """How many events the order had when the form was opened; a form that doesn't say was opened now."""
    given = number_in(visit.request.POST.get(_SEEN, ""))
    return order.events if given is None else min(given, order.events)


def _form_page(
    visit: Visit,
    order: Order,
    wanted: Act,
    serial: int | None,
    form: forms.Form,
    *,
    refused: JiebanError | None = None,
    others: tuple[Since, ...] = (),
    over: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {
        "number": order.number,
        "act": wanted,
        "act_name": words.act(wanted),
        "grave": FORMS[wanted].grave,
        "handling": serial,
        "form": form,
        "refused": refused,
        "since": others,
        "over": over,
        "seen": order.events,
        "back": back_of(visit, order.number),
        "needs": needs_of(visit.actor, wanted, order, serial),
        **beside(visit, order.number),
    }
    template = "order/form.html" if visit.partial else "order/form_page.html"
    return page(at_origin(visit), template, context, status=status)


def _after(visit: Visit, number: str, done: Act) -> HttpResponse:
    said = tr("已完成:{act}", act=words.act(done))
    if visit.partial:
        return pane_after(visit, number, said)
    tell(visit.request, said, [number])
    return HttpResponseRedirect(back_of(visit, number))


def beside(visit: Visit, number: str) -> dict[str, object]:
    """The order for the page of an act; a form in the pane stands beside it already."""
    if visit.partial:
        return {}
    return {"order": order_context(visit, number), "return_to": back_of(visit, number)}


def pane_after(visit: Visit, number: str, said: str) -> HttpResponse:
    """The order's pane as it stands after something was done, in place of the form, with what was done."""
    context = {
        "order": opened(visit, number),
        "number": number,
        "said": said,
        "return_to": back_of(visit, number),
    }
    answer = page(at_origin(visit), "order/pane.html", context)
    answer.headers["HX-Trigger"] = "order-changed"
    answer.headers["HX-Retarget"] = "#order"
    answer.headers["HX-Reswap"] = "innerHTML"
    return answer

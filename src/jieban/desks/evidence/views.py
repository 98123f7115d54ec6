"""Handing evidence out and taking it in."""

from collections.abc import Sequence

from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.views.decorators.http import require_safe

from jieban.desks.evidence.serving import hand_out
from jieban.desks.evidence.taking import FIELD, Turned, accepted, kinds_for, most_bytes, take_in
from jieban.desks.order.origin import at_origin, back_of
from jieban.desks.order.views import beside, pane_after, serial_of
from jieban.desks.shell import words
from jieban.desks.shell.limits import takes_files
from jieban.desks.shell.pages import page, status_of
from jieban.desks.shell.told import tell
from jieban.desks.shell.visit import Visit, at_desk
from jieban.kernel.errors import JiebanError
from jieban.kernel.i18n import tr
from jieban.orders.access import handlings_for, order_for
from jieban.orders.engine.perform import look
from jieban.orders.errors import Missing, StorageFailed
from jieban.orders.evidence.exhibits import exhibit_for
from jieban.orders.models import Order
from jieban.people.acts import Act
from jieban.people.policy import may_ever

_REFUSED = 422


@require_safe
@at_desk()
def show(visit: Visit, number: str, serial: int) -> HttpResponseBase:
    """A piece of evidence. Raises NoSuchOrder, StorageFailed; 404 also for a file that is gone from the storage."""
    exhibit = exhibit_for(visit.actor, number, serial)
    try:
        return hand_out(visit.request, exhibit, f"{number}-{serial}")
    except FileNotFoundError as fault:
        raise StorageFailed(
            tr("工单 {number} 的第 {serial} 件证据在存储中找不到。", number=number, serial=serial),
            fix=tr("请告知系统管理员(jieban evidence verify)。"),
        ) from fault


@takes_files(most_bytes)
@at_desk()
def attach(visit: Visit, number: str) -> HttpResponseBase:
    """The form for more evidence, and what became of what was sent. Raises NoSuchOrder and NotAllowed.

    For scripts that ask for JSON the answer says of each file whether it is kept, and whether to send it again.
    """
    order = order_for(visit.actor, number)
    if not may_ever(visit.actor, Act.ATTACH):
        raise Http404
    request = visit.request
    serial = serial_of(request.GET.get("handling") or request.POST.get("handling"))
    if serial is not None and not handlings_for(visit.actor).filter(order=order, serial=serial).exists():
        raise Http404
    look(Act.ATTACH, order=number, actor=visit.actor, now=visit.now, handling=serial)
    if request.method != "POST":
        return _form(visit, order, serial)
    files = request.FILES.getlist(FIELD)
    turned = take_in(visit, number, serial, request.POST.get("kind", ""), files)
    if request.headers.get("Accept") == "application/json":
        return _told(turned)
    if not turned:
        nothing = Missing(tr("没有选择文件。"), fix=tr("请选择要上传的文件。"))
        return _form(visit, order, serial, nothing=nothing, status=_REFUSED)
    failed = [each for each in turned if each.refused is not None]
    if failed:
        first = failed[0].refused
        return _form(visit, order, serial, turned=turned, status=status_of(first) if first else _REFUSED)
    said = tr("已上传 {n} 件证据", n=len(turned))
    if visit.partial:
        return pane_after(visit, number, said)
    tell(request, said, [number])
    return HttpResponseRedirect(back_of(visit, number))


def _told(turned: Sequence[Turned]) -> HttpResponse:
    said = [
        {
            "kept": each.refused is None,
            "at": words.short_moment(each.at),
            "again": each.again,
            "withdraw": each.withdraw,
            "what": each.refused.what if each.refused is not None else "",
            "fix": (each.refused.fix or "") if each.refused is not None else "",
        }
        for each in turned
    ]
    return JsonResponse({"files": said}, status=200 if said else _REFUSED)


def _form(
    visit: Visit,
    order: Order,
    serial: int | None,
    *,
    turned: Sequence[Turned] = (),
    nothing: JiebanError | None = None,
    status: int = 200,
) -> HttpResponse:
    kinds = kinds_for(order)
    context = {
        "number": order.number,
        "handling": serial,
        "kinds": [(each, accepted(each)) for each in kinds],
        "chosen": visit.request.POST.get("kind") or visit.request.GET.get("kind") or "",
        "most": most_bytes(),
        "turned": turned,
        "refused": nothing,
        "back": back_of(visit, order.number),
        **beside(visit, order.number),
    }
    template = "evidence/form.html" if visit.partial else "evidence/form_page.html"
    return page(at_origin(visit), template, context, status=status)

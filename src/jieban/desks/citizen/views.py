"""The first page, filing, and what is told after it."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from jieban.desks.citizen import ticket
from jieban.desks.citizen.challenge import form_of, new_challenge, solved
from jieban.desks.citizen.filing import Filed, Filing, door, file_request, open_door
from jieban.desks.citizen.forms import MOST_PHOTOS, FilingForm
from jieban.desks.citizen.limits import FILE_BY_ADDRESS, FILE_BY_PHONE, address_of, take
from jieban.desks.citizen.numbers import spoken
from jieban.desks.citizen.pages import open_page, personal
from jieban.desks.citizen.photos import FIELD, keep_photos, most_bytes, photo_kind
from jieban.desks.shell.arriving import left_out
from jieban.desks.shell.limits import takes_files
from jieban.desks.shell.moment import now as this_moment
from jieban.desks.shell.pages import status_of
from jieban.kernel.errors import JiebanError
from jieban.kernel.i18n import tr
from jieban.orders.access import order_for
from jieban.orders.errors import ActRefused, Busy
from jieban.orders.secrets import phone_digits
from jieban.people.actor import Actor
from jieban.people.city import city
from jieban.profile.model import Mailbox

REPORTS = "reports"
"""The name of the page that lists the published reports, where there is one."""


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What can be done here."""
    try:
        reports = reverse(REPORTS)
    except NoReverseMatch:
        reports = None
    return open_page(request, "home", {"reports": reports, "online": open_door() is not None})


@takes_files(most_bytes, strangers=True)
@personal
def file(request: HttpRequest, mailbox: str | None = None) -> HttpResponse:
    """The form, and what became of it. A city that takes nothing on the web says so."""
    door()
    now, box = this_moment(), _mailbox(mailbox)
    again = _again(request, box)
    known = None if again is None else not order_for(*again).anonymous
    if request.method != "POST":
        return _form_page(request, FilingForm(now=now, mailbox=box, known=known), box, again)
    form = FilingForm(request.POST, now=now, mailbox=box, known=known)
    token = form_of(request.POST.get("form", ""))
    fault = _fault(form, token)
    if fault is None and not _within_limits(request, form, now):
        fault = tr("提交得太频繁,没有收下。请过一小时再试,或拨打热线电话。")
    if fault is not None or token is None:
        return _form_page(request, form, box, again, fault=fault, status=422)
    filing = Filing(given=form.cleaned_data, form=token, mailbox=box, again=again)
    try:
        filed = file_request(filing, now)
    except ActRefused as refused:
        if isinstance(refused, Busy):
            said = tr("现在提交的人太多,没有收下。请稍等一会儿,再点一次提交。")
        else:
            said = f"{refused.what}{refused.fix or ''}"
        return _form_page(request, form, box, again, fault=said, status=status_of(refused))
    return _to_done(request, filed, now)


@require_safe
@personal
def done(request: HttpRequest) -> HttpResponse:
    """The number of what was just filed, and how to follow it."""
    told = ticket.filed(request)
    if told is None:
        return HttpResponseRedirect(reverse("follow"))
    return open_page(request, "done", {**told, "spoken": spoken(str(told["number"]))})


def _to_done(request: HttpRequest, filed: Filed, now: datetime) -> HttpResponse:
    kept, refused = keep_photos(request, filed.recorded.order, filed.actor, now)
    answer = HttpResponseRedirect(reverse("filed"))
    told = {
        "number": filed.recorded.order,
        "code": filed.code,
        "fresh": filed.recorded.new,
        "kept": kept,
        "refused": list(refused),
    }
    ticket.note_filed(request, answer, told)
    ticket.remember(request, answer, filed.actor)
    return answer


def _mailbox(code: str | None) -> Mailbox | None:
    if code is None:
        return None
    box = city().mailboxes.get(code)
    if box is None or not box.validity.covers(city().clock.local_date(this_moment())):
        raise Http404
    return box


def _again(request: HttpRequest, mailbox: Mailbox | None) -> tuple[Actor, str] | None:
    """The order that is asked again, if it is this citizen's own; whoever's it isn't simply files anew."""
    number = request.GET.get("again", "")
    actor = ticket.remembered(request)
    if not number or actor is None or mailbox is not None:
        return None
    try:
        return actor, order_for(actor, number).number
    except JiebanError:
        return None


def _fault(form: FilingForm, token: str | None) -> str | None:
    """What is wrong with a form as a whole; its fields tell the rest."""
    if not form.is_valid():
        return tr("有几项需要改一下,改好后再提交。")
    if form.cleaned_data["website"]:
        return tr("没有收下:有一项不该填的填了。请再提交一次。")
    if token is None:
        return tr("页面打开得太久了。您写的都还在,请再点一次提交。")
    if not solved(token, nonce=form.cleaned_data["nonce"], answer=form.cleaned_data["answer"]):
        form.add_error("answer", tr("请算一下这道题,证明不是机器在提交。"))
        return tr("还差一步:请回答提交按钮上面的小问题。")
    return None


def _within_limits(request: HttpRequest, form: FilingForm, now: datetime) -> bool:
    phone = phone_digits(form.cleaned_data["phone"]) if not form.cleaned_data["anonymous"] else ""
    # Both are counted, whatever the first says.
    by_address = take(FILE_BY_ADDRESS, address_of(request), now)
    return (not phone or take(FILE_BY_PHONE, phone, now)) and by_address


def _form_page(
    request: HttpRequest,
    form: FilingForm,
    mailbox: Mailbox | None,
    again: tuple[Actor, str] | None,
    *,
    fault: str | None = None,
    status: int = 200,
) -> HttpResponse:
    kind = photo_kind()
    context = {
        "form": form,
        "challenge": new_challenge(),
        "mailbox": mailbox,
        "again": again[1] if again is not None else None,
        "again_spoken": spoken(again[1]) if again is not None else None,
        "fault": fault,
        "photos": kind,
        "most_photos": MOST_PHOTOS,
        "had_photos": bool(request.FILES or left_out(request, FIELD)),
    }
    return open_page(request, "file", context, status=status)

"""People and their posts: who there is, what each may be, and who changed it when."""

from datetime import date

from allauth.mfa.models import Authenticator
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from jieban.desks.administration.forms import AddForm, EndForm, PostForm
from jieban.desks.administration.said import change_rows, post_rows
from jieban.desks.administration.sheet import sheet
from jieban.desks.shell.pages import page_number, status_of
from jieban.desks.shell.visit import Visit, at_desk
from jieban.kernel.errors import JiebanError
from jieban.people.administration import (
    appoint,
    dismiss,
    give_password,
    open_account,
    reset_second_step,
    switch,
)
from jieban.people.city import city
from jieban.people.models import Account, AccountChange, Post
from jieban.people.roles import Role

ON_A_PAGE = 50
_SHOWN = {"active": Q(is_active=True), "disabled": Q(is_active=False), "all": Q()}


@require_safe
@at_desk("administration")
def everybody(visit: Visit) -> HttpResponse:
    """Accounts by username, with the posts of the day; found by username, name or unit."""
    asked = visit.request.GET.get("q", "").strip().replace("\0", "")[:64]
    shown = visit.request.GET.get("shown", "active")
    if shown not in _SHOWN:
        raise Http404
    found = Account.objects.filter(_SHOWN[shown])
    if asked:
        units = [unit.code for unit in city().units.values() if any(asked in word for word in unit.spellings)]
        within = Post.objects.valid_on(_today(visit)).filter(unit__in=units).values("account")
        found = found.filter(
            Q(username__icontains=asked) | Q(display_name__icontains=asked) | Q(pk__in=within)
        )
    number = page_number(visit.request)
    begin = (number - 1) * ON_A_PAGE
    rows = list(found.order_by("username")[begin : begin + ON_A_PAGE + 1])
    posts = post_rows(
        Post.objects.valid_on(_today(visit)).filter(account__in=rows[:ON_A_PAGE]), _today(visit)
    )
    context = {
        "asked": asked,
        "shown": shown,
        "accounts": [(each, posts.get(each.pk, ())) for each in rows[:ON_A_PAGE]],
        "number": number,
        "more": len(rows) > ON_A_PAGE,
    }
    return sheet(visit, "", "people", context)


@at_desk("administration")
@sensitive_variables("password")
def add(visit: Visit) -> HttpResponse:
    """A new account with a password to begin with, shown once."""
    form = AddForm(visit.request.POST if visit.request.method == "POST" else None)
    if form.is_valid():
        try:
            account = open_account(by=visit.account, now=visit.now, **form.cleaned_data)
        except JiebanError as refused:
            return sheet(visit, "", "add", {"form": form, "refused": refused}, status=status_of(refused))
        password = give_password(by=visit.account, account=account, now=visit.now)
        return _account_page(visit, account, password=password)
    status = 422 if form.is_bound else 200
    return sheet(visit, "", "add", {"form": form, "refused": None}, status=status)


@at_desk("administration")
def one(visit: Visit, username: str) -> HttpResponse:
    """An account: posts of all times, what was done to it; a form that gives it another post."""
    account = _account(username)
    if visit.request.method != "POST":
        return _account_page(visit, account)
    form = PostForm(visit.request.POST, today=_today(visit))
    if not form.is_valid():
        return _account_page(visit, account, form=form, status=422)
    said = form.cleaned_data
    try:
        appoint(
            by=visit.account,
            account=account,
            role=Role(said["role"]),
            unit=said["unit"] or None,
            first=said["first"],
            last=said["last"],
            profile=city(),
            now=visit.now,
        )
    except JiebanError as refused:
        return _account_page(visit, account, form=form, refused=refused)
    return _back(account)


@at_desk("administration")
def end(visit: Visit, username: str, post: int) -> HttpResponse:
    """The form on which a post is ended, and its end."""
    account = _account(username)
    held = account.posts.filter(pk=post).first()
    if held is None:
        raise Http404
    form = EndForm(visit.request.POST if visit.request.method == "POST" else None, today=_today(visit))
    refused: JiebanError | None = None
    if form.is_valid():
        try:
            dismiss(
                by=visit.account,
                account=account,
                role=Role(held.role),
                unit=held.unit,
                last=form.cleaned_data["last"],
                now=visit.now,
            )
        except JiebanError as fault:
            refused = fault
        else:
            return _back(account)
    rows = post_rows([held], _today(visit))[account.pk]
    context = {"account": account, "post": rows[0], "form": form, "refused": refused}
    return sheet(visit, "", "end", context, status=422 if form.is_bound else 200)


@require_POST
@at_desk("administration")
def switch_account(visit: Visit, username: str) -> HttpResponse:
    """Disable or enable, as `active` says."""
    account = _account(username)
    try:
        switch(
            by=visit.account, account=account, active=visit.request.POST.get("active") == "1", now=visit.now
        )
    except JiebanError as refused:
        return _account_page(visit, account, refused=refused)
    return _back(account)


@require_POST
@at_desk("administration")
@sensitive_variables("password")
def new_password(visit: Visit, username: str) -> HttpResponse:
    """A new password, on this one answer and nowhere else."""
    account = _account(username)
    try:
        password = give_password(by=visit.account, account=account, now=visit.now)
    except JiebanError as refused:
        return _account_page(visit, account, refused=refused)
    return _account_page(visit, account, password=password)


@require_POST
@at_desk("administration")
def second_step(visit: Visit, username: str) -> HttpResponse:
    """Take away the one-time codes of somebody who lost their phone."""
    account = _account(username)
    try:
        reset_second_step(by=visit.account, account=account, now=visit.now)
    except JiebanError as refused:
        return _account_page(visit, account, refused=refused)
    return _back(account)


@require_safe
@at_desk("administration")
def changes(visit: Visit) -> HttpResponse:
    """Everything that was done to accounts, the latest first."""
    number = page_number(visit.request)
    begin = (number - 1) * ON_A_PAGE
    found = AccountChange.objects.select_related("by", "account").order_by("-id")
    rows = change_rows(found[begin : begin + ON_A_PAGE + 1])
    context = {"changes": rows[:ON_A_PAGE], "number": number, "more": len(rows) > ON_A_PAGE}
    return sheet(visit, "changes/", "changes", context)


def _account_page(
    visit: Visit,
    account: Account,
    *,
    form: PostForm | None = None,
    refused: JiebanError | None = None,
    password: str | None = None,
    status: int = 200,
) -> HttpResponse:
    today = _today(visit)
    posts = post_rows(account.posts.order_by("-valid_from", "-id"), today).get(account.pk, ())
    done = account.changes.select_related("by", "account").order_by("-id")[:ON_A_PAGE]
    context = {
        "account": account,
        "own": account.pk == visit.account.pk,
        "posts": posts,
        "changes": change_rows(done),
        "codes": Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists(),
        "form": form or PostForm(today=today),
        "refused": refused,
        "password": password,
    }
    return sheet(visit, "", "account", context, status=status if refused is None else status_of(refused))


def _account(username: str) -> Account:
    found = Account.objects.filter(username=username).first()
    if found is None:
        raise Http404
    return found


def _back(account: Account) -> HttpResponse:
    return HttpResponseRedirect(reverse("administration-account", args=[account.username]))


def _today(visit: Visit) -> date:
    return city().clock.local_date(visit.now)

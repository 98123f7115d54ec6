"""What is done with accounts and posts: each act checks what it is given, and is one transaction."""

import re
import unicodedata
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from jieban.kernel.i18n import tr, tr_later
from jieban.people.errors import (
    AccountDisabled,
    BadAccount,
    BadPost,
    NoSuchAccount,
    NoSuchPost,
    PostHeld,
    UsernameTaken,
)
from jieban.people.models import NAME_LENGTH, USERNAME_LENGTH, Account, Post
from jieban.people.roles import POST_ROLES, ROLE_NAMES, UNIT_ROLES, Role
from jieban.profile.city import Profile
from jieban.profile.documents.faults import did_you_mean

_USERNAME = re.compile(rf"[a-z0-9][a-z0-9._-]{{1,{USERNAME_LENGTH - 1}}}")


def add_account(*, username: str, display_name: str, now: datetime) -> Account:
    """A new account that nobody can sign in to yet; the username is kept in small letters.

    Raises BadAccount and UsernameTaken.
    """
    username = _folded(username)
    if not _USERNAME.fullmatch(username):
        raise BadAccount(
            tr("“{username}”不能作账号。", username=username),
            fix=tr(
                "账号用小写字母、数字和 . _ -,以字母或数字开头,2 至 {most} 个字符。", most=USERNAME_LENGTH
            ),
        )
    display_name = display_name.strip()
    if not 0 < len(display_name) <= NAME_LENGTH or not display_name.isprintable():
        raise BadAccount(
            tr("姓名“{name}”不能用。", name=display_name),
            fix=tr("姓名写 1 至 {most} 个字,不含换行等控制字符。", most=NAME_LENGTH),
        )
    try:
        with transaction.atomic():
            return Account.objects.create_user(username, display_name=display_name, joined_at=now)
    except IntegrityError as fault:
        raise UsernameTaken(
            tr("账号“{username}”已经有了。", username=username), fix=tr("请换一个账号。")
        ) from fault


def account_named(username: str) -> Account:
    """The account of this username. Raises NoSuchAccount."""
    wanted = _folded(username)
    found = Account.objects.filter(username=wanted).first() if _USERNAME.fullmatch(wanted) else None
    if found is None:
        known = Account.objects.order_by("username").values_list("username", flat=True)
        raise NoSuchAccount(tr("没有账号“{username}”。", username=username), fix=did_you_mean(wanted, known))
    return found


def set_active(*, account: Account, active: bool) -> None:
    """Let an account act, or no longer. Its posts stay as they are."""
    Account.objects.filter(pk=account.pk).update(is_active=active)
    account.is_active = active


def set_password(*, account: Account, password: str, once: bool) -> None:
    """Give an account a password; `once`: one that its holder has to replace. All its sessions end."""
    account.set_password(password)
    account.password_once = once
    account.save(update_fields=["password", "password_once"])


def role_named(given: str) -> Role:
    """The role of an account by its code or its name. Raises BadPost."""
    words = {spelling: role for role in POST_ROLES for spelling in (role.value, tr_later(ROLE_NAMES[role]))}
    if (found := words.get(given.strip())) is None:
        raise BadPost(tr("没有“{role}”这种角色。", role=given), fix=did_you_mean(given, words))
    return found


def unit_named(given: str, *, profile: Profile, on: date) -> str:
    """The code of the unit that a code or any spelling means on a day. Raises BadPost."""
    found = profile.units.get(given)
    if found is None or not found.validity.covers(on):
        found = profile.units.find(given, on)
    if found is None:
        raise _no_unit(given, profile, on)
    return found.code


def give_post(
    *,
    account: Account,
    role: Role,
    unit: str | None,
    first: date,
    last: date | None,
    profile: Profile,
) -> Post:
    """The account holds `role` (in the unit of this code) from `first` to `last`, both included; None for open.

    Raises BadPost, PostHeld, AccountDisabled.
    """
    _check_place(role, unit, first, profile)
    if last is not None and last < first:
        raise BadPost(
            tr("岗位止于 {last},早于起始日 {first}。", last=last, first=first), fix=tr("请核对起止日期。")
        )
    with transaction.atomic():
        locked = Account.objects.select_for_update().get(pk=account.pk)
        if not locked.is_active:
            raise AccountDisabled(
                tr("账号“{username}”已停用。", username=account.username),
                fix=tr("请先恢复该账号。"),
            )
        held = Post.objects.filter(account=locked, role=role, unit=unit).overlapping(first, last).first()
        if held is not None:
            raise PostHeld(
                tr(
                    "“{username}”自 {first} 起已是{role}。",
                    username=account.username,
                    first=held.valid_from,
                    role=tr_later(ROLE_NAMES[role]),
                ),
                fix=tr("如要改期,请先让原来的岗位到期。"),
            )
        return Post.objects.create(account=locked, role=role, unit=unit, valid_from=first, valid_to=last)


def end_post(*, account: Account, role: Role, unit: str | None, last: date) -> Post:
    """The account holds the post up to `last`, included, and no longer. Raises NoSuchPost and BadPost."""
    with transaction.atomic():
        posts = Post.objects.select_for_update().filter(account=account, role=role, unit=unit)
        post = posts.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=last)).order_by("valid_from").first()
        if post is None:
            raise NoSuchPost(
                tr(
                    "“{username}”在 {day} 之后没有这个岗位({role})。",
                    username=account.username,
                    day=last,
                    role=tr_later(ROLE_NAMES[role]),
                ),
                fix=tr("请用 jieban people list 查看。"),
            )
        if last < post.valid_from:
            raise BadPost(
                tr("岗位自 {first} 起,不能止于 {last}。", first=post.valid_from, last=last),
                fix=tr("请核对日期。"),
            )
        post.valid_to = last
        post.save(update_fields=["valid_to"])
        return post


def _check_place(role: Role, unit: str | None, on: date, profile: Profile) -> None:
    name = tr_later(ROLE_NAMES[role])
    if role not in POST_ROLES:
        raise BadPost(tr("{role}不是可以担任的岗位。", role=name), fix=tr("请选其他角色。"))
    if role in UNIT_ROLES and not unit:
        raise BadPost(tr("{role}要写明所在单位。", role=name), fix=tr("请加 --unit,写单位的代码或名称。"))
    if role not in UNIT_ROLES and unit is not None:
        raise BadPost(tr("{role}是中心的岗位,不属于承办单位。", role=name), fix=tr("请去掉 --unit。"))
    if unit is not None and (unit not in profile.units or not profile.units[unit].validity.covers(on)):
        raise _no_unit(unit, profile, on)


def _no_unit(given: str, profile: Profile, on: date) -> BadPost:
    known = (spelling for unit in profile.units.valid_on(on) for spelling in (unit.code, *unit.spellings))
    return BadPost(tr("{day} 没有单位“{unit}”。", day=on, unit=given), fix=did_you_mean(given, known))


def _folded(username: str) -> str:
    return unicodedata.normalize("NFKC", username).strip().casefold()

"""What is done to accounts and posts, with the record of who did it: each is one transaction.

`by` is the administrator; None is the command line, which whoever runs the installation may use.
"""

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from allauth.mfa.models import Authenticator
from django.db import transaction

from jieban.kernel.i18n import Later, later, tr
from jieban.people import accounts
from jieban.people.errors import OwnAccount
from jieban.people.models import Account, AccountAct, AccountChange, Post
from jieban.people.roles import Role
from jieban.profile.city import Profile

ACCOUNT_ACT_NAMES: Final[Mapping[AccountAct, Later]] = {
    AccountAct.ADD: later("新增账号"),
    AccountAct.ENABLE: later("恢复账号"),
    AccountAct.DISABLE: later("停用账号"),
    AccountAct.GIVE_POST: later("设置岗位"),
    AccountAct.END_POST: later("岗位到期"),
    AccountAct.GIVE_PASSWORD: later("发放一次性密码"),
    AccountAct.CHOOSE_PASSWORD: later("本人修改密码"),
    AccountAct.RESET_SECOND_STEP: later("重置两步验证"),
}
# Without what looks alike, since it is read out or copied by hand: 31 marks, 15 of them are 74 bits.
_MARKS: Final = "23456789abcdefghjkmnpqrstuvwxyz"
_GROUPS, _IN_GROUP = 3, 5


def open_account(*, by: Account | None, username: str, display_name: str, now: datetime) -> Account:
    """A new account, without a password. Raises BadAccount and UsernameTaken."""
    with transaction.atomic():
        account = accounts.add_account(username=username, display_name=display_name, now=now)
        _note(AccountAct.ADD, account, by, now)
    return account


def switch(*, by: Account | None, account: Account, active: bool, now: datetime) -> None:
    """Let an account act, or no longer; nothing is noted if it is so already. Raises OwnAccount."""
    if not active:
        _not_own(by, account)
    with transaction.atomic():
        locked = Account.objects.select_for_update().get(pk=account.pk)
        if locked.is_active == active:
            return
        accounts.set_active(account=account, active=active)
        _note(AccountAct.ENABLE if active else AccountAct.DISABLE, account, by, now)


def appoint(
    *,
    by: Account | None,
    account: Account,
    role: Role,
    unit: str | None,
    first: date,
    last: date | None,
    profile: Profile,
    now: datetime,
) -> Post:
    """Give a post, as `accounts.give_post` does. Raises what that does, and OwnAccount."""
    _not_own(by, account)
    with transaction.atomic():
        post = accounts.give_post(
            account=account, role=role, unit=unit, first=first, last=last, profile=profile
        )
        _note(AccountAct.GIVE_POST, account, by, now, post)
    return post


def dismiss(
    *, by: Account | None, account: Account, role: Role, unit: str | None, last: date, now: datetime
) -> Post:
    """End a post, as `accounts.end_post` does. Raises what that does, and OwnAccount."""
    _not_own(by, account)
    with transaction.atomic():
        post = accounts.end_post(account=account, role=role, unit=unit, last=last)
        _note(AccountAct.END_POST, account, by, now, post)
    return post


def give_password(*, by: Account | None, account: Account, now: datetime) -> str:
    """A new password, told here and nowhere else, which its holder has to replace. Ends all sessions.

    Raises OwnAccount: one's own password is changed by whoever knows the old one.
    """
    _not_own(by, account)
    password = "-".join("".join(secrets.choice(_MARKS) for _ in range(_IN_GROUP)) for _ in range(_GROUPS))
    with transaction.atomic():
        accounts.set_password(account=account, password=password, once=True)
        _note(AccountAct.GIVE_PASSWORD, account, by, now)
    return password


def choose_password(*, account: Account, password: str, now: datetime) -> None:
    """The holder's own password, in place of the one they had. Ends all sessions but those that are told of it."""
    with transaction.atomic():
        accounts.set_password(account=account, password=password, once=False)
        _note(AccountAct.CHOOSE_PASSWORD, account, account, now)


def reset_second_step(*, by: Account | None, account: Account, now: datetime) -> None:
    """Take away the one-time codes of somebody who lost their phone, recovery codes included. Raises OwnAccount."""
    _not_own(by, account)
    with transaction.atomic():
        Authenticator.objects.filter(user=account).delete()
        _note(AccountAct.RESET_SECOND_STEP, account, by, now)


def _not_own(by: Account | None, account: Account) -> None:
    if by is not None and by.pk == account.pk:
        raise OwnAccount(
            tr("不能在这里改自己的账号。"),
            fix=tr("请另一位系统管理员办理;自己的密码和两步验证在个人设置里改。"),
        )


def _note(
    act: AccountAct, account: Account, by: Account | None, now: datetime, post: Post | None = None
) -> None:
    AccountChange.objects.create(
        at=now,
        by=by,
        account=account,
        act=act,
        role=None if post is None else post.role,
        unit=None if post is None else post.unit,
        valid_from=None if post is None else post.valid_from,
        valid_to=None if post is None else post.valid_to,
    )

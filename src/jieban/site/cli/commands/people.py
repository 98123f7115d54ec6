"""`jieban people add|list|post|end|password|reset-codes|disable|enable`; each change is on record."""

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import click

from jieban.kernel.errors import Exit
from jieban.kernel.i18n import listed, tr, tr_later
from jieban.site.cli.options import Moment, json_option, say_json

if TYPE_CHECKING:
    from jieban.people.models import Account, Post
    from jieban.profile.city import Profile

_DAY = Moment(instant=False)
_username = click.argument("username", metavar="USERNAME")
_role = click.argument("role", metavar="ROLE")
_unit = click.option(
    "--unit", "unit_name", metavar="UNIT", help=tr("所在单位的代码或名称;联络员、经办人、负责人必填。")
)


@click.group("people", help=tr("账号和岗位。"))
def command() -> None:
    """Group of the commands about accounts and posts."""


@command.command("add", help=tr("新增账号。"))
@_username
@click.option("--name", required=True, metavar="NAME", help=tr("姓名。"))
def add(username: str, name: str) -> int:
    """Make an account."""
    _ready()
    # Django is imported by who needs it, once ready.
    from jieban.people.administration import open_account  # noqa: PLC0415

    account = open_account(by=None, username=username, display_name=name, now=datetime.now(UTC))
    click.echo(tr("已新增账号 {username}({name})。", username=account.username, name=account.display_name))
    return Exit.OK


@command.command("list", help=tr("列出账号和今天的岗位。"))
@click.option("--all", "everybody", is_flag=True, help=tr("包括已停用的账号和不在今天的岗位。"))
@json_option
def list_all(*, everybody: bool, as_json: bool) -> int:
    """Print accounts with the posts that they hold."""
    _ready()
    from jieban.people.models import Account, Post  # noqa: PLC0415  # as above

    profile, today = _city()
    accounts = Account.objects.order_by("username")
    posts = Post.objects.order_by("valid_from", "id")
    if not everybody:
        accounts, posts = accounts.filter(is_active=True), posts.valid_on(today)
    held: dict[int, list[Post]] = {}
    for post in posts:
        held.setdefault(post.account_id, []).append(post)
    if as_json:
        say_json([_account_as_dict(account, held.get(account.pk, [])) for account in accounts])
        return Exit.OK
    for account in accounts:
        mark = "" if account.is_active else tr("(已停用)")
        said = listed(_post_said(post, profile, today) for post in held.get(account.pk, []))
        click.echo(f"{account.username:<20} {account.display_name}{mark}  {said}".rstrip())
    return Exit.OK


@command.command("post", help=tr("给账号一个岗位:ROLE 写角色的代码或名称。"))
@_username
@_role
@_unit
@click.option("--from", "first", type=_DAY, metavar="YYYY-MM-DD", help=tr("起始日,默认今天。"))
@click.option("--to", "last", type=_DAY, metavar="YYYY-MM-DD", help=tr("最后一日(含),默认不限。"))
def post(
    username: str, role: str, unit_name: str | None, first: datetime | None, last: datetime | None
) -> int:
    """Give an account a post."""
    _ready()
    from jieban.people.accounts import account_named, role_named, unit_named  # noqa: PLC0415  # as above
    from jieban.people.administration import appoint  # noqa: PLC0415  # as above

    profile, today = _city()
    account, named, begins = account_named(username), role_named(role), first.date() if first else today
    given = appoint(
        by=None,
        now=datetime.now(UTC),
        account=account,
        role=named,
        unit=None if unit_name is None else unit_named(unit_name, profile=profile, on=begins),
        first=begins,
        last=last.date() if last else None,
        profile=profile,
    )
    click.echo(
        tr(
            "{username} 自 {day} 起:{post}。",
            username=account.username,
            day=begins,
            post=_post_said(given, profile, begins),
        )
    )
    return Exit.OK


@command.command("end", help=tr("让一个岗位到期。"))
@_username
@_role
@_unit
@click.option("--on", "last", type=_DAY, metavar="YYYY-MM-DD", help=tr("最后一日(含),默认今天。"))
def end(username: str, role: str, unit_name: str | None, last: datetime | None) -> int:
    """End a post."""
    _ready()
    from jieban.people.accounts import account_named, role_named, unit_named  # noqa: PLC0415  # as above
    from jieban.people.administration import dismiss  # noqa: PLC0415  # as above

    profile, today = _city()
    account, named, ends = account_named(username), role_named(role), last.date() if last else today
    # A post may have outlived its unit: then only the code that it holds can name it.
    unit = unit_name
    if unit is not None and not account.posts.filter(role=named, unit=unit).exists():
        unit = unit_named(unit, profile=profile, on=ends)
    ended = dismiss(by=None, account=account, role=named, unit=unit, last=ends, now=datetime.now(UTC))
    click.echo(
        tr(
            "{username} 的岗位({post})止于 {day}。",
            username=account.username,
            day=ends,
            post=_post_said(ended, profile, ends),
        )
    )
    return Exit.OK


@command.command("password", help=tr("发放一次性密码:只显示这一次,本人登录后须换成自己的。"))
@_username
def password(username: str) -> int:
    """Give an account a password, and print it."""
    _ready()
    from jieban.people.accounts import account_named  # noqa: PLC0415  # as above
    from jieban.people.administration import give_password  # noqa: PLC0415  # as above

    click.echo(give_password(by=None, account=account_named(username), now=datetime.now(UTC)))
    return Exit.OK


@command.command("reset-codes", help=tr("重置两步验证,用于丢了手机的人。"))
@_username
def reset_codes(username: str) -> int:
    """Take away somebody's one-time codes."""
    _ready()
    from jieban.people.accounts import account_named  # noqa: PLC0415  # as above
    from jieban.people.administration import reset_second_step  # noqa: PLC0415  # as above

    account = account_named(username)
    reset_second_step(by=None, account=account, now=datetime.now(UTC))
    click.echo(tr("{username} 的两步验证已重置。", username=account.username))
    return Exit.OK


@command.command("disable", help=tr("停用账号;岗位和留痕不变。"))
@_username
def disable(username: str) -> int:
    """Let an account act no longer."""
    return _set_active(username, active=False)


@command.command("enable", help=tr("恢复已停用的账号。"))
@_username
def enable(username: str) -> int:
    """Let a disabled account act again."""
    return _set_active(username, active=True)


def _set_active(username: str, *, active: bool) -> int:
    _ready()
    from jieban.people.accounts import account_named  # noqa: PLC0415  # as above
    from jieban.people.administration import switch  # noqa: PLC0415  # as above

    account = account_named(username)
    switch(by=None, account=account, active=active, now=datetime.now(UTC))
    said = (
        tr("账号 {username} 已恢复。", username=account.username)
        if active
        else tr("账号 {username} 已停用。", username=account.username)
    )
    click.echo(said)
    return Exit.OK


def _ready() -> None:
    from jieban.site.live import ready  # noqa: PLC0415  # as above

    ready()


def _city() -> tuple["Profile", date]:
    """The city, and what day it is there."""
    from jieban.people.city import city  # noqa: PLC0415  # as above

    profile = city()
    return profile, datetime.now(profile.clock.tz).date()


def _post_said(post: "Post", profile: "Profile", on: date) -> str:
    from jieban.people.roles import ROLE_NAMES, Role  # noqa: PLC0415  # as above

    role = tr_later(ROLE_NAMES[Role(post.role)])
    if post.unit is None:
        return role
    unit = profile.unit_name(post.unit, on) if post.unit in profile.units else post.unit
    return f"{unit} {role}"


def _account_as_dict(account: "Account", posts: list["Post"]) -> dict[str, object]:
    return {
        "username": account.username,
        "name": account.display_name,
        "active": account.is_active,
        "joined_at": account.joined_at.isoformat(),
        "posts": [
            {"role": post.role, "unit": post.unit, "from": post.valid_from, "to": post.valid_to}
            for post in posts
        ],
    }

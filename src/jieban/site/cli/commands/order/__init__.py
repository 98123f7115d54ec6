"""`jieban order show|clock`: one order as it stands, and how each of its deadlines came about."""

from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import click

from jieban.kernel.errors import Exit
from jieban.kernel.i18n import tr
from jieban.site.cli.commands.order.clock import account_lines
from jieban.site.cli.commands.order.shown import view_lines
from jieban.site.cli.options import json_option, say_json

if TYPE_CHECKING:
    from jieban.orders.explain import Account
    from jieban.orders.models import Order
    from jieban.profile.city import Profile

_number = click.argument("number", metavar="NUMBER")


@click.group("order", help=tr("查看一件工单,核对它的时限。"))
def command() -> None:
    """Group of the commands about one order."""


@command.command("show", help=tr("工单现状:承办、时限、留痕。联系方式只显示一部分。"))
@_number
@json_option
def show(number: str, *, as_json: bool) -> int:
    """Print an order without its words, its requester masked."""
    order, profile = _find(number)
    from jieban.orders.view import view_of  # noqa: PLC0415  # models load after Django is ready

    view = view_of(order)
    if as_json:
        say_json(asdict(view))
    else:
        click.echo("\n".join(view_lines(view, profile)))
    return Exit.OK


@command.command("clock", help=tr("逐行算出每个时限,并与存储的期限核对;不一致时退出码为 6。"))
@_number
@json_option
def clock(number: str, *, as_json: bool) -> int:
    """Print the arithmetic of every clock; exit code 6 when a stored deadline isn't what comes out."""
    order, profile = _find(number)
    accounts = _counted(order, profile)
    equal = all(each.equal for each in accounts)
    if as_json:
        told = [asdict(each) | {"late": each.late} for each in accounts]
        say_json({"order": order.number, "profile": profile.version, "equal": equal, "clocks": told})
    else:
        click.echo(tr("工单 {number},配置“{name}”", number=order.number, name=profile.title))
        for account in accounts:
            click.echo("\n" + "\n".join(account_lines(account, profile)))
        if not equal:
            wrong = sum(not each.equal for each in accounts)
            click.echo("\n" + tr("有 {n} 个期限与重算不一致。", n=wrong))
    return Exit.OK if equal else Exit.CHECK_FAILED


def _counted(order: "Order", profile: "Profile") -> "tuple[Account, ...]":
    """The arithmetic of an order's clocks; by the city as it was, where it was changed on pages since."""
    from jieban.orders.explain import accounts_of  # noqa: PLC0415  # as above
    from jieban.people.city_in_force import city_at  # noqa: PLC0415

    accounts = accounts_of(order, profile)
    for version in {each.made_under for each in accounts if each.made_under is not None}:
        then = city_at(version) if version != profile.version else None
        if then is not None:
            accounts = tuple(
                replace(other, made_under=version) if other.equal and mine.made_under == version else mine
                for mine, other in zip(accounts, accounts_of(order, then), strict=True)
            )
    return accounts


def _find(number: str) -> "tuple[Order, Profile]":
    from jieban.site.live import ready  # noqa: PLC0415  # Django is imported by the commands that need it

    ready()
    from jieban.orders.engine.perform import no_such_order  # noqa: PLC0415  # as above
    from jieban.orders.models import Order  # noqa: PLC0415
    from jieban.people.city import city  # noqa: PLC0415

    found = Order.objects.filter(number=number).first()
    if found is None:
        raise no_such_order(number)
    return found, city()

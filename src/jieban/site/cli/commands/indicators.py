"""`jieban indicators list|explain|docs`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from jieban.kernel.errors import Exit
from jieban.kernel.i18n import tr
from jieban.kernel.typography import fullwidth
from jieban.site.cli.options import json_option, say_json

if TYPE_CHECKING:
    from jieban.profile.city import Profile

_profile_option = click.option(
    "--profile", "profile_name", metavar="P", help=tr("按这个城市配置的口径说明:名称或目录。")
)


def _profile(name: str | None) -> "Profile | None":
    if name is None:
        return None
    from jieban.profile.load import load_profile  # noqa: PLC0415

    return load_profile(name)


@click.group("indicators", help=tr("列出、解释指标口径。"))
def command() -> None:
    """Group of the indicator commands."""


@command.command("list", help=tr("列出全部指标。"))
@json_option
def list_all(*, as_json: bool) -> int:
    """Print every indicator, a line each."""
    from jieban.indicators.explain import as_dict  # noqa: PLC0415  # rooms are imported when used
    from jieban.indicators.registry import REGISTRY  # noqa: PLC0415

    if as_json:
        say_json([as_dict(indicator) for indicator in REGISTRY.values()])
        return Exit.OK
    for indicator in REGISTRY.values():
        named = fullwidth(f"{indicator.label}({indicator.unit})")
        click.echo(f"{indicator.id:<34} {named}")
    return Exit.OK


@command.command("explain", help=tr("说明一个指标怎样计算。"))
@click.argument("name", metavar="ID")
@_profile_option
@json_option
def explain_one(name: str, *, profile_name: str | None, as_json: bool) -> int:
    """Print an indicator's counting rule in full."""
    from jieban.indicators.explain import as_dict, explain  # noqa: PLC0415
    from jieban.indicators.registry import indicator  # noqa: PLC0415

    profile = _profile(profile_name)
    if as_json:
        say_json(as_dict(indicator(name, profile)))
    else:
        click.echo(explain(name, profile))
    return Exit.OK


@command.command("docs", help=tr("生成指标口径文档。"))
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("docs/indicators.md"),
    show_default=True,
    metavar="FILE",
)
@_profile_option
def docs(out: Path, profile_name: str | None) -> int:
    """Write the page of all indicators."""
    from jieban.indicators.explain import docs_markdown  # noqa: PLC0415

    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(docs_markdown(_profile(profile_name)), encoding="utf-8")
    click.echo(out)
    return Exit.OK

"""`jieban demo`: a month of invented orders with the published counts, and the report made from it."""

from pathlib import Path

import click

from jieban.kernel.i18n import tr
from jieban.site.cli.commands.report import form_option, out_option, tell
from jieban.site.cli.options import json_option, note, progress_bar


@click.command("demo", help=tr("造一份演示台账(数字与公布的月报一致,内容均为虚构),并由它做出月报。"))
@click.option(
    "--profile", "profile_name", metavar="P", help=tr("城市配置:名称或目录;默认见 profiles/_base/demo.toml。")
)
@out_option
@form_option
@click.option(
    "--edition",
    type=click.Choice(["public", "internal", "both"]),
    default="both",
    show_default=True,
    help=tr("公开版、内部版或两者。"),
)
@click.option("--ledger-only", is_flag=True, help=tr("只造台账,不做月报。"))
@click.option(
    "--live",
    is_flag=True,
    help=tr("另在实时平台上把当月逐件办一遍,再由平台导出的台账做月报,与前者逐项比对。"),
)
@click.option(
    "--desks",
    is_flag=True,
    help=tr("建一个演示平台:上月的工单在内,本月的正在办理,每种岗位一个账号;不做月报。"),
)
@json_option
def command(
    profile_name: str | None,
    out: Path,
    forms: tuple[str, ...],
    edition: str,
    *,
    ledger_only: bool,
    live: bool,
    desks: bool,
    as_json: bool,
) -> int:
    """Make the demo; exit codes as of `jieban report`."""
    from jieban.site.demo_month import default_profile, make_demo_ledger  # noqa: PLC0415  # rooms are imported when used
    from jieban.site.month import make_month, prepare  # noqa: PLC0415

    profile_name = profile_name or default_profile()
    if desks:
        from jieban.site.cli.commands.demo.desks import set_up_desks  # noqa: PLC0415

        return set_up_desks(profile_name, out, as_json=as_json)
    with progress_bar(tr("造演示台账")) as advance:
        ledger_file, plan = make_demo_ledger(profile_name, out, advance)
    note(tr("演示台账:{file}", file=ledger_file))
    if ledger_only:
        return 0
    if live:
        from jieban.site.cli.commands.demo.played import play  # noqa: PLC0415

        return play(profile_name, ledger_file, plan, forms=forms, edition=edition, as_json=as_json)
    month = prepare(
        profile_name, plan.report_month, out=out, forms=forms, edition=edition, as_of=plan.as_of, demo=True
    )
    with progress_bar(tr("做报告")) as advance:
        made = make_month(month, [ledger_file], progress=advance)
    return tell(month, made, as_json=as_json)

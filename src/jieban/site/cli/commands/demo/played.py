"""`jieban demo --live`: the demo month played through the acts, and its report compared with the file's."""

import json
from pathlib import Path

import click

from jieban.demo.targets import DemoPlan
from jieban.kernel.errors import Exit
from jieban.kernel.i18n import tr
from jieban.site.cli.commands.report import tell
from jieban.site.cli.options import note, progress_bar
from jieban.site.live_month import differences, play_month
from jieban.site.month import make_month, prepare

_SHOWN = 10


def play(
    profile_name: str, file: Path, plan: DemoPlan, *, forms: tuple[str, ...], edition: str, as_json: bool
) -> int:
    """Play, export, report and compare with the demo's ledger `file`, beside which all this lies.

    CHECK_FAILED unless every order was played and every figure is the same.
    """
    place = file.parent / "live"
    with progress_bar(tr("逐件办理")) as advance:
        live = play_month(profile_name, place, advance)
    played = live.played
    note(
        tr(
            "逐件办理:读入 {read} 件 = 办完 {played} 件 + 无法重演 {refused} 件,共 {acts} 步操作。",
            read=played.read,
            played=played.played,
            refused=len(played.refused),
            acts=played.acts,
        )
    )
    for number, why in played.refused[:_SHOWN]:
        note(f"{number} {why}")
    month = prepare(
        profile_name, plan.report_month, out=place, forms=forms, edition=edition, as_of=plan.as_of, demo=True
    )
    with progress_bar(tr("做报告")) as advance:
        made = make_month(month, [live.exported, live.before], progress=advance)
    code = tell(month, made, as_json=as_json)
    count, differing = differences(live, file)
    note(tr("与台账文件做出的月报比对:{n} 个指标值,{m} 个不同。", n=count, m=len(differing)))
    for key, by_file, by_acts in differing[:_SHOWN]:
        click.echo(json.dumps([*map(str, key), str(by_file), str(by_acts)], ensure_ascii=False), err=True)
    return int(Exit.CHECK_FAILED) if differing or played.refused else code

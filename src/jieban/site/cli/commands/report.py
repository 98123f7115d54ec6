"""`jieban report`: ledger files in, the published report out."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jieban.kernel.errors import Exit, introduced
from jieban.kernel.i18n import listed, tr
from jieban.site.cli.options import (
    files_argument,
    json_option,
    mapping_option,
    note,
    profile_option,
    progress_bar,
    say_json,
)

if TYPE_CHECKING:
    from jieban.report.publish import Published
    from jieban.site.month import Made, Month

FORMS = ("docx", "pdf", "html", "xlsx")
_DAY = ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]


def forms_of(_ctx: click.Context, _option: click.Parameter, value: str) -> tuple[str, ...]:
    """The forms in a list such as `docx,pdf`; `none` for the figures alone. Raises BadParameter."""
    wanted = tuple(dict.fromkeys(part.strip().lower() for part in value.split(",") if part.strip()))
    if wanted == ("none",):
        return ()
    if not wanted or (unknown := [form for form in wanted if form not in FORMS]):
        named = listed(unknown) if wanted else value
        raise click.BadParameter(
            tr("没有格式“{form}”,可选:{known}。", form=named, known=listed((*FORMS, "none")))
        )
    return wanted


form_option = click.option(
    "--format",
    "forms",
    default=",".join(FORMS),
    show_default=True,
    callback=forms_of,
    help=tr("要哪些格式,以逗号分隔;none 为只算指标。"),
)
out_option = click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("out"),
    show_default=True,
    metavar="DIR",
    help=tr("结果放在此目录下,按城市和时段分目录。"),
)
edition_option = click.option(
    "--edition",
    type=click.Choice(["public", "internal", "both"]),
    default="public",
    show_default=True,
    help=tr("公开版、内部版或两者。"),
)


@click.command("report", help=tr("由台账做出分析报告。可给多个文件(如本月、上月、上年同月),合为一份台账。"))
@files_argument
@profile_option
@click.option(
    "--period",
    "period_text",
    required=True,
    metavar="PERIOD",
    help=tr("时段:2025-04、2025-W15、2025-Q2、2025 或 2025-04-01..2025-04-15。"),
)
@out_option
@form_option
@edition_option
@mapping_option
@click.option(
    "--as-of", type=click.DateTime(_DAY), metavar="DATE", help=tr("数据截止时刻;默认取台账中最晚的一刻。")
)
@click.option(
    "--issued",
    type=click.DateTime(_DAY),
    metavar="DATE",
    help=tr("发布日期;默认取配置所载,没有则取数据截止时刻。"),
)
@click.option(
    "--recommendations",
    type=click.Path(path_type=Path, exists=True, dir_okay=False, readable=False),
    metavar="FILE",
    help=tr("改好的工作建议草稿。"),
)
@click.option(
    "--wording",
    type=click.Path(path_type=Path, exists=True, dir_okay=False, readable=False),
    metavar="FILE",
    help=tr("改好的报告文字(…-wording.toml),本命令写出的或从报告编写页下载的。"),
)
@click.option("--demo", "is_demo", is_flag=True, help=tr("每页注明是演示数据。"))
@click.option(
    "--engine",
    type=click.Choice(["duckdb", "spark"]),
    default="duckdb",
    show_default=True,
    help=tr("计算引擎。"),
)
@click.option("--engine-url", metavar="URL", help=tr("Spark Connect 服务地址,如 sc://127.0.0.1:50051。"))
@json_option
def command(  # noqa: PLR0917  # click gives every option by name
    files: tuple[Path, ...],
    profile_name: str,
    period_text: str,
    out: Path,
    forms: tuple[str, ...],
    edition: str,
    mapping: Path | None,
    as_of: datetime | None,
    issued: datetime | None,
    recommendations: Path | None,
    wording: Path | None,
    is_demo: bool,
    engine: str,
    engine_url: str | None,
    as_json: bool,
) -> int:
    """Make the report; exit code 6 when a check failed, 0 otherwise."""
    from jieban.site.month import make_month, prepare  # noqa: PLC0415  # rooms are imported when used

    month = prepare(
        profile_name,
        period_text,
        out=out,
        forms=forms,
        edition=edition,
        as_of=as_of,
        issued=issued,
        recommendations=recommendations,
        wording=wording,
        demo=is_demo,
        engine=engine,
        engine_url=engine_url,
    )
    with progress_bar(tr("做报告")) as advance:
        made = make_month(month, files, mapping=mapping, progress=advance)
    return tell(month, made, as_json=as_json)


def tell(month: "Month", made: "Made", *, as_json: bool) -> int:
    """Say what was made, what became of every row, and how the checks came out; the exit code."""
    from jieban.report.checks.model import Result, worst  # noqa: PLC0415
    from jieban.report.publish import check_as_dict  # noqa: PLC0415
    from jieban.site.cli.commands.ledger import tell_accounting  # noqa: PLC0415

    published = made.published
    if as_json:
        say_json(
            {
                "period": month.period.code,
                "files": [str(path) for path in published.files],
                "rejects": None if made.rejects is None else str(made.rejects),
                "accounting": None if made.reading is None else made.reading.accounting.as_dict(),
                "snapshot": {"directory": str(made.snapshot.directory), "sm3": made.snapshot.digest},
                "checks": [check_as_dict(check) for check in published.checks],
                "worst": worst(published.checks).value,
            }
        )
    else:
        for path in published.files:
            click.echo(path)
        if made.reading is not None:
            tell_accounting(made.reading, note)
        note(
            tr(
                "数据快照 {directory},其 SM3 为 {digest}",
                directory=made.snapshot.directory,
                digest=made.snapshot.digest,
            )
        )
        if made.rejects is not None:
            note(tr("拒收的行和原因见 {file}", file=made.rejects))
        _tell_checks(published)
    return Exit.CHECK_FAILED if worst(published.checks) is Result.FAILED else Exit.OK


def _tell_checks(made: "Published") -> None:
    from jieban.report.checks.model import Result  # noqa: PLC0415
    from jieban.report.document import plain  # noqa: PLC0415

    counts = {result: sum(check.result is result for check in made.checks) for result in Result}
    note(
        tr(
            "校核 {all} 项:通过 {ok},说明 {note},注意 {warning},不符 {failed}。",
            all=len(made.checks),
            ok=counts[Result.OK],
            note=counts[Result.NOTE],
            warning=counts[Result.WARNING],
            failed=counts[Result.FAILED],
        )
    )
    for check in made.checks:
        if check.result in {Result.WARNING, Result.FAILED}:
            word = tr("不符") if check.result is Result.FAILED else tr("注意")
            note(introduced(f"  {word} {check.title}", plain(check.detail)))

"""`jieban knowledge export|import`: the knowledge base as a file."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jieban.kernel.errors import Exit, Where
from jieban.kernel.i18n import tr
from jieban.site.cli.options import json_option, note, say_json

if TYPE_CHECKING:
    from jieban.desks.knowledge.exchange.files import Filed


@click.group("knowledge", help=tr("知识库:导出、导入。"))
def command() -> None:
    """Group of the commands about the knowledge base."""


@command.command("export", help=tr("把知识库写成一个 TOML 文件;不写 --out 则写到标准输出。"))
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help=tr("写到这个文件。")
)
@click.option("--history", is_flag=True, help=tr("连同每条写过的各版、谁在何时做了什么,撤下的也在内。"))
def export(out: Path | None, *, history: bool) -> int:
    """Write the articles."""
    _ready()
    # Django is imported by who needs it, once ready.
    from jieban.desks.knowledge.exchange.past import file_of_all  # noqa: PLC0415
    from jieban.report.render.common import write_whole  # noqa: PLC0415

    text = file_of_all(datetime.now(UTC), past=history)
    if out is None:
        sys.stdout.write(text)
        return Exit.OK
    out.parent.mkdir(parents=True, exist_ok=True)
    write_whole(out, text.encode())
    click.echo(out)
    return Exit.OK


@command.command("import", help=tr("读入知识库的 TOML 文件:要么全部写入,要么一条也不写;由另一个人审核发布。"))
@click.argument("file", type=click.Path(path_type=Path, readable=False), metavar="FILE")
@click.option(
    "--as", "username", required=True, metavar="USERNAME", help=tr("以谁的名义写:系统管理员的账号。")
)
@click.option("--dry-run", is_flag=True, help=tr("只说会怎样,不写入。"))
@json_option
def take(file: Path, username: str, *, dry_run: bool, as_json: bool) -> int:
    """Take a file's articles in, and say what became of each."""
    _ready()
    from jieban.desks.knowledge.exchange.moving import Becomes, moves, take_in  # noqa: PLC0415  # as above
    from jieban.desks.knowledge.rights import Right, may_ever  # noqa: PLC0415
    from jieban.orders.errors import NotAllowed  # noqa: PLC0415
    from jieban.people.accounts import account_named  # noqa: PLC0415
    from jieban.people.actor import actor_of  # noqa: PLC0415
    from jieban.people.city import city  # noqa: PLC0415

    now = datetime.now(UTC)
    today = now.astimezone(city().clock.tz).date()
    actor = actor_of(account_named(username), today)
    if not may_ever(actor, Right.MOVE):
        raise NotAllowed(
            tr("{username} 不是系统管理员,不能导入知识库。", username=username),
            fix=tr("请用 --as 写一个系统管理员的账号。"),
        )
    filed = _read(file)
    done = moves(filed) if dry_run else take_in(filed, actor=actor, now=now)
    counts = {each.value: sum(move.becomes is each for move in done) for each in Becomes}
    if as_json:
        say_json(
            {
                "written": not dry_run,
                **counts,
                "articles": [
                    {
                        "title": move.filed.written.title,
                        "unit": move.filed.written.unit,
                        "becomes": move.becomes.value,
                        "article": move.article,
                    }
                    for move in done
                ],
            }
        )
        return Exit.OK
    said = tr("新增 {new} 条,改为新版 {version} 条,没有变化 {same} 条。", **counts)
    click.echo(said)
    if dry_run:
        note(tr("没有写入。"))
    elif counts[Becomes.NEW] or counts[Becomes.VERSION]:
        note(tr("除草稿外都排进了“待审核”,由另一位审核员或系统管理员发布。"))
    return Exit.OK


def _read(file: Path) -> "tuple[Filed, ...]":
    """The articles of a file. Raises BadArticle that names it."""
    from jieban.desks.knowledge.errors import BadArticle  # noqa: PLC0415  # as above
    from jieban.desks.knowledge.exchange.files import MOST_BYTES, decoded, read  # noqa: PLC0415
    from jieban.people.city import city  # noqa: PLC0415

    today = datetime.now(UTC).astimezone(city().clock.tz).date()
    with file.open("rb") as opened:
        content = opened.read(MOST_BYTES + 1)
    try:
        return read(decoded(content), today)
    except BadArticle as refused:
        raise BadArticle(refused.what, where=Where(file=str(file)), fix=refused.fix) from refused


def _ready() -> None:
    """Make Django ready; a database that can't be used is said so. Raises what `live.ready` raises."""
    from jieban.site.live import ready  # noqa: PLC0415  # Django is imported by the commands that need it

    ready()

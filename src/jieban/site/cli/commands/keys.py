"""`jieban keys new|rotate|retire`."""

from pathlib import Path

import click

from jieban.kernel.errors import Exit
from jieban.kernel.i18n import tr
from jieban.site.cli.options import Version, json_option, note, progress_bar, say_json


@click.group("keys", help=tr("主密钥:生成、更换、停用。"))
def command() -> None:
    """Group of the commands about master keys."""


@command.command("new", help=tr("生成一把新密钥,打印一行,供写入 JIEBAN_KEYS 或 JIEBAN_KEYS_FILE。"))
@click.option("--version", type=Version(), metavar="N", help=tr("版本号;不写则接着现有的。"))
def new(version: int | None) -> int:
    """Print a line; nothing is stored."""
    import os  # noqa: PLC0415  # as the others: only what this command needs

    from jieban.kernel.keyring import KEYS, KEYS_FILE, generate_key_line, load_keyring  # noqa: PLC0415

    if version is None:
        # The file that the first key is written to is there already when the shell made it, and still empty.
        file = Path(os.environ.get(KEYS_FILE) or os.devnull)
        there = os.environ.get(KEYS) or (file.is_file() and file.stat().st_size > 0)
        ring = load_keyring(os.environ) if there else None
        version = max((*ring.keys, *ring.retired)) + 1 if ring is not None else 1
    click.echo(generate_key_line(version))
    note(tr("请另行妥善备份:没有它,用它加密的内容谁也打不开。不要与数据库备份放在一起。"))
    return Exit.OK


@command.command("rotate", help=tr("把每件工单的密钥改用当前主密钥加密,并重建电话索引;可以中断后再运行。"))
@json_option
def rotate(*, as_json: bool) -> int:
    """Re-wrap, then say what is still needed."""
    from jieban.site.live import ready  # noqa: PLC0415  # Django is imported by the commands that need it

    ready()
    from jieban.orders.keyring import rotate_keys, versions_in_use  # noqa: PLC0415  # models load once Django is ready
    from jieban.people.keys import keyring  # noqa: PLC0415  # as above

    ring = keyring()
    with progress_bar(tr("更换密钥")) as advance:
        done = rotate_keys(ring, advance)
    if as_json:
        say_json(
            {
                "orders": done.orders,
                "current": done.current,
                "in_use": {str(version): count for version, count in versions_in_use().items()},
                "chained": list(done.chained),
            }
        )
        return Exit.OK
    click.echo(tr("{n} 件工单已改用第 {version} 版密钥。", n=done.orders, version=done.current))
    for version in done.chained:
        if version != ring.current:
            state = (
                tr("已停用,保留的一行仍须留着")
                if version in ring.retired
                else tr("仍须留着,或用 keys retire 停用")
            )
            click.echo(tr("核验事件链要用第 {version} 版密钥:{state}。", version=version, state=state))
    note(tr("请接着运行 jieban audit verify。"))
    return Exit.OK


@command.command(
    "retire", help=tr("停用一版旧密钥:打印一行代替它,此后用它加密的内容(包括旧备份里的)打不开。")
)
@click.argument("version", type=Version(), metavar="N")
def retire(version: int) -> int:
    """Print the line that takes the key's place; nothing is stored."""
    from jieban.site.live import ready  # noqa: PLC0415  # as above

    ready()
    from jieban.kernel.keyring import retired_line  # noqa: PLC0415  # as above
    from jieban.orders.keyring import check_retirable  # noqa: PLC0415  # as above
    from jieban.people.keys import keyring  # noqa: PLC0415  # as above

    check_retirable(version)
    click.echo(retired_line(keyring(), version))
    note(
        tr(
            "请用这一行替换第 {version} 版密钥,并销毁原密钥的所有副本。此前的数据库备份从此读不出诉求人和原话,"
            "所以请等到不再需要用那些备份恢复时再停用。",
            version=version,
        )
    )
    return Exit.OK

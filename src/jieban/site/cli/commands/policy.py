"""`jieban policy`."""

import click

from jieban.kernel.errors import Exit
from jieban.kernel.i18n import tr
from jieban.site.cli.options import json_option, say_json


@click.command("policy", help=tr("打印权限表:哪个岗位可以对哪些工单做什么。"))
@click.option("--markdown", "as_markdown", is_flag=True, help=tr("以 Markdown 输出(docs/who-may.md)。"))
@json_option
def command(*, as_markdown: bool, as_json: bool) -> int:
    """Print the table; needs no database."""
    from jieban.people.table import as_data, markdown, page  # noqa: PLC0415  # imported when used

    if as_json:
        say_json(as_data())
    else:
        click.echo(markdown() if as_markdown else page(), nl=not as_markdown)
    return Exit.OK

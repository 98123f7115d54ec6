"""Options and output that several commands share."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from jieban.kernel.i18n import tr

json_option = click.option("--json", "as_json", is_flag=True, help=tr("以 JSON 输出,供程序读取。"))
profile_option = click.option(
    "--profile", "profile_name", required=True, metavar="P", help=tr("城市配置:名称或目录。")
)
# What the system lets nobody read is told by the rooms, with the exit code of a file.
files_argument = click.argument(
    "files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path, readable=False)
)
mapping_option = click.option(
    "--mapping",
    type=click.Path(path_type=Path, exists=True, dir_okay=False, readable=False),
    metavar="TOML",
    help=tr("对照文件(见 jieban ledger inspect)。"),
)

Progress = Callable[[int, int], None]
"""Called with what is done and what there is to do."""


def say_json(value: object) -> None:
    """Write a value for programs: JSON with Chinese as it is."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def note(text: str) -> None:
    """A word on standard error about how things go."""
    click.echo(text, err=True)


@contextmanager
def progress_bar(label: str) -> Iterator[Progress]:
    """A progress bar on standard error; nothing at all where that is no terminal."""
    stream = sys.stderr
    if not stream.isatty():
        yield lambda _done, _whole: None
        return
    with click.progressbar(length=1, label=label, file=stream) as bar:

        def advance(done: int, whole: int) -> None:
            bar.length = whole
            bar.update(done - bar.pos)

        yield advance

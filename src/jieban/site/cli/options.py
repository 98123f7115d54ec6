"""Options and output that several commands share."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

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

_DAY = "%Y-%m-%d"


class Moment(click.DateTime):
    """A day, or where `instant` an instant too; with a zone or without. A refusal shows how it is written."""

    def __init__(self, *, instant: bool) -> None:
        times = ("%H:%M", "%H:%M:%S")
        instants = [f"{_DAY}{between}{time}" for between in " T" for time in times]
        super().__init__([_DAY, *instants, *(f"{each}%z" for each in instants)] if instant else [_DAY])
        self._instant = instant

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The value as a datetime, naive where no zone was written."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            if self._instant:
                said = tr(
                    "{value} 不是时刻,请写成 2025-05-07、2025-05-07T10:30 或 2025-05-07T10:30:00+08:00。",
                    value=value,
                )
            else:
                said = tr("{value} 不是日期,请写成 2025-05-07。", value=value)
            self.fail(said, param, ctx)


class Version(click.IntRange):
    """A version's number, from 1."""

    def __init__(self) -> None:
        super().__init__(min=1)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number."""
        try:
            return int(super().convert(value, param, ctx))
        except click.BadParameter:
            self.fail(tr("{value} 不是版本号,请写 1、2 这样的整数。", value=value), param, ctx)


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

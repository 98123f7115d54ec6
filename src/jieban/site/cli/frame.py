"""What every command shares: lazy loading, translated help, errors as sentences, exit codes."""

import gettext
import importlib
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from jieban import __version__
from jieban.kernel import i18n
from jieban.kernel.errors import Exit, JiebanError
from jieban.kernel.i18n import tr
from jieban.kernel.osfault import refusal
from jieban.site.cli.usage import Help, show

_COMMANDS = {
    "demo": tr("造一份演示台账,并由它做出月报"),
    "profile": tr("检查城市配置"),
    "ledger": tr("查看、检查、转换台账文件"),
    "report": tr("由台账做出分析报告"),
    "indicators": tr("列出、解释指标口径"),
    "live": tr("工单平台:建立数据库、检查运行条件"),
    "serve": tr("启动工单平台的网页服务"),
    "order": tr("查看一件工单,核对时限"),
    "clocks": tr("时限提醒任务"),
    "people": tr("账号和岗位"),
    "knowledge": tr("知识库:导出、导入"),
    "policy": tr("权限表:谁可以做什么"),
    "audit": tr("核验留痕,写出每日锚定"),
    "evidence": tr("清理、核对证据文件"),
    "keys": tr("生成、更换、停用密钥"),
    "retention": tr("按保存期限清除个人信息"),
    "figures": tr("统计总览页的数字"),
    "work": tr("做页面交办的较长的工作"),
}


class LazyGroup(click.Group):
    """A group that imports a command's module when the command is used, so that `--help` stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of use."""
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, from `jieban.site.cli.commands.<name>`."""
        if cmd_name not in _COMMANDS:
            return None
        if ctx.resilient_parsing or ctx.params.get("_listing"):
            return click.Command(cmd_name, short_help=_COMMANDS[cmd_name])
        module = importlib.import_module(f"jieban.site.cli.commands.{cmd_name}")
        command = module.command
        if not isinstance(command, click.Command):
            raise TypeError(f"{module.__name__}.command is not a command")
        _say_metavars(command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing any of them."""
        del ctx
        with formatter.section(tr("命令")):
            formatter.write_dl(list(_COMMANDS.items()))


def _say_metavars(command: click.Command) -> None:
    """What stands for options and arguments in the line of usage; click has no catalogue for these."""
    command.options_metavar = tr("[选项]")
    if isinstance(command, click.Group):
        command.subcommand_metavar = tr("命令 [参数]…")
        for below in command.commands.values():
            _say_metavars(below)


def _say_click_words() -> None:
    # Click takes its own words ("Usage:", "Options:") from gettext's default domain.
    gettext.bindtextdomain("messages", str(Path(i18n.__file__).resolve().parent.parent / "locale"))
    os.environ["LANGUAGE"] = i18n.language()


@click.group(
    cls=LazyGroup,
    help=tr("接办:12345 热线台账、指标与分析报告。"),
    epilog=tr("出错时的退出码见 docs/command-line.md。LANG=en 显示英文。"),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, "-V", "--version", message="jieban %(version)s", help=tr("显示版本。"))
def jieban() -> None:
    """Group of all commands."""


# Click looks here for what a mistyped name may have meant; the commands themselves are loaded when they are used.
jieban.commands = {name: click.Command(name) for name in _COMMANDS}


def run(arguments: Sequence[str] | None) -> int:
    """Run the command line and give its exit code. A refusal is a sentence on standard error, never a traceback."""
    _say_click_words()
    _say_metavars(jieban)
    click.Context.formatter_class = Help
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        result: Any = jieban.main(args=words, prog_name="jieban", standalone_mode=False)
    except JiebanError as refused:
        return _report(refused, as_json="--json" in words)
    except OSError as fault:
        return _report(refusal(fault), as_json="--json" in words)
    except click.exceptions.Abort:
        click.echo(tr("已中断。"), err=True)
        return Exit.INTERRUPTED
    except click.ClickException as fault:
        show(fault)
        return Exit.USAGE
    except SystemExit:
        # Click's own ends: the reader went away (`| head`), or shell completion was given.
        return Exit.OK
    return int(result) if isinstance(result, int) else Exit.OK


def _report(refused: JiebanError, *, as_json: bool) -> Exit:
    # Click has left the command's context by now, so what was asked for is read from the words themselves.
    if as_json:
        click.echo(json.dumps({"error": refused.as_dict()}, ensure_ascii=False))
    click.echo(tr("错误:{what}", what=refused), err=True)
    return refused.exit_code

"""Click's own help and refusals, with the punctuation of the reader's language."""

import re
from gettext import gettext

import click

from jieban.kernel.errors import introduced
from jieban.kernel.i18n import SOURCE, language
from jieban.kernel.typography import fullwidth

_QUOTED = re.compile(r" ?'(-[\w-]+|[A-Z]+)(?:\.\.\.)?' ?")
_CHOICE = re.compile(r"'([a-z]+)'")
_STOP = re.compile(r"(?<=[”\u4e00-\u9fff])\.(?: |$)")


class Help(click.HelpFormatter):
    """Headings with the colon of the reader's language, which brings its own space."""

    def write_heading(self, heading: str) -> None:
        """A heading above a list."""
        self.write(f"{'':>{self.current_indent}}{introduced(heading, '').rstrip()}\n")

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The line that shows how a command is written."""
        if prefix is None:
            prefix = gettext("Usage:") + ("" if language() == SOURCE else " ")
        super().write_usage(prog, args if language() != SOURCE else args.replace("...", "…"), prefix)


def show(fault: click.ClickException) -> None:
    """Say on standard error what is wrong with the command as it was written."""
    if language() != SOURCE or isinstance(fault, click.exceptions.NoArgsIsHelpError):
        fault.show()
        return
    # Click puts a full stop of its own behind what was translated.
    said = _STOP.sub("。", _QUOTED.sub(r"“\1”", fault.format_message()))
    said = _CHOICE.sub(r"\1", said.replace("', '", "'、'").replace("。 ", "。"))
    context = fault.ctx if isinstance(fault, click.UsageError) else None
    click.UsageError(fullwidth(said), ctx=context).show()

"""The command line. Each command lives in a module of its own and is imported when it is called."""

import sys
from collections.abc import Sequence

from jieban.site.cli import process


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point of `jieban`: runs a command and exits with one of `kernel.errors.Exit`."""
    process.set_up()
    from jieban.site.cli.frame import run  # noqa: PLC0415  # keeps `import jieban.site.cli` free of click

    code = run(arguments)
    process.wind_up()
    sys.exit(code)

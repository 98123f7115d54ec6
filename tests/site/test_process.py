"""The process of a command is set up for one job, and does it in every command."""

import os
import subprocess
import sys

SAID = """
import atexit, gc, os, sys
def tell():
    print(gc.get_threshold()[0], gc.get_freeze_count() > 10_000, os.environ["OPENBLAS_NUM_THREADS"])
atexit.register(tell)
from jieban.site.cli import main
main(sys.argv[1:])
"""


def ran(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    command = [sys.executable, "-c", SAID, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def test_cycles_are_looked_for_seldom_and_not_at_the_end_and_exit_codes_are_told_all_the_same() -> None:
    listed = ran("indicators", "list")
    assert listed.returncode == 0
    assert listed.stdout.splitlines()[-1] == "200000 True 1"
    refused = ran("indicators", "explain", "orders.nonsense")
    assert refused.returncode == 2
    assert "orders.nonsense" in refused.stderr

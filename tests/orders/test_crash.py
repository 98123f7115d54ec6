"""A process killed by SIGKILL in the middle of acts: what it acknowledged is there, what it didn't left nothing."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from live_database import LiveDatabase

KILLS = int(os.environ.get("JIEBAN_TORTURE", "40"))
SEED = int(os.environ.get("JIEBAN_TORTURE_SEED", "0")) or int.from_bytes(os.urandom(3), "big")
ACTS, CLOCKS = (str(Path(__file__).parent / name) for name in ("torture.py", "torture_clocks.py"))


def tortured(script: str, kills: int, city: str, database: LiveDatabase) -> dict[str, Any]:
    """What a script that kills so often saw; nothing was wrong."""
    words = [sys.executable, script, str(kills), str(SEED)]
    environ = {**database.environ, "JIEBAN_PROFILE": city}
    done = subprocess.run(words, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    seen: dict[str, Any] = json.loads(done.stdout)
    print(city, database.vendor, "seed", SEED, seen)  # noqa: T201  # `make torture` shows it
    assert seen["wrong"] == [], seen
    assert seen["kills"] >= kills
    return seen


@pytest.mark.slow(10)
@pytest.mark.timeout(60 + 5 * KILLS)
@pytest.mark.parametrize("city", ["changji", pytest.param("yunting", marks=pytest.mark.once)])
def test_killed_again_and_again(city: str, database: LiveDatabase) -> None:
    seen = tortured(ACTS, KILLS // 2, city, database)
    assert seen["acknowledged"] >= seen["kills"], "the children got hardly anywhere"


@pytest.mark.slow(10)
@pytest.mark.timeout(60 + 5 * KILLS)
def test_the_job_that_counts_clocks_anew_is_killed_again_and_again(database: LiveDatabase) -> None:
    seen = tortured(CLOCKS, KILLS // 4, "changji", database)
    assert seen["ends"] == seen["turns"], "each change of the calendar was counted to its end"

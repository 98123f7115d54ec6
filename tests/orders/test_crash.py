"""A process killed by SIGKILL in the middle of acts: what it acknowledged is there, what it didn't left nothing."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from live_database import LiveDatabase

KILLS = int(os.environ.get("JIEBAN_TORTURE", "40"))
SEED = int(os.environ.get("JIEBAN_TORTURE_SEED", "0")) or int.from_bytes(os.urandom(3), "big")
SCRIPT = Path(__file__).parent / "torture.py"


@pytest.mark.slow(10)
@pytest.mark.timeout(60 + 5 * KILLS)
@pytest.mark.parametrize("city", ["changji", "yunting"])
def test_killed_again_and_again(city: str, database: LiveDatabase) -> None:
    kills = KILLS // 2
    words = [sys.executable, str(SCRIPT), str(kills), str(SEED)]
    environ = {**database.environ, "JIEBAN_PROFILE": city}
    done = subprocess.run(words, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    print(city, database.vendor, "seed", SEED, seen)  # noqa: T201  # `make torture` shows it
    assert seen["wrong"] == [], seen
    assert seen["kills"] == kills
    assert seen["acknowledged"] >= kills, "the children got hardly anywhere"

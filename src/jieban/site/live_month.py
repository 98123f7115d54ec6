"""The demo month on the live platform: every order played through the acts, and the ledger exported from them."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jieban.demo.ledger import make_ledger
from jieban.demo.targets import DemoPlan
from jieban.indicators.compute import compute
from jieban.indicators.model import Cut, Value, Window
from jieban.indicators.period import Period
from jieban.kernel.keyring import KEYS_FILE, generate_key_line
from jieban.ledger.parquet import write_parquet
from jieban.ledger.read import read_ledger
from jieban.profile.city import Profile
from jieban.profile.load import load_profile
from jieban.site.environment import DATABASE, VAR

if TYPE_CHECKING:
    from jieban.orders.replay import Played

Progress = Callable[[int, int], None]
Key = tuple[str, Window, Cut]


@dataclass(frozen=True, kw_only=True, slots=True)
class LiveMonth:
    """A month that was played: the directories of its exported ledger and of the months before, and the account."""

    profile: Profile
    plan: DemoPlan
    exported: Path
    before: Path
    played: "Played"


def prepare_place(place: Path, profile_name: str) -> None:
    """An installation of its own under `place`, new each time: database, keys, files. Before Django is made ready.

    Whatever the environment says of another database is left alone: a demonstration never writes to it.
    """
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    keys = place / "keys"
    keys.touch(mode=0o600)
    keys.write_text(generate_key_line(1) + "\n", encoding="utf-8")
    for name in ("JIEBAN_KEYS", "JIEBAN_ANCHORS", "JIEBAN_EVIDENCE", "JIEBAN_EVIDENCE_STORAGE"):
        os.environ.pop(name, None)
    os.environ |= {
        VAR: str(place),
        DATABASE: f"sqlite:///{place.absolute() / 'jieban.sqlite3'}",
        KEYS_FILE: str(keys),
        "JIEBAN_PROFILE": profile_name,
        "JIEBAN_DEMO": "1",
    }


def play_month(profile_name: str, place: Path, progress: Progress | None = None) -> LiveMonth:
    """Play the demo's reported month in a new installation under `place` and export what came of it."""
    prepare_place(place, profile_name)
    from jieban.site import live  # noqa: PLC0415  # Django is made ready with the environment above

    live.setup()
    from django.core.management import call_command  # noqa: PLC0415

    from jieban.orders.export import export_to  # noqa: PLC0415
    from jieban.orders.replay import play_ledger  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    profile = load_profile(profile_name)
    _, plan = make_ledger(profile, [])
    month, _ = make_ledger(profile, [plan.report_month])
    played = play_ledger(month, progress=progress)
    exported, before = place / "ledger", place / "before"
    export_to(exported, words=True)
    others = [name for name in plan.months if name != plan.report_month]
    write_parquet(make_ledger(profile, others)[0], before)
    return LiveMonth(profile=profile, plan=plan, exported=exported, before=before, played=played)


def differences(live: LiveMonth, file: Path) -> tuple[int, list[tuple[Key, Value | None, Value | None]]]:
    """How many values the indicators have by the ledger file, and those that the live ledger has otherwise."""
    period = Period.parse(live.plan.report_month)
    cutoff = live.plan.as_of

    def values(*paths: Path) -> dict[Key, Value]:
        ledger = read_ledger(paths, live.profile, cutoff=cutoff).ledger
        figures = compute(ledger, live.profile, period, cutoff=cutoff)
        return {(indicator, window, cut): value for indicator, window, cut, value in figures.items()}

    by_file, by_acts = values(file), values(live.exported, live.before)
    differing = [
        (key, by_file.get(key), by_acts.get(key))
        for key in sorted(by_file.keys() | by_acts.keys())
        if by_file.get(key) != by_acts.get(key)
    ]
    return len(by_file), differing

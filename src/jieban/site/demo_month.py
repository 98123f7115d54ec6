"""The demo ledger as the file that an office would have."""

import tomllib
from collections.abc import Callable
from pathlib import Path

from jieban.demo.ledger import make_ledger
from jieban.demo.targets import DemoPlan
from jieban.kernel.i18n import tr
from jieban.ledger.write import write_xlsx
from jieban.profile.city import BadProfile
from jieban.profile.documents.files import profile_directories
from jieban.profile.load import load_profile

_STEPS = 3


def default_profile() -> str:
    """The profile that the demo is made of when none is named."""
    for directory in profile_directories():
        file = directory / "_base" / "demo.toml"
        if file.is_file():
            return str(tomllib.loads(file.read_text(encoding="utf-8"))["profile"])
    raise BadProfile(tr("没有说明用哪个配置做演示。"), fix=tr("请用 --profile 指明。"))


def make_demo_ledger(
    profile_name: str, out: Path, progress: Callable[[int, int], None]
) -> tuple[Path, DemoPlan]:
    """Write the demo ledger of a profile as a workbook under `out`, and give the file and the plan behind it."""
    profile = load_profile(profile_name)
    progress(0, _STEPS)
    ledger, plan = make_ledger(profile)
    progress(1, _STEPS)
    file = out / profile.name / plan.report_month / "ledger.xlsx"
    file.parent.mkdir(parents=True, exist_ok=True)
    write_xlsx(ledger, profile, file)
    progress(_STEPS, _STEPS)
    return file, plan

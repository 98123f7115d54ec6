"""The two cities, and a reader of rows."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jieban.ledger.read import Reading, read_ledger
from jieban.profile.city import Profile
from jieban.profile.load import load_profile

# Helpers stand beside the tests that share them.
sys.path.insert(0, str(Path(__file__).parent))

from ledger_files import CUTOFF, Rows, make_csv, make_xlsx


@pytest.fixture(scope="session")
def changji() -> Profile:
    return load_profile("changji")


@pytest.fixture(scope="session")
def yunting() -> Profile:
    return load_profile("yunting")


@pytest.fixture
def read(tmp_path: Path, changji: Profile) -> Callable[..., Reading]:
    """Reads rows (the first are headings) as one sheet of Changji's: as csv where that can hold them, else as xlsx."""

    def run(rows: Rows, *, profile: Profile | None = None, merged: Any = (), **options: Any) -> Reading:
        if merged or any(not isinstance(cell, str | None) for row in rows for cell in row):
            path = make_xlsx(tmp_path / "台账.xlsx", {"台账": rows}, merged={"台账": merged})
        else:
            path = make_csv(tmp_path / "台账.csv", rows)
        return read_ledger([path], profile or changji, cutoff=CUTOFF, **options)

    return run

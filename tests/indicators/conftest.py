"""Cities, zones and ledgers to count in two ways."""

import sys
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

# Helpers stand beside the tests that share them.
sys.path.insert(0, str(Path(__file__).parent))

from jieban.profile.city import Profile
from jieban.profile.load import load_profile
from jieban.profile.model import Precedence


@pytest.fixture(scope="session")
def inland() -> Profile:
    """A real city's profile: Beijing time without clock changes, mailboxes, computed deadlines first."""
    return load_profile("changji")


@pytest.fixture(scope="session")
def coastal() -> Profile:
    """The invented city moved to a zone with clock changes, asking the file's own deadlines first."""
    invented = load_profile("yunting")
    counting = replace(invented.counting, deadline_precedence=Precedence.STATED, satisfaction="weighted_06")
    return replace(
        invented, counting=counting, clock=replace(invented.clock, tz=ZoneInfo("America/New_York"))
    )


@pytest.fixture(scope="session", params=["inland", "coastal"])
def profile(request: pytest.FixtureRequest) -> Profile:
    """Each of the two in turn."""
    chosen: Profile = request.getfixturevalue(request.param)
    return chosen

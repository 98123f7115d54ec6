"""The two cities, and contexts for figures made by hand."""

import sys
from datetime import datetime
from pathlib import Path

import pytest

# Helpers stand beside the tests that share them.
sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

from hand_figures import APRIL, MakeContext, Numbers, city

from jieban.indicators.period import Period
from jieban.indicators.registry import REGISTRY, indicator
from jieban.profile.city import Profile
from jieban.report.context import Context
from jieban.report.details import Details
from jieban.report.document import Edition
from jieban.report.facts import Facts


@pytest.fixture(scope="session")
def changji() -> Profile:
    return city("changji")


@pytest.fixture(scope="session")
def yunting() -> Profile:
    return city("yunting")


@pytest.fixture
def numbers() -> Numbers:
    return Numbers()


@pytest.fixture(scope="session")
def make_context(changji: Profile) -> MakeContext:
    """A context of April 2025 in Changji unless said otherwise."""

    def make(
        numbers: Numbers,
        *,
        profile: Profile = changji,
        period: Period = APRIL,
        edition: Edition = Edition.INTERNAL,
        details: Details | None = None,
        annexes: dict[str, int] | None = None,
        cutoff: datetime | None = None,
    ) -> Context:
        tz = profile.clock.tz
        return Context(
            profile=profile,
            period=period,
            edition=edition,
            cutoff=cutoff or datetime(2025, 5, 3, 16, tzinfo=tz),
            issued=datetime(2025, 5, 3, 16, 9, 12, tzinfo=tz),
            facts=Facts(numbers.figures(), {name: indicator(name, profile) for name in REGISTRY}),
            details=details or Details(),
            annexes=annexes or {},
        )

    return make

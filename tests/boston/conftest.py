"""A month of Boston's real requests of 2011, read, counted and published, and counted again with plain pandas."""

import gzip
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

# Helpers stand beside the tests that share them.
sys.path.insert(0, str(Path(__file__).parent))

from boston_recount import A_WEEK_LATER, HERE, MONTH, Recount, read_requests

from jieban.indicators.compute import Computation, compute
from jieban.indicators.period import Period
from jieban.ledger.read import Reading, read_ledger
from jieban.ledger.schema import Ledger, Role
from jieban.profile.city import Profile
from jieban.profile.load import load_profile
from jieban.profile.model import Precedence
from jieban.profile.workflow import Counting


@pytest.fixture(scope="session")
def profile() -> Profile:
    return load_profile(HERE / "boston")


@pytest.fixture(scope="session")
def mapping() -> Path:
    return HERE / "mapping.toml"


@pytest.fixture(scope="session")
def export(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file as the city gave it."""
    path = tmp_path_factory.mktemp("boston") / "requests.csv"
    path.write_bytes(gzip.decompress((shared / "data" / "boston311-2011q3.csv.gz").read_bytes()))
    return path


@pytest.fixture(scope="session")
def reading(export: Path, profile: Profile, mapping: Path) -> Reading:
    return read_ledger([export], profile, mapping=mapping, cutoff=A_WEEK_LATER)


@pytest.fixture(scope="session")
def requests(export: Path) -> pd.DataFrame:
    """The file as pandas alone reads it."""
    return read_requests(export)


@pytest.fixture(
    scope="session", params=["a week later", "all that is recorded", "own deadlines first", "leads alone"]
)
def figures(request: pytest.FixtureRequest, reading: Reading, profile: Profile) -> Computation:
    """August's figures: as known a week later, as known when the file was written, and by two other rules."""
    cutoff = None if request.param == "all that is recorded" else A_WEEK_LATER
    if request.param == "own deadlines first":
        counting = replace(profile.counting, deadline_precedence=Precedence.COMPUTED)
        profile = replace(profile, counting=counting)
    if request.param == "leads alone":
        co_handling = replace(profile.workflow.co_handling, counting=Counting.LEAD_ONLY)
        profile = replace(profile, workflow=replace(profile.workflow, co_handling=co_handling))
        return compute(with_help(reading.ledger), profile, Period.parse(MONTH), cutoff=cutoff)
    return compute(reading.ledger, profile, Period.parse(MONTH), cutoff=cutoff)


def with_help(ledger: Ledger) -> Ledger:
    """The ledger as if a second unit had helped with every third request: nothing that counts the leads alone."""
    handlings = ledger.handlings
    some = handlings.take(list(range(0, handlings.num_rows, 3)))
    units = pa.array(["bha"] * some.num_rows).cast(handlings.schema.field("unit").type)
    assist = pa.array([Role.ASSIST.value] * some.num_rows).cast(handlings.schema.field("role").type)
    some = some.set_column(handlings.schema.get_field_index("unit"), handlings.schema.field("unit"), units)
    some = some.set_column(handlings.schema.get_field_index("role"), handlings.schema.field("role"), assist)
    return replace(ledger, handlings=pa.concat_tables([handlings, some]).unify_dictionaries())


@pytest.fixture(scope="session")
def stated_first(figures: Computation) -> bool:
    """Whether the deadlines that the file states go before the profile's."""
    return figures.profile.counting.deadline_precedence is Precedence.STATED


@pytest.fixture(scope="session")
def leads_alone(figures: Computation) -> bool:
    """Whether assisting units don't count."""
    return figures.profile.workflow.co_handling.counting is Counting.LEAD_ONLY


@pytest.fixture(scope="session")
def recount(figures: Computation, requests: pd.DataFrame, stated_first: bool, leads_alone: bool) -> Recount:
    """The same figures by pandas."""
    return Recount(requests, cutoff=figures.cutoff, stated_first=stated_first, leads_alone=leads_alone)

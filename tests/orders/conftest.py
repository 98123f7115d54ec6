import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(
    0, str(Path(__file__).parents[1])
)  # importlib mode: `live_database` and the cast are found so
sys.path.insert(0, str(Path(__file__).parent))

from live_database import (  # Django is ready after the lines above
    database,
    django_db_setup,
    open_database,
    override_settings,
    template,
)

__all__ = ["database", "django_db_setup", "each_city", "open_database", "template"]


@pytest.fixture(params=["changji", pytest.param("yunting", marks=pytest.mark.once)])
def each_city(request: pytest.FixtureRequest) -> Iterator[str]:
    """The test runs once in each city; gives its name. On PostgreSQL in one: another city's rules are no other rows."""
    with override_settings(JIEBAN_PROFILE=request.param):
        yield request.param

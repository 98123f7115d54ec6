"""The desks in tests: a real database, real sign-ins, pages as a browser without scripts would ask for them."""

import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

# In importlib mode this is how `live_database`, the cast of the orders' tests and `browsers` are found.
sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "orders"))
sys.path.insert(0, str(Path(__file__).parent))

from live_database import (  # Django is ready after the lines above
    database,
    django_db_setup,
    open_database,
    override_settings,
    settings,
    template,
)

__all__ = ["database", "django_db_setup", "open_database", "template"]


@pytest.fixture(params=["changji", pytest.param("yunting", marks=pytest.mark.once)])
def each_city(request: pytest.FixtureRequest) -> Iterator[str]:
    """The test runs once in each city; gives its name. On PostgreSQL in one: another city's rules are no other rows."""
    with override_settings(JIEBAN_PROFILE=request.param):
        yield request.param


@pytest.fixture(autouse=True)
def _pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Pages without hashed assets, the desks' clock set back, and passwords whose hashing costs nothing."""
    from browsers import OPENED  # noqa: PLC0415  # imports what needs Django to be ready

    from jieban.desks.signin import seen  # noqa: PLC0415  # as above

    # Or a page that is asked twice on a busy machine would cost other statements the second time.
    monkeypatch.setattr(seen, "EVERY", timedelta(hours=1))

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(
        STATIC_ROOT=str(tmp_path),
        STORAGES={**settings.STORAGES, "staticfiles": plain},
        JIEBAN_CLOCK_SHIFT=OPENED - datetime.now(UTC),
        ALLOWED_HOSTS=["testserver", ".localhost"],
        JIEBAN_TWO_STEP_ROLES=frozenset(),  # of the administrators in tests of pages, too
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ):
        yield


@pytest.fixture
def evidence_place(tmp_path: Path) -> Iterator[Path]:
    """Evidence on a disk of the test's own; where that is."""
    place = tmp_path / "evidence"
    disk = {"BACKEND": "jieban.orders.evidence.disk.EvidenceDisk", "OPTIONS": {"location": str(place)}}
    with override_settings(STORAGES={**settings.STORAGES, "evidence": disk}):
        yield place


@pytest.fixture(scope="module")
def launched() -> Iterator[Any]:
    """A browser for all tests of a file, each of which has windows of its own in it (`served.emptied`)."""
    from served import chromium  # noqa: PLC0415  # as above

    with chromium() as browser:
        yield browser


@pytest.fixture
def city_as_filed() -> Iterator[None]:
    """Nothing that another test changed of the city is remembered, nor what this one does."""
    from jieban.people.city import forget  # noqa: PLC0415  # as below

    forget()
    yield
    forget()


@pytest.fixture
def sign_in() -> Callable[..., Any]:
    """Gives a browser in which a new account of a role (of a unit) is signed in."""
    from browsers import signed_in  # noqa: PLC0415  # as above

    return signed_in

"""Profiles to test on: the two real ones, and copies to spoil."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from jieban.profile.city import Profile
from jieban.profile.load import load_profile

CITIES = ("changji", "yunting")


@pytest.fixture(scope="session", params=CITIES)
def city(request: pytest.FixtureRequest) -> Profile:
    """Each city's profile in turn."""
    return load_profile(request.param)


@pytest.fixture(scope="session")
def changji() -> Profile:
    return load_profile("changji")


@pytest.fixture(scope="session")
def yunting() -> Profile:
    return load_profile("yunting")


@pytest.fixture
def copy_of(tmp_path: Path, repo: Path) -> Callable[[str], Path]:
    """Makes a copy of a city with its base beside it, under another name, and gives its directory."""

    def make(name: str) -> Path:
        for part, target in (("_base", "_base"), (name, "copy")):
            if not (tmp_path / target).exists():
                shutil.copytree(
                    repo / "profiles" / part, tmp_path / target, ignore=shutil.ignore_patterns("demo")
                )
        return tmp_path / "copy"

    return make

"""Rules of the house that no linter knows. Which room may import which is import-linter's to hold."""

import ast
import re

import pytest
from tree import REPO, ROOMS, SOURCE, own_files, shown

MOST_LINES = 400
CITY = re.compile("昌吉|changji", re.IGNORECASE)
WRITTEN_BY_HAND = {".py", ".html", ".css", ".js", ".typ", ".toml", ".csv", ".json"}


def test_no_city_stands_in_the_source() -> None:
    named = [
        f"{shown(path)}:{number}"
        for path in own_files()
        if path.is_relative_to(SOURCE)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if CITY.search(line) or CITY.search(path.name)
    ]
    assert named == []


def test_no_source_file_is_longer_than_a_reader_holds() -> None:
    long = {
        shown(path): lines
        for path in own_files()
        if path.is_relative_to(SOURCE)
        and path.suffix in WRITTEN_BY_HAND
        and path.parent.name != "migrations"  # written by Django, one for all the tables of a release
        and (lines := len(path.read_text("utf-8").splitlines())) > MOST_LINES
    }
    assert long == {}


@pytest.mark.parametrize("room", ROOMS)
def test_each_room_says_what_it_is_for(room: str) -> None:
    front = SOURCE / room / "__init__.py"
    assert ast.get_docstring(ast.parse(front.read_text("utf-8")))


def test_there_are_no_rooms_beside_those_of_the_plan() -> None:
    found = {path.parent.name for path in SOURCE.glob("*/__init__.py")}
    assert found == set(ROOMS)


def test_profiles_hold_data_and_no_code() -> None:
    code = [
        shown(path)
        for path in own_files()
        if path.is_relative_to(REPO / "profiles") and path.suffix not in {".toml", ".csv", ".json", ".md"}
    ]
    assert code == []


def test_no_state_of_a_machine_stands_in_the_tree() -> None:
    place = re.compile(r"(?<![\w.~}])/(?:work|root|home|Users)/")
    named = [
        f"{shown(path)}:{number}"
        for path in own_files()
        if not is_binary(path.read_bytes()) and path.name != "test_house.py"
        for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), start=1)
        if place.search(line)
    ]
    assert named == []


def is_binary(data: bytes) -> bool:
    return b"\0" in data[:8192]

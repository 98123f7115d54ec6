"""Whose orders a unit sees besides its own: those of the units below it, and of the ones whose work came to it."""

from dataclasses import replace
from datetime import date

import pytest

from jieban.people.actor import Actor
from jieban.people.roles import Role
from jieban.people.units import answering, unit_and_below
from jieban.profile.city import Profile, Register
from jieban.profile.load import load_profile
from jieban.profile.model import Unit, Validity

ENDED = Validity(last=date(2019, 3, 31))


def unit(code: str, parent: str | None = None, **more: object) -> Unit:
    return Unit(code=code, name=code, short_name=code, kind="bureau", group="district", parent=parent, **more)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def town() -> Profile:
    """city > (north > (n1, n2 > deep), south); works ended and went to n2; old-works had been renamed to works."""
    units = (
        unit("city"),
        unit("north", "city"),
        unit("south", "city"),
        unit("n1", "north"),
        unit("n2", "north"),
        unit("deep", "n2"),
        unit("works", validity=ENDED, merged_into="n2"),
        unit("old-works", validity=ENDED, renamed_to="works"),
        unit("alone"),
    )
    return replace(load_profile("yunting"), units=Register(units), version="of this test")


@pytest.mark.parametrize(
    ("code", "below"),
    [
        ("city", {"city", "north", "south", "n1", "n2", "deep", "works", "old-works"}),
        ("north", {"north", "n1", "n2", "deep", "works", "old-works"}),
        ("n2", {"n2", "deep", "works", "old-works"}),
        ("n1", {"n1"}),
        ("south", {"south"}),
        ("alone", {"alone"}),
        ("works", {"works", "old-works"}),
        ("unknown", {"unknown"}),
    ],
)
def test_a_unit_sees_downwards_and_backwards_only(town: Profile, code: str, below: set[str]) -> None:
    assert unit_and_below(town, code) == below


def with_post(*units: str) -> Actor:
    return Actor(account=1, name="Lin", posts=frozenset((Role.LIAISON, unit) for unit in units))


@pytest.mark.parametrize(
    ("unit", "day", "answers_for"),
    [
        ("n2", date(2019, 3, 31), {"n2"}),
        ("n2", date(2019, 4, 1), {"n2", "works", "old-works"}),
        ("north", date(2019, 4, 1), {"north"}),
        ("works", date(2019, 4, 1), {"works"}),
        ("deep", date(2019, 4, 1), {"deep"}),
        ("unknown", date(2019, 4, 1), {"unknown"}),
    ],
)
def test_a_unit_answers_for_what_came_to_it_once_that_has_ended(
    town: Profile, unit: str, day: date, answers_for: set[str]
) -> None:
    assert answering(with_post(unit), town, day).units_as(Role.LIAISON) == answers_for
    assert answering(with_post(unit), town, day).ref == "account:1"
    assert answering(with_post(unit), town, day).units_as(Role.HEAD) == set()


def test_the_centre_answers_for_no_unit(town: Profile) -> None:
    centre = Actor(account=1, name="Bob", posts=frozenset({(Role.DISPATCHER, None)}))
    assert answering(centre, town, date(2020, 1, 1)) == centre


def test_another_profile_has_another_tree(town: Profile) -> None:
    flat = replace(town, units=Register([unit("city"), unit("north")]), version="flat")
    assert unit_and_below(town, "city") > unit_and_below(flat, "city") == {"city"}


@pytest.mark.parametrize("name", ["changji", "yunting"])
def test_in_a_city_below_is_exactly_what_lies_inside(name: str) -> None:
    profile = load_profile(name)

    def inside(code: str, other: str) -> bool:
        seen: str | None = other
        while seen is not None and seen != code:
            seen = profile.units[seen].parent
        return seen == code

    for code in profile.units:
        live = {other for other in unit_and_below(profile, code) if profile.units[other].successor is None}
        assert live >= {
            other for other in profile.units if inside(code, other) and not profile.units[other].successor
        }
        strangers = {other for other in live if not inside(code, other)}
        assert strangers == set(), code

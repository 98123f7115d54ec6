"""Changes of the city in any order, each with its day: on each day the city is what a plain replay says."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pytest
from django.db import transaction
from django.test import override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jieban.people.city import filed, forget
from jieban.people.city_changes import accept, needs_second, propose, withdraw
from jieban.people.city_in_force import city_at, days_changed_at, look, source
from jieban.people.errors import CityMoved, NotYours
from jieban.people.models import CityChange
from jieban.profile.city import Profile
from jieban.profile.documents.changes import Change, RowChange, ValueChange
from jieban.profile.documents.folding import list_text

NOW = datetime.fromisoformat("2025-04-21T11:30+08:00")
TODAY = NOW.date()


# On PostgreSQL in one city: another's rules are no other rows.
@pytest.fixture(autouse=True, params=["changji", pytest.param("yunting", marks=pytest.mark.once)])
def _city(request: pytest.FixtureRequest) -> Iterator[None]:
    with override_settings(JIEBAN_PROFILE=request.param):
        forget()
        yield
    forget()


def shown(profile: Profile) -> dict[str, str]:
    """What the two places that are changed here say in a city."""
    name = next(iter(profile.units.values())).short_name
    return {"name": name, "days": str(profile.extension.working_days)}


def change_of(place: str, was: str, now: str) -> Change:
    if place == "days":
        told = ("deadlines.toml", ("extension", "working_days"))
        return ValueChange(document=told[0], path=told[1], was=int(was), now=int(now))
    cells = dict(list_text(source(), "units.csv").rows[0])
    return RowChange(
        document="units.csv",
        key=(cells["code"],),
        was={**cells, "short_name": was},
        now={**cells, "short_name": now},
    )


@dataclass
class Replay:
    """What was accepted and not withdrawn: each with the day on which it begins, in the order of decisions."""

    filed: dict[str, str]
    kept: list[tuple[date, CityChange, str, str]] = field(default_factory=list)

    def on(self, day: date) -> dict[str, str]:
        """What the places say on a day: of what has begun the last to begin, of one day's the last that was decided."""
        said = dict(self.filed)
        for begins in sorted({each[0] for each in self.kept}):
            if begins <= day:
                said |= {place: value for since, _, place, value in self.kept if since == begins}
        return said

    def later(self, place: str, day: date) -> bool:
        """Whether something that begins after a day touches a place."""
        return any(each[0] > day and each[2] == place for each in self.kept)


wants = st.tuples(
    st.sampled_from(["name", "days"]),
    st.integers(0, 2),
    st.integers(-2, 9),
    st.sampled_from([0, 1, 14, 40, 250]),
)
steps = st.lists(wants | st.integers(0, 5), min_size=2, max_size=6)


@pytest.mark.slow(40)
@pytest.mark.django_db
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_the_city_of_each_day_is_what_a_plain_replay_says(
    played: list[tuple[str, int, int, int] | int],
) -> None:
    forget()
    replay, now = Replay(filed=shown(filed())), NOW
    held: dict[str, dict[str, str]] = {}
    with transaction.atomic():
        for step in played:
            if isinstance(step, int):
                withdrawn(replay, step, now)
                continue
            place, value, after, hours = step
            for _ in range(hours // 12 + 1):
                profile = look(now).profile
                assert shown(profile) == replay.on(now.date())
                held[profile.version] = shown(profile)
                now += timedelta(hours=hours / (hours // 12 + 1))
            begins = max(TODAY + timedelta(days=after), now.date())
            told = ["甲局", "乙局", "丙局"][value] if place == "name" else str(11 + value)
            was = replay.on(begins)[place]
            if told == was:
                continue
            wanted = [change_of(place, was, told)]
            try:
                made = propose(by=None, changes=wanted, title="改", why="", first_day=begins, now=now)
                if needs_second(wanted):
                    accept(by=None, change=made, now=now)
            except CityMoved:
                assert replay.later(place, begins)
                continue
            assert not replay.later(place, begins)
            replay.kept.append((begins, made, place, told))
        for day in {TODAY, *(each[0] + timedelta(days=n) for each in replay.kept for n in (-1, 0))}:
            profile = look(NOW + (day - TODAY)).profile
            assert shown(profile) == replay.on(day), day
        profile = look(now).profile
        held[profile.version] = shown(profile)
        look(now + timedelta(days=30))
        for version, told in held.items():
            known = city_at(version)
            assert known is not None
            assert (known.version, shown(known)) == (version, told)
        transaction.set_rollback(True)
    forget()


def withdrawn(replay: Replay, at: int, now: datetime) -> None:
    """One of what was accepted is taken back, which goes until its day has come."""
    if at >= len(replay.kept):
        return
    begins, change, *_ = replay.kept[at]
    if begins > now.date():
        withdraw(by=None, change=change, why="推迟", now=now)
        del replay.kept[at]
    else:
        with pytest.raises(NotYours):
            withdraw(by=None, change=change, why="推迟", now=now)


@pytest.mark.django_db
def test_a_version_that_two_changes_made_when_the_later_decided_began_first_is_known_afterwards() -> None:
    late = TODAY + timedelta(days=10)
    name, days = filed().units, filed().extension.working_days
    first = next(iter(name.values())).short_name
    propose(by=None, changes=[change_of("name", first, "甲局")], title="", why="", first_day=late, now=NOW)
    other = propose(
        by=None, changes=[change_of("days", str(days), "13")], title="", why="", first_day=TODAY, now=NOW
    )
    accept(by=None, change=other, now=NOW)
    # No decision led to both together: they came to hold with the day.
    both = look(NOW + timedelta(days=11)).profile
    after = NOW + timedelta(days=12)
    propose(
        by=None, changes=[change_of("name", "甲局", "乙局")], title="", why="", first_day=TODAY, now=after
    )
    assert look(after).profile.version != both.version
    then = city_at(both.version)
    assert then is not None
    assert shown(then) == {"name": "甲局", "days": "13"}


@pytest.mark.django_db
def test_days_change_when_they_begin_and_not_when_somebody_decides() -> None:
    def off(day: str, first_day: date, at: datetime) -> CityChange:
        free = ValueChange(document="calendar.toml", path=("holidays", day), was=None, now="某节")
        return propose(by=None, changes=[free], title="", why="", first_day=first_day, now=at)

    assert days_changed_at(NOW) is None
    soon = TODAY + timedelta(days=3)
    off("2025-05-12", soon, NOW)
    assert days_changed_at(NOW) is None
    midnight = datetime.combine(soon, datetime.min.time(), tzinfo=filed().clock.tz)
    assert days_changed_at(NOW + timedelta(days=4)) == midnight
    later = NOW + timedelta(days=1)
    off("2025-05-13", TODAY, later)
    assert days_changed_at(later) == later
    assert days_changed_at(NOW + timedelta(days=4)) == midnight, "decided before, it began after"
    withdraw(by=None, change=off("2025-05-14", soon + timedelta(days=9), later), why="", now=later)
    assert days_changed_at(NOW + timedelta(days=40)) == midnight

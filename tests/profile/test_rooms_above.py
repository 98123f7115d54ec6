"""What the rooms above offer and ask by name, both cities have."""

from jieban.people.known import all_names
from jieban.profile.check import check_profile, faults_text
from jieban.profile.city import Profile
from jieban.profile.model import Policy


def test_each_city_has_every_name_that_the_program_asks_for(city: Profile) -> None:
    faults = check_profile(city.name, all_names())
    assert not faults, faults_text(city.name, faults)


def test_nothing_that_the_ledger_can_find_is_decided_in_silence(city: Profile) -> None:
    codes = all_names().fault_codes
    assert codes
    assert set(city.policies) == codes
    assert {city.policies[code] for code in ("unknown_unit", "bad_date")} == {Policy.REJECT}

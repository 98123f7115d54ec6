"""Figures of months that are over stay what they were, whatever is ended, renamed or added for later."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from administrators import DESK, SOON, accept, now, save, second
from browsers import OPENED, Sign
from cast import MONDAY, dispatched

from jieban.desks.month.count import count, summary_of
from jieban.desks.month.summary import Summary
from jieban.indicators.period import Period
from jieban.people.city import filed
from jieban.people.models import CityChange
from jieban.people.roles import Role
from live_database import override_settings

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.once,
    pytest.mark.usefixtures("each_city", "city_as_filed"),
]
MARCH = Period.month(2025, 3)


@pytest.fixture(autouse=True)
def _place(tmp_path: Path) -> Iterator[None]:
    with override_settings(JIEBAN_VAR=tmp_path):
        yield


def counted() -> Summary:
    count(MARCH, OPENED, again=True)
    summary = summary_of(MARCH)
    assert summary is not None
    return summary


def test_a_month_that_is_over_counts_as_before(sign_in: Sign) -> None:
    browser, theirs = sign_in(Role.ADMINISTRATOR), second(sign_in)

    def kept(change: CityChange) -> None:
        if not change.decisions.exists():
            accept(change, theirs)

    city, then = filed(), MONDAY - timedelta(days=35)
    streets = [each.code for each in city.streets.values() if each.validity.last is None][:3]
    channel, kind = list(city.channels)[1], list(city.request_types)[1]
    for street in (*streets, streets[0]):
        dispatched(now=then, street=street, channel=channel, request_type=kind)
    before = counted()
    gone, renamed, merged = streets
    kept(save(browser, f"{DESK}streets/{gone}/end/", valid_to="2025-04-01"))
    said = {"code": "renamed", "name": "改了名的街道", "aliases": "", "first": "2025-04-02"}
    kept(save(browser, f"{DESK}streets/{renamed}/rename/", **said))
    kept(save(browser, f"{DESK}streets/{merged}/end/", valid_to="2025-04-03", merged_into="renamed"))
    kept(save(browser, f"{DESK}channels/{channel}/end/", valid_to="2025-04-04"))
    kept(save(browser, f"{DESK}types/{kind}/end/", valid_to="2025-04-04"))
    new = {"code": "brand-new", "name": "全新的渠道", "valid_from": f"{SOON}"}
    kept(save(browser, f"{DESK}channels/new/", **new))
    assert now().version != city.version
    after = counted()
    assert (after.tiles, after.more, after.grids, after.charts, after.places) == (
        before.tiles,
        before.more,
        before.grids,
        before.charts,
        before.places,
    )
    assert before.tiles[0].text == "4"

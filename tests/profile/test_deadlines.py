"""The deadline tables: every case has one rule, and an order has longer than a handling."""

from datetime import UTC, date, datetime
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from jieban.profile.city import Profile
from jieban.profile.model import Basis, Level, Stage, Urgency

DAYS = (date(2018, 1, 1), date(2024, 12, 31), date(2025, 1, 1), date(2025, 4, 15), date(2030, 1, 1))
BEIJING = ZoneInfo("Asia/Shanghai")


def test_every_case_has_a_rule_and_the_orders_is_looser(city: Profile) -> None:
    cases = product(Stage, city.request_types, Urgency, [None, *city.channels], DAYS)
    for stage, request_type, urgency, channel, day in cases:
        handling, order = (
            city.deadline_rule(
                level, stage, request_type=request_type, urgency=urgency, channel=channel, on=day
            )
            for level in (Level.HANDLING, Level.ORDER)
        )
        assert handling.basis is order.basis
        assert order.amount > handling.amount
        assert handling.id.startswith("handling-")
        assert order.id.startswith("order-")
        assert handling.source


@pytest.mark.parametrize(
    ("request_type", "days"),
    [
        ("inquiry", 3),
        ("help", 3),
        ("suggestion", 5),
        ("complaint", 5),
        ("report", 5),
        ("praise", 5),
        ("other", 5),
    ],
)
def test_the_default_limits_are_those_that_the_base_states(
    changji: Profile, request_type: str, days: int
) -> None:
    def limit(stage: Stage, urgency: Urgency, level: Level = Level.HANDLING) -> tuple[int, Basis]:
        rule = changji.deadline_rule(level, stage, request_type=request_type, urgency=urgency, on=DAYS[0])
        return rule.amount, rule.basis

    assert limit(Stage.SIGN, Urgency.NORMAL) == (1, Basis.WORKING_DAYS)
    assert limit(Stage.CLOSE, Urgency.NORMAL) == (days, Basis.WORKING_DAYS)
    assert limit(Stage.CLOSE, Urgency.URGENT) == (24, Basis.CLOCK_HOURS)
    assert limit(Stage.CLOSE, Urgency.EMERGENCY) == (2, Basis.CLOCK_HOURS)
    assert limit(Stage.CLOSE, Urgency.NORMAL, Level.ORDER) == (days + 5, Basis.WORKING_DAYS)
    extension = changji.extension
    assert (extension.times, extension.working_days, extension.approval_before_deadline) == (1, 10, True)


def test_the_invented_city_has_rules_of_its_own_that_change_with_the_year(yunting: Profile) -> None:
    def limit(request_type: str, day: date, stage: Stage = Stage.CLOSE) -> tuple[int, Basis]:
        rule = yunting.deadline_rule(
            Level.HANDLING, stage, request_type=request_type, urgency=Urgency.NORMAL, on=day
        )
        return rule.amount, rule.basis

    assert limit("complain", date(2024, 12, 31)) == (7, Basis.WORKING_DAYS)
    assert limit("complain", date(2025, 1, 1)) == (4, Basis.WORKING_DAYS)
    assert limit("tip", date(2024, 12, 31)) == limit("tip", date(2025, 1, 1)) == (10, Basis.WORKING_DAYS)
    assert limit("ask", date(2025, 1, 1)) == (2, Basis.WORKING_DAYS)
    assert limit("ask", date(2025, 1, 1), Stage.SIGN) == (4, Basis.WORKING_HOURS)
    assert yunting.extension.times == 2
    assert yunting.extension.approval_before_deadline


def test_a_rule_and_the_clock_give_a_deadline(changji: Profile, yunting: Profile) -> None:
    def due(profile: Profile, level: Level, request_type: str, start: datetime) -> datetime:
        rule = profile.deadline_rule(
            level,
            Stage.CLOSE,
            request_type=request_type,
            urgency=Urgency.NORMAL,
            on=profile.clock.local_date(start),
        )
        return profile.clock.due(start, rule.span)

    # Thursday 24 April 2025: 25, 27 (make-up Sunday), 28, 29, 30 April; then the Labour Day holiday to 5 May.
    thursday = datetime(2025, 4, 24, 11, 0, tzinfo=BEIJING)
    assert due(changji, Level.HANDLING, "complaint", thursday) == datetime(
        2025, 4, 30, 19, 30, tzinfo=BEIJING
    )
    # Five more: 6, 7, 8, 9, 12 May, by the summer timetable.
    assert due(changji, Level.ORDER, "complaint", thursday) == datetime(2025, 5, 12, 20, 0, tzinfo=BEIJING)
    assert due(yunting, Level.HANDLING, "complain", thursday) == datetime(2025, 4, 29, 17, 30, tzinfo=BEIJING)


def test_local_days_off_overlay_the_countrys(changji: Profile, yunting: Profile) -> None:
    eid, flowers, make_up = date(2025, 3, 31), date(2025, 3, 10), date(2025, 3, 15)
    for profile, local in ((changji, {eid}), (yunting, {flowers})):
        calendar = profile.clock.calendar
        assert {day for day in (eid, flowers) if not calendar.is_workday(day)} == local
        assert not calendar.is_workday(date(2025, 5, 1))
        assert calendar.is_workday(date(2025, 4, 27))
    assert yunting.clock.calendar.is_workday(make_up)
    assert not changji.clock.calendar.is_workday(make_up)
    # Nothing local falls into April 2025, the month of the demonstration.
    assert not [day for day in changji.clock.calendar.holidays if (day.year, day.month) == (2025, 4)]


def test_office_hours_follow_the_season(changji: Profile, yunting: Profile) -> None:
    def hours(profile: Profile, day: date) -> list[str]:
        local = [(a.astimezone(BEIJING), b.astimezone(BEIJING)) for a, b in profile.clock.office_time(day)]
        return [f"{a:%H:%M}-{b:%H:%M}" for a, b in local]

    assert hours(changji, date(2025, 4, 15)) == ["10:00-14:00", "15:30-19:30"]
    assert hours(changji, date(2025, 7, 15)) == ["10:00-14:00", "16:00-20:00"]
    assert hours(changji, date(2025, 10, 15)) == hours(changji, date(2025, 4, 15))
    assert hours(yunting, date(2025, 4, 15)) == ["08:30-12:00", "13:30-17:30"]
    assert hours(yunting, date(2025, 7, 15)) == ["08:00-12:00", "15:00-18:00"]
    assert changji.clock.local_date(datetime(2025, 4, 30, 16, 0, tzinfo=UTC)) == date(2025, 5, 1)

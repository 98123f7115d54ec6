"""What is asked of a ledger is made once for the same facts, and anew for others."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from jieban.indicators.model import Window
from jieban.indicators.period import Period
from jieban.indicators.questions import Questions, questions_of
from jieban.indicators.slices.facts import Facts
from jieban.profile.city import Profile

APRIL = Period.parse("2025-04")
CUTOFF = datetime(2025, 5, 7, tzinfo=UTC)


def facts(profile: Profile, cutoff: datetime = CUTOFF, period: Period = APRIL) -> Facts:
    return Facts.of(profile, period, {Window.CURRENT: period, Window.PREVIOUS: period.previous()}, cutoff)


def asked(questions: tuple[Questions, ...]) -> list[object]:
    """Every operation, in the order in which they are asked."""
    found = []
    for each in questions:
        found += [] if each.staged is None else [each.staged[1]]
        found += [one.expression for one in (*each.counting, *each.quantiles)]
    return [expression.op() for expression in found]


def test_the_same_facts_ask_the_same_and_any_other_facts_ask_otherwise(profile: Profile) -> None:
    own = facts(profile)
    assert questions_of(own) is questions_of(facts(profile))
    unit = next(iter(profile.units))
    for n, other in enumerate(
        (
            facts(profile, CUTOFF + timedelta(seconds=1)),
            facts(profile, period=Period.parse("2025-03")),
            replace(own, windows={Window.CURRENT: own.windows[Window.CURRENT]}),
            replace(own, rules=replace(own.rules, lead_only=not own.rules.lead_only)),
            replace(own, offsets=((own.offsets[0][0], 0),)),
            replace(own, carried={**own.carried, "unit": {(unit,): "another"}}),
            replace(own, absent={"orders": ("closed_at",)}),
        )
    ):
        assert asked(questions_of(other)) != asked(questions_of(own)), n

"""Which deadline rule holds for an order or handling: the most specific one that matches."""

from collections.abc import Iterable
from datetime import date, timedelta

from jieban.profile.model import DeadlineRule, Level, Stage, Urgency

_ONE_DAY = timedelta(days=1)


def matching(
    rules: Iterable[DeadlineRule],
    *,
    level: Level,
    stage: Stage,
    request_type: str,
    urgency: Urgency,
    channel: str | None,
    on: date,
) -> list[DeadlineRule]:
    """The rules that match and than which none that matches is more specific: one, if the profile is sound.

    A rule is more specific than another when it is bound to everything that the other is bound to (request types,
    urgencies, channels), and to more.
    """
    hits = [
        rule
        for rule in rules
        if rule.level is level
        and rule.stage is stage
        and (not rule.request_types or request_type in rule.request_types)
        and (not rule.urgencies or urgency in rule.urgencies)
        and (not rule.channels or channel in rule.channels)
        and rule.validity.covers(on)
    ]
    if len(hits) <= 1:
        return hits  # as it mostly is
    return [rule for rule in hits if not any(_bound_to(rule) < _bound_to(other) for other in hits)]


def turning_days(rules: Iterable[DeadlineRule]) -> list[date]:
    """A first day of each stretch of time in which the same rules are valid."""
    days = {date.min}
    for rule in rules:
        if rule.validity.first is not None:
            days.add(rule.validity.first)
        if rule.validity.last is not None and rule.validity.last < date.max:
            days.add(rule.validity.last + _ONE_DAY)
    return sorted(days)


def _bound_to(rule: DeadlineRule) -> frozenset[str]:
    bounds = {
        "request_types": rule.request_types,
        "urgencies": rule.urgencies,
        "channels": rule.channels,
    }
    return frozenset(name for name, values in bounds.items() if values)

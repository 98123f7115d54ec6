"""The search in an address: what is chosen there, and the address of what is chosen."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import asdict
from datetime import date
from urllib.parse import urlencode

from jieban.desks.shell import words
from jieban.desks.shell.visit import Visit
from jieban.kernel.i18n import tr
from jieban.orders.access import seen_units
from jieban.orders.search.box import MOST_LETTERS, Sought
from jieban.orders.states import OrderState
from jieban.people.city import city
from jieban.people.policy import SEES_EVERY_ORDER
from jieban.profile.model import Named

Choice = tuple[str, str]
"""A code and its name."""

_FIRST, _LAST = date(1900, 1, 1), date(2999, 12, 31)
"""Days that may be meant: those at the ends of what a date can be have no instant in every zone."""


def sought_of(given: Mapping[str, str]) -> Sought:
    """What an address asks for. What is no day, and no code that there is, is not asked for."""
    profile = city()
    known: Mapping[str, Container[object]] = {
        "unit": profile.units,
        "state": {each.value for each in OrderState},
        "topic": profile.order_topics,
        "street": profile.streets,
    }
    codes = {name: given.get(name) or None for name in known}
    return Sought(
        text=given.get("q", "").strip()[:MOST_LETTERS],
        since=_day(given.get("since", "")),
        until=_day(given.get("until", "")),
        **{name: code if code in known[name] else None for name, code in codes.items()},
    )


def not_understood(given: Mapping[str, str], sought: Sought) -> tuple[str, ...]:
    """What an address asks for that is not known, by the names of the fields: told, since more is found without it."""
    names = {
        "unit": tr("承办单位"),
        "state": tr("状态"),
        "topic": tr("分类"),
        "street": tr("街道乡镇"),
        "since": tr("受理自"),
        "until": tr("受理至"),
    }
    return tuple(said for name, said in names.items() if given.get(name) and getattr(sought, name) is None)


def words_of(sought: Sought) -> str:
    """What is asked for in words, for a list of lists; empty for every order."""
    profile = city()
    said = [
        tr("“{text}”", text=sought.text) if sought.text else "",
        profile.units[sought.unit].short_name if sought.unit else "",
        words.order_state(sought.state) if sought.state else "",
        profile.order_topics[sought.topic].short_name if sought.topic else "",
        profile.streets[sought.street].short_name if sought.street else "",
        tr("{day} 起", day=sought.since) if sought.since else "",
        tr("至 {day}", day=sought.until) if sought.until else "",
    ]
    return " ".join(each for each in said if each)


def address_of(sought: Sought) -> str:
    """The query of the address that asks for it; `sought_of` reads it."""
    told = asdict(sought)
    told["q"] = told.pop("text")
    return urlencode({name: value for name, value in sorted(told.items()) if value})


def choices_of(visit: Visit) -> Mapping[str, list[Choice]]:
    """What may be chosen, by the name of the field: the units are those whose handlings somebody sees."""
    profile = city()
    mine = None if visit.actor.roles & SEES_EVERY_ORDER else seen_units(visit.actor)
    return {
        "unit": _named(unit for unit in profile.units.values() if mine is None or unit.code in mine),
        "state": [(each.value, words.order_state(each.value)) for each in OrderState],
        "topic": _named(profile.order_topics.values()),
        "street": _named(profile.streets.values()),
    }


def _named(register: Iterable[Named]) -> list[Choice]:
    return [(each.code, each.short_name) for each in register]


def _day(given: str) -> date | None:
    try:
        day = date.fromisoformat(given)
    except ValueError:
        return None
    return day if _FIRST <= day <= _LAST else None

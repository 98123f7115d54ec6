"""Every indicator, declared. To add one: declare it in the file of its theme; `make docs` prints its page."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from jieban.indicators.errors import UnknownIndicator
from jieban.indicators.model import Indicator, Kind
from jieban.indicators.registry import words
from jieban.indicators.registry.handlings import HANDLINGS
from jieban.indicators.registry.letters import LETTERS
from jieban.indicators.registry.satisfaction import SATISFACTION
from jieban.indicators.registry.timeliness import TIMELINESS
from jieban.indicators.registry.volume import VOLUME
from jieban.profile.city import Profile

__all__ = ["REGISTRY", "chosen", "indicator"]

_ORDERS = tuple(i for i in TIMELINESS if i.table == "orders")
_UNITS = tuple(i for i in TIMELINESS if i.table == "handlings")

REGISTRY: Mapping[str, Indicator] = MappingProxyType(
    {i.id: i for i in (*VOLUME, *_ORDERS, *SATISFACTION, *HANDLINGS, *_UNITS, *LETTERS)}
)
"""Indicators by id, in the order in which the documentation prints them."""


def indicator(indicator_id: str, profile: Profile | None = None) -> Indicator:
    """The declaration of an id; with a profile told as that one counts.

    Of an indicator that has variants the chosen one is given, and of co-handled orders it is said which units count.

    Raises UnknownIndicator, which names the nearest ids.
    """
    try:
        found = REGISTRY[indicator_id]
    except KeyError:
        raise UnknownIndicator(indicator_id, tuple(REGISTRY)) from None
    if profile is None:
        return found
    if found.kind is Kind.CHOSEN:
        return replace(chosen(found, profile), id=found.id, label=found.label)
    counting = profile.workflow.co_handling.counting
    return replace(
        found, definition=found.definition.replace(words.CO_HANDLED, words.CO_HANDLED_AS[counting])
    )


def chosen(declared: Indicator, profile: Profile) -> Indicator:
    """The variant that a profile chooses for an indicator of kind CHOSEN."""
    return REGISTRY[dict(declared.choices)[profile.counting.satisfaction]]

"""Every indicator, declared. To add one: declare it in the file of its theme; `make docs` prints its page."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from jieban.indicators.errors import UnknownIndicator
from jieban.indicators.model import Indicator, Kind
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
    """The declaration of an id. With a profile, one it chooses among variants is given as the chosen variant.

    Raises UnknownIndicator, which names the nearest ids.
    """
    try:
        found = REGISTRY[indicator_id]
    except KeyError:
        raise UnknownIndicator(indicator_id, tuple(REGISTRY)) from None
    if profile is None or found.kind is not Kind.CHOSEN:
        return found
    return replace(chosen(found, profile), id=found.id, label=found.label)


def chosen(declared: Indicator, profile: Profile) -> Indicator:
    """The variant that a profile chooses for an indicator of kind CHOSEN."""
    return REGISTRY[dict(declared.choices)[profile.counting.satisfaction]]

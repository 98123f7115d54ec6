"""The tables of the live orders."""

from jieban.orders.models.anchor import Anchor
from jieban.orders.models.event import Event
from jieban.orders.models.handling import (
    OPEN_PETITIONS,
    Callback,
    Clock,
    Evidence,
    Handling,
    Petition,
    PetitionKind,
    PetitionState,
)
from jieban.orders.models.order import NumberCounter, Order, OrderSecret, Words

__all__ = [
    "OPEN_PETITIONS",
    "Anchor",
    "Callback",
    "Clock",
    "Event",
    "Evidence",
    "Handling",
    "NumberCounter",
    "Order",
    "OrderSecret",
    "Petition",
    "PetitionKind",
    "PetitionState",
    "Words",
]

"""A ledger played through the acts: what a file says of a month, done again by named persons, step by step."""

from jieban.orders.replay.play import Played, play_ledger
from jieban.orders.replay.scene import Until

__all__ = ["Played", "Until", "play_ledger"]

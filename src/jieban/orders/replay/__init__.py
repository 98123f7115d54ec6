"""A ledger played through the acts: what a file says of a month, done again by named persons, step by step."""

from jieban.orders.replay.play import Played, play_ledger

__all__ = ["Played", "play_ledger"]

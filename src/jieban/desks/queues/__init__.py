"""Queues: what waits at a desk, sorted by what hurts first, and the row of an order in it."""

"""Whole ledgers into the live database: the one declared exception to "only acts assign state".

`run.import_ledger` is the way in. Every order gets one event, `imported`, the first of its chain, which tells all that
was put there; from then on it is an order like any other.
"""

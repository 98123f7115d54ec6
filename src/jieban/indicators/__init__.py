"""Indicators (口径): the registry, comparison periods, engines, frozen snapshots. Pure."""

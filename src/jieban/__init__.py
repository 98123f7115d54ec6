"""Jieban 接办: the open 12345 hotline."""

__version__ = "0.1.0"

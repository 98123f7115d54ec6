"""Jieban 接办: the open 12345 hotline."""

"""Searching: one box over the orders that somebody may see, views that they keep, and lists as workbooks."""

"""Editing the city's data: forms that become changes, what those would do, and what became of them."""

"""A module or a package for each command; nothing is imported before it is called."""

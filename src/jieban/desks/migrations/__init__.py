"""The tables that only pages need."""

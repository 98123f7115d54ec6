"""From raw sheets to the canonical tables, every row accounted for."""

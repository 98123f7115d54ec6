"""From raw cells to canonical values, a column at a time: each distinct value is understood once."""

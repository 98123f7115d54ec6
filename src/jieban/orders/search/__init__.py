"""Finding orders by what was said, though it is sealed: blind n-grams, the one box over orders, similar orders."""

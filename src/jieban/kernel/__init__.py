"""What every room stands on: errors, exact numbers, digests, translation. Pure; imports nothing of Jieban."""

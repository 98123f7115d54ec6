"""Each file of a profile parsed into its part of the value, with every fault told at its line."""

"""Articles in and out of the house as a file."""

"""What changes of the city's data would do, counted before anybody saves."""

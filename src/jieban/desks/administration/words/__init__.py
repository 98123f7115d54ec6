"""What the city's data and its changes are called on pages."""

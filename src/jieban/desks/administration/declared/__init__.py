"""What can be edited of the city's documents on pages, declared once for all of them."""

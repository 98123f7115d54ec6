"""The desks: the pages in which people work with orders, one folder a desk, on the acts of `jieban.orders`."""

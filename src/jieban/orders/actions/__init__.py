"""The acts, a file for each stage of an order's life. No other code changes the state of anything."""

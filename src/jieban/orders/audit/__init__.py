"""The audit of the trail: every chain walked, every row compared with its events, every anchor with both."""

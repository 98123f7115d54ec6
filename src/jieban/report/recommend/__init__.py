"""Recommendations drawn from the figures: declared rules, their strategies, and the draft that an analyst edits."""

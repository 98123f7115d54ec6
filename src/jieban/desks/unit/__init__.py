"""The desk of a unit: what is to be signed for, handled and answered."""

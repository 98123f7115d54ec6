"""The operator's desk: one screen for a call, from the telephone number to the order's."""

"""Orders from the call to the closed case: states, acts, clocks and the trail that can't be altered."""

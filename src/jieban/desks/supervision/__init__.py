"""The supervisor's desk: what is late, what will be, and who answers for it."""

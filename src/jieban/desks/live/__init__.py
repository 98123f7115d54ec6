"""What pages ask for again and again: who is there, what waits."""

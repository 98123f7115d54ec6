"""The dispatcher's desk: what is new, what came back, what is asked for."""

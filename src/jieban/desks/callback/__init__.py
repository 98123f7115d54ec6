"""The callback agent's desk: whom to call, and what they said."""

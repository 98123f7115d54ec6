"""Evidence on pages: how it is shown, handed out and taken in."""

"""An order on one screen, and the forms of the acts that can be done to it."""

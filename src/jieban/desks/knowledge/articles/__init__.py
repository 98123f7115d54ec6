"""Articles themselves: how they come about and stay true, who cites them, how they are found and read."""

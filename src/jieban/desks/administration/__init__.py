"""The administrator's desk: people and their posts, and what holds in the city today."""

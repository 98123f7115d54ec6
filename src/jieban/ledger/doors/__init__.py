"""The doors: files as offices have them, opened safely and told apart by content, as raw sheets."""

"""The canonical tables in forms that people open: words instead of codes, local times, text that stays text."""

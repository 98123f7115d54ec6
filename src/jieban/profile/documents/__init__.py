"""The files of a profile as texts: read with the lines that values stand on, changed, and written again."""

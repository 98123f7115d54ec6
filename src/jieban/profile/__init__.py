"""A city as data: units, topics, request types, deadlines, wording, report outline. An immutable, hashed value."""

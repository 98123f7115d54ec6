"""What the facts of an import's event are called, by which exports find them again."""

STATED = tuple(f"stated_{stage}_{what}" for stage in ("sign", "close") for what in ("due_at", "on_time"))
FLAGS, ROW, NUMBER = "flags", "row", "no"
OF_HANDLINGS, OF_CALLBACKS = "handlings", "callbacks"

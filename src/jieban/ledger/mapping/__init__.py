"""How a file's sheets and columns mean the canonical tables: found by looking, written down, corrected, obeyed."""

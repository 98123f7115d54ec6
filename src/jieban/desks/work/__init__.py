"""Work that takes longer than a page may: one at a time in a process of its own, with a row that pages look at."""

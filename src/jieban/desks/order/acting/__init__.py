"""The forms of acts: what each asks for, what it still lacks, and doing it."""

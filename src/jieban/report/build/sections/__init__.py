"""The sections of a report: each builds blocks of the document from the figures, and nothing else."""

"""Evidence: what a file really is, where it lies, whether it is still whole, and who sees it how."""

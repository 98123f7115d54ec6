"""The knowledge base: what the hotline answers with, kept by the units, cited by answers."""

"""Signing in, and where one begins."""

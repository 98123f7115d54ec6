"""Accounts, posts and roles: who somebody is, and what each may do."""

"""Checks that a reply must pass."""

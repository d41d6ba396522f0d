"""Forgetting people and their posts."""

"""Checks the exact text that would be sent, after a person's edits: one file a guard, guarding.py runs them all."""

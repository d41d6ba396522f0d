"""Answers from passages, with their evidence."""

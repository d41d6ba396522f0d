"""Lessons from reviewers' decisions."""

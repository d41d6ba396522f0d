"""Replies: drafting, guards, review, sending, lessons."""

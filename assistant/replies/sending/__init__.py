"""Approved replies, sent once."""

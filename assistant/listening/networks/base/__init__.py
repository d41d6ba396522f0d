"""Shared parts of all platforms."""

"""Vectors and words: rebuildable from the store at any time."""

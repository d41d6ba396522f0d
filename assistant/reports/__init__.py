"""Figures, charts and the digest."""

"""Questions about what customers say, answered with counts and quotes."""

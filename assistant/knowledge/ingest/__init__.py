"""Documents read and cut into passages."""

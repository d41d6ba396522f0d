"""Facts in a text: numbers, names, negation."""

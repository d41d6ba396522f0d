"""What a sentence states that nobody may invent, and whether a text states the same."""

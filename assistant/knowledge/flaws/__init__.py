"""What is wrong with documents as a whole: contradictions between them, duplicates, and pages past their review."""

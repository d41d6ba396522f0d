"""The sources that documents come from, and what keeps the index as they are."""

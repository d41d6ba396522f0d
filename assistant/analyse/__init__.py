"""What is found out about a Mention: one file a question."""

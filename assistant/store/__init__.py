"""The SQLite database, the truth: one file per group of tables."""

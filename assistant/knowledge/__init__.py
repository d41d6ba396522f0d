"""The company's documents: ingest, search, answers, gaps and proposals."""

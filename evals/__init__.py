"""Measures how well retrieval, answers and refusals do on questions whose right documents are known."""

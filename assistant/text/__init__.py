"""Tokens, sentences, spans and embeddings: no product, no database."""

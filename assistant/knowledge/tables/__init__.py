"""Tables of documents, questions and proposals."""

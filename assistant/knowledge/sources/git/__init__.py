"""Git repositories: folders of documents, and wikis."""

"""Single web pages."""

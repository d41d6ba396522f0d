"""Where Documents come from: files and web pages."""

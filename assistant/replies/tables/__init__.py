"""Tables of drafts, decisions and replies."""

"""What of Notion is shared with a connection."""

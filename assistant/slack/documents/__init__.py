"""What Slack is told of sources of documents: what waits for an admin, and replies to recall."""

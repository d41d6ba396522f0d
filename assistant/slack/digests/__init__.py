"""The digest in Slack."""

"""Settings that admins change from Slack."""

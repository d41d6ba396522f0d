"""Questions and answers in Slack."""

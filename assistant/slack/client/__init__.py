"""Slack's Web API, used once and within its limits."""

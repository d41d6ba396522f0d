"""Alerts and crises in Slack."""

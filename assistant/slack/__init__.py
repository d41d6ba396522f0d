"""Earshot in Slack: one file for each flow."""

"""Alerts that cannot wait for the weekly summary: spikes, replies that are nearly late, and crises."""

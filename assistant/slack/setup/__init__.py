"""Connecting Earshot to a workspace: the app's form, its tokens, and names where Slack wants ids."""

"""Spaces of Confluence, in the Cloud and as Data Center."""

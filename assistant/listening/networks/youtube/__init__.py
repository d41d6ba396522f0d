"""The platform: what is read there, and how replies are posted."""

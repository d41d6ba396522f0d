"""One folder or file a platform."""

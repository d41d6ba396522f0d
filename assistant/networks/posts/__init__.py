"""Single posts, one file a platform: look at one as it is now, answer it, read the answers back, take one away."""

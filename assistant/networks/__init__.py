"""One file per public platform: read mentions, say whether a reply is allowed, send it."""

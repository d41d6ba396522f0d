"""A post to a proposed reply: from public knowledge only, each sentence with its support, or a reason not to reply."""

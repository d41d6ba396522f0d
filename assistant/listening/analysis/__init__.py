"""Language, sentiment, intent, topics and urgency of a post."""

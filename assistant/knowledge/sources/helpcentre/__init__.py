"""Help centres of Zendesk and Intercom."""

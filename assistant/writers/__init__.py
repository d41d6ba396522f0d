"""The two ways to put words together: quoting, which needs no model, and chat, which does."""

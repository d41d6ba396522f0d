"""What sources of platforms share: their answers over HTTP, and what they say of a document."""

"""What people decide on drafts: who may, on exactly which content, and whether the world is still as they saw it."""

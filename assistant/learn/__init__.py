"""What people decided on drafts to lessons, each kept only when replaying past cases says that it helps."""

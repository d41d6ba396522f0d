"""Settings that admins change while Earshot runs: checked as the environment's are, kept, audited."""

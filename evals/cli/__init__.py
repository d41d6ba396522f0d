"""Commands that measure, one file for each kind of evaluation."""

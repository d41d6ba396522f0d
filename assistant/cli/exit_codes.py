"""Exit codes of the program; 2, for words that are no command, is the shell's own."""

FAILED = 1
INTERRUPTED = 130

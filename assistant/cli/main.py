"""Where the program begins: so little that Ctrl-C finds it ready while all the rest is still being loaded."""

import sys

FAILED = 1
INTERRUPTED = 130


def main() -> None:
    """Run one command; see assistant.cli.app."""
    try:
        from assistant.cli.app import run_command

        run_command()
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        sys.exit(INTERRUPTED)

"""The entry point: so small that it can handle Ctrl-C while the rest is still loading."""

import os
import sys

from assistant.cli.exit_codes import INTERRUPTED

_ONLY_OURS = 0o077  # what is kept holds internal documents: no other user of the machine may read it


def main() -> None:
    """Run one command; see assistant.cli.app."""
    os.umask(_ONLY_OURS)
    try:
        from assistant.cli.app import run_command

        run_command()
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        sys.exit(INTERRUPTED)

"""Door of `python -m evals`, the same commands as `earshot eval`."""

from assistant.cli.app import report_errors
from evals.cli.app import build_group

if __name__ == "__main__":
    report_errors(build_group())

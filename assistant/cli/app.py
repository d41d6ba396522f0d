"""The program `earshot`: puts the commands together and reports every failure in a plain sentence."""

import os
import sys

import typer

from assistant.cli import (
    agents,
    alerts,
    analyse,
    audit,
    collect,
    digest,
    draft,
    forget,
    knowledge,
    lessons,
    proposals,
    replies,
    review,
    service,
    settings,
    setup,
    sources,
)
from assistant.cli.demo import build_command
from assistant.cli.exit_codes import FAILED
from assistant.cli.output import note
from assistant.errors import EarshotError, edge
from evals.cli.app import build_group


def build_app() -> typer.Typer:
    """All commands."""
    app = typer.Typer(
        help="Earshot hears what customers say, answers staff with evidence, and sends only what a person approved.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    app.command("demo")(build_command(build_app))
    for group in (
        setup,
        knowledge,
        sources,
        collect,
        draft,
        analyse,
        forget,
        review,
        proposals,
        lessons,
        replies,
        audit,
        digest,
        alerts,
        service,
        settings,
        agents,
    ):
        group.add_commands(app)
    app.add_typer(build_group(), name="eval")
    return app


def run_command() -> None:
    """Run one command of `earshot`; see report_errors."""
    report_errors(build_app())


def report_errors(app: typer.Typer) -> None:
    """Run one command; exit status 1 for a failure shown in a sentence, 2 for a usage error."""
    try:
        with edge("running the command"):
            app()
    except EarshotError as error:
        note(error.message)
        if error.hint:
            note(error.hint)
        sys.exit(FAILED)
    except BrokenPipeError:
        # Whoever read our output has gone, as `| head` does; Python would complain once more while it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(FAILED)

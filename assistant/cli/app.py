"""The program `earshot`: puts the commands together and reports every failure in a plain sentence."""

import os
import sys
from importlib.metadata import version
from typing import Annotated

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
from assistant.cli.output import note, say
from assistant.errors import EarshotError, edge
from evals.cli.app import build_group

_PANELS = {
    "Start and keep running": (setup, service, settings),
    "Documents and answers": (knowledge, sources, proposals),
    "Posts": (collect, analyse, digest, alerts),
    "Replies": (draft, review, replies, lessons),
    "Trust": (audit, forget),
    "Other programs": (agents,),
}


def build_app() -> typer.Typer:
    """All commands, in the groups that --help shows."""
    app = typer.Typer(
        help="Earshot hears what customers say, answers staff with evidence, and sends only what a person approved.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
    )
    app.callback()(_take_options)
    app.command("demo", rich_help_panel=next(iter(_PANELS)))(build_command(build_app))
    for panel, modules in _PANELS.items():
        commands, groups = len(app.registered_commands), len(app.registered_groups)
        for module in modules:
            module.add_commands(app)
        for command in app.registered_commands[commands:]:
            command.rich_help_panel = panel
        for group in app.registered_groups[groups:]:
            group.rich_help_panel = panel
    app.add_typer(build_group(), name="eval", rich_help_panel="Trust")
    return app


def _show_version(is_asked: bool) -> None:
    if is_asked:
        say(f"Earshot {version('earshot')}")
        raise typer.Exit


def _take_options(
    is_asked: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Options of the program itself."""


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

"""The command for managers: digest."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.output import print_json, say
from assistant.cli.parts import AsJson, open_assistant
from assistant.digest import to_html, to_text
from assistant.errors import InputError
from assistant.figures import find_week, value, week_of


def add_commands(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.command()(digest)


def digest(
    ctx: typer.Context,
    week: Annotated[str, typer.Option(help="An ISO week like 2026-W46; the last full one if not given.")] = "",
    html: Annotated[Path | None, typer.Option(help="Write it as one HTML page to this file.")] = None,
    as_json: AsJson = False,
) -> None:
    """Sum a week up: every number comes from SQL."""
    assistant = open_assistant(ctx)
    zone = assistant.settings.zone
    chosen = find_week(week, zone) if week else week_of(assistant.clock() - timedelta(days=7), zone)
    made = assistant.digest(chosen)
    if html:
        try:
            html.write_text(to_html(made), encoding="utf-8")
        except OSError as error:
            raise InputError(
                f"{html} cannot be written: {error.strerror}.", "Give a file in a folder that exists."
            ) from error
    if as_json:
        print_json(made)
        return
    say(to_text(made))
    if html:
        say(f"\nWritten to {html}.")
    span = assistant.mentions.span()
    if not value(made.figures, "posts") and span:
        first, last = (week_of(moment, zone).label for moment in span)
        say(f"\nThe posts that are kept are from {first} to {last}: earshot digest --week {last}")

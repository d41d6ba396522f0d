"""The command setup: from nothing to a first answer, one question after the other."""

from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.asking import ask, choose
from assistant.cli.demo_slack import DEMO_PORT, run_slack_demo
from assistant.cli.exit_codes import INTERRUPTED
from assistant.cli.knowledge import ask as ask_question
from assistant.cli.knowledge import ingest
from assistant.cli.output import say
from assistant.cli.setup_slack import connect_slack
from assistant.core.env_file import ENV_FILE, keep_setting
from assistant.core.setting_files import read_key
from assistant.errors import InputError
from assistant.knowledge.sources.ingest import find_paths

_AIMS = (
    "Look around with an example company, in a browser",
    "Ask your own documents, here in the terminal",
    "Connect Earshot to your Slack",
)
_LOOK, _DOCUMENTS, _SLACK = 1, 2, 3


def add_commands(app: typer.Typer) -> None:
    """Add this command to the program."""
    app.command()(setup)


def setup(
    ctx: typer.Context,
    port: Annotated[int, typer.Option(min=1, max=65535, help="The page's port, for the example company.")] = DEMO_PORT,
) -> None:
    """Set Earshot up, question by question: Slack, channels, documents, a first answer. It can be run again."""
    say(f"Each answer is kept in {ENV_FILE.resolve()} at once. Ctrl-C stops; run setup again to go on.\n")
    try:
        aim = choose("What would you like to do?", _AIMS, _SLACK)
        if aim == _LOOK:
            run_slack_demo(port)
            return
        if aim == _SLACK:
            connect_slack()
        _read_documents(ctx)
    except KeyboardInterrupt:
        say("\nStopped. What you answered is kept; run earshot setup again to go on.")
        raise typer.Exit(INTERRUPTED) from None
    _tell_what_next(aim)


def _read_documents(ctx: typer.Context) -> None:
    say("\nDocuments", style="bold")
    say("Those in a folder public/ may be quoted to customers; all others are for staff only.")
    place = _ask_for_place()
    if not place:
        say("Skipped. Later: earshot ingest PATH")
        return
    if Path(place).is_dir():
        keep_setting("KNOWLEDGE_DIR", place)
    try:
        ingest(ctx, [place])
    except typer.Exit:
        say("Some documents could not be read; the others are.")
    question = ask("\nAsk them something (Enter to skip)")
    if question:
        ask_question(ctx, question)


def _ask_for_place() -> str:
    """A place that is there. Enter means KNOWLEDGE_DIR, where it is one, or else none."""
    kept = read_key("KNOWLEDGE_DIR") or "knowledge"
    default = kept if Path(kept).expanduser().exists() else ""
    while True:
        place = ask("A folder, a file or an https:// address" + ("" if default else " (Enter to skip)"), default)
        if not place or place.casefold() in ("none", "skip", "-"):
            return ""
        try:
            find_paths([place])
        except InputError as error:
            say(f"{error.message} {error.hint}", style="yellow")
        else:
            return place if "://" in place else str(Path(place).expanduser())


def _tell_what_next(aim: int) -> None:
    say("\nSet up.", style="bold green")
    if aim == _SLACK:
        say("  earshot run       starts Earshot: then send it a direct message in Slack")
        say("  earshot doctor    looks whether all is well")
    else:
        say('  earshot ask "…"   asks more')
        say("  earshot setup     connects Slack when you want it")

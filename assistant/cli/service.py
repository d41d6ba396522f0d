"""Commands of the running program: run, doctor, backup, restore."""

import signal
import threading
from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.demo_slack import DEMO_PORT, run_slack_demo
from assistant.cli.knowledge import embed_anew
from assistant.cli.options import AsJson, open_assistant
from assistant.cli.output import note, print_json, say
from assistant.core.config import load_settings
from assistant.service.backup import restore_backup, write_backup
from assistant.service.backup_folder import BackupFolder
from assistant.service.doctor import Check, Health, examine

_SIGNS = {Health.GOOD: ("ok  ", "green"), Health.OFF: ("off ", "dim"), Health.BAD: ("BAD ", "red")}


def add_commands(app: typer.Typer) -> None:
    """Add these commands to the program."""
    for command in (run, doctor, backup, restore):
        app.command()(command)


def run(
    ctx: typer.Context,
    or_demo: Annotated[
        bool, typer.Option("--or-demo", help="Until SLACK_BOT_TOKEN is set, show the example company in a browser.")
    ] = False,
) -> None:
    """Run the assistant: Slack, schedules and workers in one process. Ctrl-C stops it cleanly."""
    if or_demo and load_settings().slack_bot_token is None:
        note("SLACK_BOT_TOKEN is not set: this is the demo. earshot setup connects your own Slack.")
        run_slack_demo(DEMO_PORT)
        return
    from assistant.service.service import Service  # brings Slack and DBOS with it, which no other command needs

    service = Service(open_assistant(ctx))
    stopping = threading.Event()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    note("Loading the models and taking up what was left…")
    try:
        service.start()
        note("Earshot runs. Ctrl-C stops it.")
        while not stopping.wait(1):
            pass
        note("Stopping…")
    finally:
        service.stop()
    note("Stopped.")


def doctor(
    ctx: typer.Context,
    with_slack_blocks: Annotated[
        bool, typer.Option("--slack", help="Also ask Slack whether it takes Earshot's cards, forms and summaries.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check settings, database, index, models and Slack, and say how to fix what is wrong."""
    checks = examine(open_assistant(ctx), with_slack_blocks)
    if as_json:
        print_json({"checks": checks})
    else:
        for check in checks:
            _say_check(check)
    if any(check.health is Health.BAD for check in checks):
        raise typer.Exit(1)


def backup(
    ctx: typer.Context,
    file: Annotated[Path | None, typer.Argument(help="The file to write; without it one in BACKUP_FOLDER.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write everything that cannot be rebuilt into one file, also while Earshot runs."""
    assistant = open_assistant(ctx)
    if file is None:
        name = BackupFolder(assistant).make(assistant.clock())
        if as_json:
            print_json({"name": name})
        else:
            say(f"{name} is in BACKUP_FOLDER, and it restores.")
        return
    size = write_backup(assistant, file)
    if as_json:
        print_json({"file": str(file), "bytes": size})
    else:
        say(f"Written to {file} ({size / 1e6:.1f} MB).")


def restore(
    ctx: typer.Context, file: Annotated[Path, typer.Argument(help="A file that backup wrote.")], as_json: AsJson = False
) -> None:
    """Restore a backup; the data from before is kept beside it."""
    assistant = open_assistant(ctx)
    kept = restore_backup(assistant, file)
    chunks = embed_anew(assistant.knowledge, assistant.listening)
    if as_json:
        print_json({"file": str(file), "chunks": chunks, "kept": str(kept) if kept else None})
        return
    say(f"Restored from {file}; {chunks} chunks embedded.")
    if kept:
        say(f"The database before is kept as {kept}.")


def _say_check(check: Check) -> None:
    sign, style = _SIGNS[check.health]
    say(f"{sign}{check.name}: {check.finding}", style=style)
    for detail in check.details:
        say(f"     {detail}", style=style)
    if check.mend:
        say(f"     {check.mend}")

"""Commands that stop sends and prove what was decided: freeze, unfreeze, audit."""

import csv
import getpass
import sys
from enum import StrEnum
from typing import Annotated

import typer

from assistant.cli.exit_codes import FAILED
from assistant.cli.options import AsJson, By, open_assistant
from assistant.cli.output import note, print_json, print_line, print_table, say
from assistant.core.anchor import read_heads
from assistant.core.audit import AuditCheck
from assistant.core.database import Row
from assistant.core.home import Home
from assistant.domain.outside import drop_steering
from assistant.errors import InputError
from assistant.replies.build import Replies

_COLUMNS = ("number", "at", "who", "action", "subject", "details", "previous_hash", "hash")
_SHOWN = 20


class Format(StrEnum):
    """Formats in which the audit is exported."""

    CSV = "csv"
    JSONL = "jsonl"


def add_commands(app: typer.Typer) -> None:
    """Add these commands to the program."""
    for command in (freeze, unfreeze, audit):
        app.command()(command)


def freeze(
    ctx: typer.Context,
    reason: Annotated[str, typer.Argument(help="Why; everybody who tries to send sees it.")] = "",
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """Stop every pending send at once; two people lift it."""
    assistant = open_assistant(ctx)
    _tell(
        assistant.replies,
        assistant.replies.freezing.freeze(by or getpass.getuser(), reason, assistant.clock()),
        as_json,
    )


def unfreeze(ctx: typer.Context, by: By = "", as_json: AsJson = False) -> None:
    """Ask to lift a freeze; when a second person asks as well, it is lifted."""
    assistant = open_assistant(ctx)
    _tell(assistant.replies, assistant.replies.freezing.unfreeze(by or getpass.getuser(), assistant.clock()), as_json)


def audit(
    ctx: typer.Context,
    verify: Annotated[bool, typer.Option("--verify", help="Compute the whole chain again.")] = False,
    known: Annotated[str, typer.Option(help="With --verify: a hash noted earlier that must still be in it.")] = "",
    export: Annotated[Format | None, typer.Option(help="Print every row as csv or jsonl.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show the latest decisions and sends, prove that nothing in them was changed, or export all."""
    assistant = open_assistant(ctx)
    if verify and export:
        raise InputError("Give --verify or --export, not both.", "earshot audit --verify")
    if known and not verify:
        raise InputError("--known belongs to --verify.", "earshot audit --verify --known HASH")
    if verify:
        told = [known.strip().lower()] if known else []
        _verify(assistant.home.audit.verify(*told, *read_heads(assistant.settings.audit_anchor)), as_json)
    elif export:
        _export(assistant.home, export)
    else:
        _list_latest(assistant.home, as_json)


def _tell(replies: Replies, told: str, as_json: bool) -> None:
    if as_json:
        print_json({"frozen": replies.freezing.describe(), "told": told})
    else:
        say(told)


def _verify(found: AuditCheck, as_json: bool) -> None:
    if as_json:
        print_json({"rows": found.rows, "head": found.head, "problem": found.problem, "broken": found.broken})
    elif found.problem:
        say(f"The audit is broken: {found.problem}.", style="bold red")
    else:
        say(f"{found.rows} rows, nothing was changed. The last hash is {found.head or 'none yet'}")
        say("  Note it outside of this machine: earshot audit --verify --known HASH proves later that it is kept.")
        say("  AUDIT_ANCHOR does that every day.")
    if found.problem:
        raise typer.Exit(FAILED)


def _export(home: Home, form: Format) -> None:
    if form is Format.JSONL:
        for row in home.audit.rows():
            print_line(row)
        return
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for row in home.audit.rows():
        writer.writerow([_make_safe(row[name]) for name in _COLUMNS])


def _make_safe(value: object) -> object:
    """A spreadsheet takes a cell that begins like this for a formula; JSONL has every byte as it was hashed."""
    if not isinstance(value, str):
        return value
    told = drop_steering(value)
    return f"'{told}" if told.startswith(("=", "+", "-", "@", "\t", "\r")) else told


def _list_latest(home: Home, as_json: bool) -> None:
    rows: list[Row] = home.audit.latest_rows(_SHOWN)
    if as_json:
        print_json({"rows": rows})
        return
    print_table(
        ("row", "when", "who", "what", "about", "details"),
        [(r["number"], r["at"][:16], r["who"], r["action"], r["subject"], r["details"]) for r in rows],
    )
    if not rows:
        note("Nothing was decided yet.")
